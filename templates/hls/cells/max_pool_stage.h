// max_pool_stage: largest code of each channel over a Kernel x Kernel window, from stream to stream of int8.
//
//   in -> window_reader -> max_pool_unit -> out
//
// In and out: Lanes channels a beat, NHWC order. One tap a turn; taps outside the frame are -128, which is neutral.
// Two processes of the top's dataflow region, each with II = 1.
//
// Verilog: max_pool_stage.sv, pool_unit.sv with Max.

#ifndef ACCELSIM_MAX_POOL_STAGE_H
#define ACCELSIM_MAX_POOL_STAGE_H

#include "window_reader.h"

// A frame is Results * Kernel*Kernel turns.
template <class C, int Results>
void max_pool_unit(hls::stream<lanes<code_t, C::Lanes> >& in, hls::stream<lanes<code_t, C::Lanes> >& out) {
  lanes<code_t, C::Lanes> largest;
  for (int result = 0; result < Results; result++) {
    for (int tap = 0; tap < C::Kernel * C::Kernel; tap++) {
#pragma HLS PIPELINE II=1 style=frp
      TURN(C, max_pool_unit);
      const lanes<code_t, C::Lanes> codes = in.read();
      for (int l = 0; l < C::Lanes; l++) {
#pragma HLS UNROLL
        if (tap == 0 || codes.lane[l] > largest.lane[l]) {
          largest.lane[l] = codes.lane[l];
        }
      }
      if (tap == C::Kernel * C::Kernel - 1) {
        out.write(largest);
      }
    }
  }
}

template <class C>
void max_pool_stage(hls::stream<lanes<code_t, C::Lanes> >& in, hls::stream<lanes<code_t, C::Lanes> >& out) {
#pragma HLS INLINE
  hls::stream<lanes<code_t, C::Lanes> > taps("taps");
#pragma HLS STREAM variable=taps depth=2
  window_reader<C, 1>(in, taps);
  max_pool_unit<C, C::OutHeight * C::OutWidth * (C::Channels / C::Lanes)>(taps, out);
}

#endif
