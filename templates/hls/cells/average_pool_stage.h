// average_pool_stage: mean of each channel over a Kernel x Kernel window, from stream to stream of int8.
//
//   in -> window_reader -> sum_pool_unit -> result_queue -> out
//
// In: Lanes channels a beat, NHWC order. Out: ResultLanes channels a beat, alike. One tap a turn; taps outside the
// frame are the zero point, and the requantizer's bias takes the zero point of Kernel*Kernel codes off.
// Three processes of the top's dataflow region, each with II = 1.
//
// Verilog: average_pool_stage.sv, pool_unit.sv.

#ifndef ACCELSIM_AVERAGE_POOL_STAGE_H
#define ACCELSIM_AVERAGE_POOL_STAGE_H

#include "result_queue.h"
#include "window_reader.h"

// A frame is Results * Kernel*Kernel turns.
template <class C, int Results>
void sum_pool_unit(hls::stream<lanes<code_t, C::Lanes> >& in,
                   hls::stream<lanes<ap_int<C::SumWidth>, C::Lanes> >& out) {
  lanes<ap_int<C::SumWidth>, C::Lanes> sums;
  for (int result = 0; result < Results; result++) {
    for (int tap = 0; tap < C::Kernel * C::Kernel; tap++) {
#pragma HLS PIPELINE II=1 style=frp
      TURN(C, sum_pool_unit);
      const lanes<code_t, C::Lanes> codes = in.read();
      for (int l = 0; l < C::Lanes; l++) {
#pragma HLS UNROLL
        if (tap == 0) {
          sums.lane[l] = 0;
        }
        sums.lane[l] += codes.lane[l];
      }
      if (tap == C::Kernel * C::Kernel - 1) {
        out.write(sums);
      }
    }
  }
}

template <class C, typename multiplier_t, int RequantWords>
void average_pool_stage(hls::stream<lanes<code_t, C::Lanes> >& in, hls::stream<lanes<code_t, C::ResultLanes> >& out,
                        const int32_t (&bias)[RequantWords][C::ResultLanes],
                        const multiplier_t (&multiplier)[RequantWords][C::ResultLanes],
                        const uint8_t (&places)[RequantWords][C::ResultLanes]) {
#pragma HLS INLINE
  static const int Pixels = C::OutHeight * C::OutWidth;
  static const int Groups = C::Channels / C::Lanes;

  hls::stream<lanes<code_t, C::Lanes> > taps("taps");
  hls::stream<lanes<ap_int<C::SumWidth>, C::Lanes> > sums("sums");
#pragma HLS STREAM variable=taps depth=2
#pragma HLS STREAM variable=sums depth=2
  window_reader<C, 1>(in, taps);
  sum_pool_unit<C, Pixels * Groups>(taps, sums);
  result_queue<C, Pixels, Groups, C::Lanes, C::ResultLanes>(sums, out, bias, multiplier, places);
}

#endif
