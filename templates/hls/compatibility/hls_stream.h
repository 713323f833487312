// hls_stream.h: the part of the vendor's stream that the cells use, for C simulation where the vendor's tool is absent.
//
// A queue without a limit, as in the vendor's C simulation: processes of a dataflow region run one after another.
// A read from an empty queue ends the simulation, where the vendor's warns and goes on.

#ifndef ACCELSIM_HLS_STREAM_H
#define ACCELSIM_HLS_STREAM_H

#include <cstddef>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <string>

namespace hls {

template <typename T>
class stream {
 public:
  explicit stream(const std::string& name = "stream") : name_(name) {}
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;

  ~stream() {
    if (!beats_.empty()) {
      std::cerr << "hls_stream.h: " << beats_.size() << " beats are left in '" << name_ << "'" << std::endl;
    }
  }

  bool empty() const { return beats_.empty(); }

  std::size_t size() const { return beats_.size(); }

  T read() {
    if (beats_.empty()) {
      std::cerr << "hls_stream.h: '" << name_ << "' is read while it is empty" << std::endl;
      std::abort();
    }
    const T beat = beats_.front();
    beats_.pop_front();
    return beat;
  }

  // False, and the beat is of no use, while there is none.
  bool read_nb(T& beat) {
    if (beats_.empty()) {
      beat = T();
      return false;
    }
    beat = beats_.front();
    beats_.pop_front();
    return true;
  }

  void write(const T& beat) { beats_.push_back(beat); }

 private:
  std::string name_;
  std::deque<T> beats_;
};

}  // namespace hls

#endif
