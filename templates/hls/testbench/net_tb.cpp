// Self-checking testbench of net_top, for C simulation and C/RTL co-simulation.
//
// Reads input.hex and golden.hex (one beat a line) beside it and calls the top once a frame; checks every byte of the
// result, TKEEP, TLAST, TUSER, and that neither stream has a beat too many or too few. Last, the first frame again
// with a wrong TLAST: the same bytes, and marked.
//
// Prints lines of key=value and, last, PASS or FAIL with the reason; the exit code is 0 or 1.

#include "beat_file.h"
#include "net_top.h"

static long elements = 0, mismatches = 0, first_mismatch = -1;
static int expected_code = 0, got_code = 0;

static int conclude(const std::string& verdict) {
  std::cout << "layer=out elements=" << elements << " mismatches=" << mismatches << " first=" << first_mismatch
            << " expected=" << expected_code << " got=" << got_code << std::endl;
  return finish(verdict);
}

// Offers a frame; `last` is the beat that TLAST goes with.
static void offer(const beat_file& images, long frame, long last, hls::stream<image_axis>& s_axis) {
  for (long beat = 0; beat < ImageBeats; beat++) {
    image_axis axis;
    for (int l = 0; l < ImageLanes; l++) {
      const ap_int<8> code = images.code(frame * ImageBeats + beat, l);
      axis.data.range(8 * l + 7, 8 * l) = code;
    }
    axis.keep = -1;
    axis.strb = -1;
    axis.last = (beat == last);
    s_axis.write(axis);
  }
}

// Takes a frame and compares it; empty, or what is wrong with the stream.
static std::string take(const beat_file& golden, long frame, bool marked, hls::stream<result_axis>& m_axis) {
  for (long beat = 0; beat < ResultBeats; beat++) {
    if (m_axis.empty()) {
      return "FAIL frame " + std::to_string(frame) + " ends after " + std::to_string(beat) + " beats";
    }
    result_axis axis = m_axis.read();
    const bool end = (beat == ResultBeats - 1);
    if (axis.last != end) {
      return "FAIL TLAST of the result is wrong";
    }
    if (axis.user != (end && marked)) {
      return "FAIL TUSER of the result is wrong";
    }
    if (~axis.keep != 0) {
      return "FAIL TKEEP of the result is wrong";
    }
    for (int l = 0; l < ResultLanes; l++) {
      const ap_int<8> code = axis.data.range(8 * l + 7, 8 * l);
      const int expected = golden.code(frame * ResultBeats + beat, l);
      if (code != expected) {
        if (mismatches == 0) {
          first_mismatch = elements;
          expected_code  = expected;
          got_code       = code.to_int();
        }
        mismatches++;
      }
      elements++;
    }
  }
  return m_axis.empty() ? "" : "FAIL the pipeline gave a beat too many";
}

int main() {
  const beat_file images("input.hex", ImageLanes), golden("golden.hex", ResultLanes);
  const long frames = images.beats() / ImageBeats;
  if (frames == 0 || images.beats() % ImageBeats != 0) {
    return conclude("FAIL input.hex does not hold whole frames");
  }
  if (golden.beats() != frames * ResultBeats) {
    return conclude("FAIL golden.hex has " + std::to_string(golden.beats()) + " beats, not " +
                    std::to_string(frames * ResultBeats));
  }
  hls::stream<image_axis> s_axis("s_axis");
  hls::stream<result_axis> m_axis("m_axis");
  for (long run = 0; run <= frames; run++) {
    const bool wrong = (run == frames);
    const long frame = wrong ? 0 : run;
    // Wrong is none at all, since a frame of one beat has no other place for it.
    const long last = wrong ? ImageBeats : ImageBeats - 1;
    offer(images, frame, last, s_axis);
    net_top(s_axis, m_axis);
    if (!s_axis.empty()) {
      return conclude("FAIL the pipeline left a beat of the image");
    }
    const std::string reason = take(golden, frame, wrong, m_axis);
    if (!reason.empty()) {
      return conclude(reason);
    }
  }
  return conclude(mismatches == 0 ? "PASS" : "FAIL mismatches");
}
