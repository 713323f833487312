// scale_stage: squeeze-and-excite's last step, every channel of a frame times the gate of that channel and frame.
//
//   y = clamp(z + RoundShift((a - z_a)*(b - z_b)*M, S), low, high)
//
//   b -> width_converter -> scale_unit -> out,   a -> scale_unit
//
// In:  a, frames of Pixels pixels, Lanes channels a beat, NHWC order; b, a pixel of gates a frame, GateLanes channels a
//      beat. Out: like a. What holds a frame until its gates are there is the stream in front of a.
// Two processes of the top's dataflow region, each with II = 1.
//
// Verilog: scale_stage.sv, scale_unit.sv.

#ifndef ACCELSIM_SCALE_STAGE_H
#define ACCELSIM_SCALE_STAGE_H

#include "round_clamp.h"
#include "turns.h"
#include "width_converter.h"

// A frame is Pixels * Channels/Lanes turns; the gates are read with the first pixel and kept.
template <class C>
void scale_unit(hls::stream<lanes<code_t, C::Lanes> >& a, hls::stream<lanes<code_t, C::Lanes> >& b,
                hls::stream<lanes<code_t, C::Lanes> >& out) {
  static const int Groups       = C::Channels / C::Lanes;
  static const int ProductWidth = 18 + C::MultiplierWidth;
  static_assert(C::Channels % C::Lanes == 0, "scale_unit: Lanes must divide Channels");
  const ap_uint<C::MultiplierWidth> multiplier = C::Multiplier;
  const code_t zero_a = C::ZeroPointA, zero_b = C::ZeroPointB;

  lanes<code_t, C::Lanes> gates[Groups];
  for (int pixel = 0; pixel < C::Pixels; pixel++) {
    for (int group = 0; group < Groups; group++) {
#pragma HLS PIPELINE II=1 style=frp
      TURN(C, scale_unit);
      lanes<code_t, C::Lanes> gate;
      if (pixel == 0) {
        gate = b.read();
        gates[group] = gate;
      } else {
        gate = gates[group];
      }
      const lanes<code_t, C::Lanes> codes = a.read();
      lanes<code_t, C::Lanes> results;
      for (int l = 0; l < C::Lanes; l++) {
#pragma HLS UNROLL
        const ap_int<9> centred_a = codes.lane[l] - zero_a, centred_b = gate.lane[l] - zero_b;
        const ap_int<18> pair = centred_a * centred_b;
        const ap_int<ProductWidth> product = pair * multiplier;
        results.lane[l] = round_clamp<C, ProductWidth>(product, C::Places);
      }
      out.write(results);
    }
  }
}

template <class C>
void scale_stage(hls::stream<lanes<code_t, C::Lanes> >& a, hls::stream<lanes<code_t, C::GateLanes> >& b,
                 hls::stream<lanes<code_t, C::Lanes> >& out) {
#pragma HLS INLINE
  static const int Wide = (C::GateLanes > C::Lanes) ? C::GateLanes : C::Lanes;
  // The gates of two frames: those of the next arrive while one is scaled.
  static const int Places = 2 * (C::Channels / C::Lanes);
  static_assert(Places >= 2, "scale_stage: Lanes must divide Channels");

  hls::stream<lanes<code_t, C::Lanes> > gates("gates");
#pragma HLS STREAM variable=gates depth=Places
  width_converter<C::GateLanes, C::Lanes, C::Channels / Wide>(b, gates);
  scale_unit<C>(a, gates, out);
}

#endif
