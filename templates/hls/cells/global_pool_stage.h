// global_pool_stage: mean of each channel over a whole frame of Pixels pixels, from stream to stream of int8.
//
//   in -> global_pool_unit -> result_queue -> out
//
// In and out: Lanes channels a beat, NHWC order. The requantizer's bias takes the zero point of Pixels codes off.
// Two processes of the top's dataflow region, each with II = 1.
//
// Verilog: global_pool_stage.sv, global_pool_unit.sv.

#ifndef ACCELSIM_GLOBAL_POOL_STAGE_H
#define ACCELSIM_GLOBAL_POOL_STAGE_H

#include "result_queue.h"

// A frame is Pixels * Channels/Lanes turns; the sums leave with the last pixel.
template <class C>
void global_pool_unit(hls::stream<lanes<code_t, C::Lanes> >& in,
                      hls::stream<lanes<ap_int<C::SumWidth>, C::Lanes> >& out) {
  static const int Groups = C::Channels / C::Lanes;
  static_assert(C::Channels % C::Lanes == 0, "global_pool_unit: Lanes must divide Channels");

  lanes<ap_int<C::SumWidth>, C::Lanes> memory[Groups], sums;
  // A sum is read again after Groups turns; one group alone stays in `sums`.
#pragma HLS DEPENDENCE variable=memory type=inter direction=RAW distance=2 true
  for (int pixel = 0; pixel < C::Pixels; pixel++) {
    for (int group = 0; group < Groups; group++) {
#pragma HLS PIPELINE II=1 style=frp
      TURN(C, global_pool_unit);
      const lanes<code_t, C::Lanes> codes = in.read();
      if (Groups > 1 && pixel > 0) {
        sums = memory[group];
      }
      for (int l = 0; l < C::Lanes; l++) {
#pragma HLS UNROLL
        if (pixel == 0) {
          sums.lane[l] = 0;
        }
        sums.lane[l] += codes.lane[l];
      }
      memory[group] = sums;
      if (pixel == C::Pixels - 1) {
        out.write(sums);
      }
    }
  }
}

template <class C, typename multiplier_t, int RequantWords>
void global_pool_stage(hls::stream<lanes<code_t, C::Lanes> >& in, hls::stream<lanes<code_t, C::Lanes> >& out,
                       const int32_t (&bias)[RequantWords][C::Lanes],
                       const multiplier_t (&multiplier)[RequantWords][C::Lanes],
                       const uint8_t (&places)[RequantWords][C::Lanes]) {
#pragma HLS INLINE
  hls::stream<lanes<ap_int<C::SumWidth>, C::Lanes> > sums("sums");
#pragma HLS STREAM variable=sums depth=2
  global_pool_unit<C>(in, sums);
  result_queue<C, 1, C::Channels / C::Lanes, C::Lanes, C::Lanes>(sums, out, bias, multiplier, places);
}

#endif
