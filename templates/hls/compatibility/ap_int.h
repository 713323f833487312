// ap_int.h: the part of the vendor's arbitrary-precision integers that the cells use, for C simulation where the
// vendor's tool is absent. Never synthesized; Vitis HLS brings its own header of this name.
//
// Held to the vendor's definitions (UG1399, "Arbitrary Precision Integer Types"; docs/hls.md says what was compared):
// the width of a result by operator, sign extension by the type of the source, assignment that keeps the lowest bits,
// shifts that keep the type of the left operand, and an implicit conversion to a 64-bit C integer.
// Arithmetic is for up to 64 bits, wider numbers are for packing and unpacking beats alone. What the cells do not
// use is not here, so that a construct without a review does not compile.

#ifndef ACCELSIM_AP_INT_H
#define ACCELSIM_AP_INT_H

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <type_traits>

template <int W, bool S>
struct ap_int_base;
template <int W>
struct ap_int;
template <int W>
struct ap_uint;

namespace ap_detail {

template <int Bytes, bool S>
struct native;
template <> struct native<1, true> { typedef int8_t type; };
template <> struct native<1, false> { typedef uint8_t type; };
template <> struct native<2, true> { typedef int16_t type; };
template <> struct native<2, false> { typedef uint16_t type; };
template <> struct native<4, true> { typedef int32_t type; };
template <> struct native<4, false> { typedef uint32_t type; };
template <> struct native<8, true> { typedef int64_t type; };
template <> struct native<8, false> { typedef uint64_t type; };

// Bits of a C integer; a bool has one.
template <typename I>
struct bits_of {
  static const int value = std::is_same<I, bool>::value ? 1 : 8 * static_cast<int>(sizeof(I));
};

constexpr int larger(int a, int b) { return a > b ? a : b; }

// Both operands as numbers: an unsigned one takes a bit more beside a signed one.
constexpr int common_width(int w1, bool s1, int w2, bool s2) {
  return larger(w1 + (s2 && !s1 ? 1 : 0), w2 + (s1 && !s2 ? 1 : 0));
}

template <int W, bool S>
struct result;
template <int W>
struct result<W, true> { typedef ap_int<W> type; };
template <int W>
struct result<W, false> { typedef ap_uint<W> type; };

}  // namespace ap_detail

// The bits [Low, High] of a number, to read or to write; at most 64.
template <int W, bool S>
struct ap_range_ref {
  ap_int_base<W, S>& number;
  int high, low;

  operator unsigned long long() const { return number.bits(high, low); }

  template <int W2, bool S2>
  ap_range_ref& operator=(const ap_int_base<W2, S2>& value) {
    number.set_bits(high, low, static_cast<uint64_t>(value.number()));
    return *this;
  }
};

// Up to 64 bits: a C integer that always holds the value of W bits.
template <int W, bool S, bool Narrow = (W <= 64)>
struct ap_storage {
  static_assert(W >= 1, "an integer has at least one bit");
  typedef typename ap_detail::native<(W <= 8 ? 1 : W <= 16 ? 2 : W <= 32 ? 4 : 8), S>::type type;
  typedef typename ap_detail::native<8, S>::type wide;

  type value;

  wide number() const { return value; }

  void assign(uint64_t bits) {
    const uint64_t top = bits << (64 - W);
    value = static_cast<type>(S ? static_cast<wide>(static_cast<int64_t>(top) >> (64 - W))
                                : static_cast<wide>(top >> (64 - W)));
  }

  uint64_t word(int) const { return static_cast<uint64_t>(number()); }

  void set_word(int, uint64_t bits) { assign(bits); }
};

// More: words, the lowest first.
template <int W, bool S>
struct ap_storage<W, S, false> {
  static const int Words = (W + 63) / 64;

  uint64_t words[Words];

  void assign(uint64_t bits) {
    const uint64_t fill = S && (bits >> 63) != 0 ? ~uint64_t(0) : 0;
    for (int w = 0; w < Words; w++) {
      words[w] = w == 0 ? bits : fill;
    }
    trim();
  }

  uint64_t word(int w) const { return words[w]; }

  void set_word(int w, uint64_t bits) {
    words[w] = bits;
    trim();
  }

  void trim() {
    if (W % 64 != 0) {
      words[Words - 1] &= (uint64_t(1) << (W % 64)) - 1;
    }
  }
};

template <int W, bool S>
struct ap_int_base : ap_storage<W, S> {
  static const int width = W;

  ap_int_base() = default;

  template <typename I, typename = typename std::enable_if<std::is_integral<I>::value>::type>
  ap_int_base(I value) {
    this->assign(static_cast<uint64_t>(value));
    if (W > 64 && std::is_signed<I>::value && value < I(0)) {
      for (int w = 1; w < (W + 63) / 64; w++) {
        this->set_word(w, ~uint64_t(0));
      }
    }
  }

  template <int W2, bool S2>
  ap_int_base(const ap_int_base<W2, S2>& other) {
    static_assert(W2 <= 64, "wider numbers are only packed and unpacked");
    this->assign(static_cast<uint64_t>(other.number()));
  }

  template <int W2, bool S2>
  ap_int_base(const ap_range_ref<W2, S2>& range) {
    this->assign(static_cast<unsigned long long>(range));
  }

  operator typename std::conditional<S, long long, unsigned long long>::type() const {
    return static_cast<typename std::conditional<S, long long, unsigned long long>::type>(this->word(0));
  }

  int to_int() const { return static_cast<int>(this->word(0)); }

  uint64_t bits(int high, int low) const {
    check(high, low);
    const int offset = low % 64, length = high - low + 1;
    uint64_t value = this->word(low / 64) >> offset;
    if (offset + length > 64) {
      value |= this->word(low / 64 + 1) << (64 - offset);
    }
    return length == 64 ? value : value & ((uint64_t(1) << length) - 1);
  }

  void set_bits(int high, int low, uint64_t value) {
    check(high, low);
    const int offset = low % 64, length = high - low + 1;
    const uint64_t mask = length == 64 ? ~uint64_t(0) : (uint64_t(1) << length) - 1;
    value &= mask;
    this->set_word(low / 64, (this->word(low / 64) & ~(mask << offset)) | (value << offset));
    if (offset + length > 64) {
      this->set_word(low / 64 + 1, (this->word(low / 64 + 1) & ~(mask >> (64 - offset))) | (value >> (64 - offset)));
    }
  }

  ap_range_ref<W, S> range(int high, int low) { return {*this, high, low}; }

  template <int W2, bool S2>
  ap_int_base& operator+=(const ap_int_base<W2, S2>& other) {
    this->assign(this->word(0) + static_cast<uint64_t>(other.number()));
    return *this;
  }

  typename ap_detail::result<W, S>::type operator++(int) {
    const typename ap_detail::result<W, S>::type before = *this;
    this->assign(this->word(0) + 1);
    return before;
  }

  typename ap_detail::result<W, S>::type operator~() const {
    typename ap_detail::result<W, S>::type inverse;
    for (int w = 0; w < (W + 63) / 64; w++) {
      inverse.set_word(w, ~this->word(w));
    }
    return inverse;
  }

 private:
  static void check(int high, int low) {
    if (low < 0 || high < low || high >= W || high - low >= 64) {
      std::cerr << "ap_int.h: bits " << high << " to " << low << " of " << W << std::endl;
      std::abort();
    }
  }
};

template <int W>
struct ap_int : ap_int_base<W, true> {
  ap_int() = default;

  template <typename I, typename = typename std::enable_if<std::is_integral<I>::value>::type>
  ap_int(I value) : ap_int_base<W, true>(value) {}
  template <int W2, bool S2>
  ap_int(const ap_int_base<W2, S2>& other) : ap_int_base<W, true>(other) {}
  template <int W2, bool S2>
  ap_int(const ap_range_ref<W2, S2>& range) : ap_int_base<W, true>(range) {}
};

template <int W>
struct ap_uint : ap_int_base<W, false> {
  ap_uint() = default;

  template <typename I, typename = typename std::enable_if<std::is_integral<I>::value>::type>
  ap_uint(I value) : ap_int_base<W, false>(value) {}
  template <int W2, bool S2>
  ap_uint(const ap_int_base<W2, S2>& other) : ap_int_base<W, false>(other) {}
  template <int W2, bool S2>
  ap_uint(const ap_range_ref<W2, S2>& range) : ap_int_base<W, false>(range) {}
};

// ---- Operators: between numbers, and between a number and a C integer, which counts as one of its width ----

#define AP_WITH_C_INTEGERS(Result, Symbol)                                                                           \
  template <int W, bool S, typename I, typename = typename std::enable_if<std::is_integral<I>::value>::type>         \
  Result(W, S, ap_detail::bits_of<I>::value, std::is_signed<I>::value) operator Symbol(                              \
      const ap_int_base<W, S>& a, I b) {                                                                             \
    return a Symbol ap_int_base<ap_detail::bits_of<I>::value, std::is_signed<I>::value>(b);                          \
  }                                                                                                                  \
  template <int W, bool S, typename I, typename = typename std::enable_if<std::is_integral<I>::value>::type>         \
  Result(ap_detail::bits_of<I>::value, std::is_signed<I>::value, W, S) operator Symbol(                              \
      I a, const ap_int_base<W, S>& b) {                                                                             \
    return ap_int_base<ap_detail::bits_of<I>::value, std::is_signed<I>::value>(a) Symbol b;                          \
  }

#define AP_ARITHMETIC(Symbol, Result)                                                                                \
  template <int W1, bool S1, int W2, bool S2>                                                                        \
  Result(W1, S1, W2, S2) operator Symbol(const ap_int_base<W1, S1>& a, const ap_int_base<W2, S2>& b) {               \
    Result(W1, S1, W2, S2) value;                                                                                    \
    static_assert(decltype(value)::width <= 64, "arithmetic is for up to 64 bits");                                  \
    value.assign(static_cast<uint64_t>(a.number()) Symbol static_cast<uint64_t>(b.number()));                        \
    return value;                                                                                                    \
  }                                                                                                                  \
  AP_WITH_C_INTEGERS(Result, Symbol)

#define AP_PRODUCT(W1, S1, W2, S2) typename ap_detail::result<(W1) + (W2), (S1) || (S2)>::type
#define AP_SUM(W1, S1, W2, S2) \
  typename ap_detail::result<ap_detail::common_width(W1, S1, W2, S2) + 1, (S1) || (S2)>::type
#define AP_DIFFERENCE(W1, S1, W2, S2) \
  typename ap_detail::result<ap_detail::common_width(W1, S1, W2, S2) + 1, true>::type

AP_ARITHMETIC(*, AP_PRODUCT)
AP_ARITHMETIC(+, AP_SUM)
AP_ARITHMETIC(-, AP_DIFFERENCE)

#define AP_TRUTH(W1, S1, W2, S2) bool

#define AP_COMPARISON(Symbol)                                                                                        \
  template <int W1, bool S1, int W2, bool S2>                                                                        \
  bool operator Symbol(const ap_int_base<W1, S1>& a, const ap_int_base<W2, S2>& b) {                                 \
    static_assert(ap_detail::common_width(W1, S1, W2, S2) <= 64, "numbers are compared up to 64 bits");              \
    typedef typename ap_detail::native<8, S1 || S2>::type common;                                                    \
    return static_cast<common>(a.number()) Symbol static_cast<common>(b.number());                                   \
  }                                                                                                                  \
  AP_WITH_C_INTEGERS(AP_TRUTH, Symbol)

AP_COMPARISON(==)
AP_COMPARISON(!=)
AP_COMPARISON(<)
AP_COMPARISON(<=)
AP_COMPARISON(>)
AP_COMPARISON(>=)

// Arithmetic where the left operand is signed. By less than its width: beyond that the vendor's simulation and
// its hardware are not promised to agree, so it ends the simulation here.
template <int W, bool S, int W2>
typename ap_detail::result<W, S>::type operator>>(const ap_int_base<W, S>& a, const ap_int_base<W2, false>& places) {
  if (places.number() >= static_cast<uint64_t>(W)) {
    std::cerr << "ap_int.h: a shift of " << W << " bits by " << places.number() << std::endl;
    std::abort();
  }
  typename ap_detail::result<W, S>::type value;
  value.assign(static_cast<uint64_t>(a.number() >> places.number()));
  return value;
}

template <int W, bool S>
typename ap_detail::result<W, S>::type operator>>(const ap_int_base<W, S>& a, int places) {
  return a >> ap_int_base<31, false>(places);
}

#undef AP_WITH_C_INTEGERS
#undef AP_ARITHMETIC
#undef AP_PRODUCT
#undef AP_SUM
#undef AP_DIFFERENCE
#undef AP_TRUTH
#undef AP_COMPARISON

#endif
