// depthwise_stage: depthwise Kernel x Kernel convolution from stream to stream of int8.
//
//   in -> window_reader -> dot_product -> result_queue -> out
//
// In:  Lanes channels a beat, NHWC order. Out: ResultLanes channels a beat, alike.
// Lanes channels x Taps taps at once. Three processes of the top's dataflow region, each with II = 1.
//
// Verilog: depthwise_stage.sv, depthwise_unit.sv.

#ifndef ACCELSIM_DEPTHWISE_STAGE_H
#define ACCELSIM_DEPTHWISE_STAGE_H

#include "dot_product.h"
#include "result_queue.h"
#include "window_reader.h"

template <class C, typename weight_t, typename multiplier_t, int Words, int RequantWords>
void depthwise_stage(hls::stream<lanes<code_t, C::Lanes> >& in, hls::stream<lanes<code_t, C::ResultLanes> >& out,
                     const weight_t (&weights)[Words][C::Lanes][C::Taps],
                     const int32_t (&bias)[RequantWords][C::ResultLanes],
                     const multiplier_t (&multiplier)[RequantWords][C::ResultLanes],
                     const uint8_t (&places)[RequantWords][C::ResultLanes]) {
#pragma HLS INLINE
  static const int Pixels = C::OutHeight * C::OutWidth;
  static const int Groups = C::Channels / C::Lanes;
  static const int Steps  = C::Kernel * C::Kernel / C::Taps;

  hls::stream<lanes<code_t, C::Lanes * C::Taps> > taps("taps");
  hls::stream<lanes<ap_int<C::SumWidth>, C::Lanes> > sums("sums");
#pragma HLS STREAM variable=taps depth=2
#pragma HLS STREAM variable=sums depth=2
  window_reader<C, 1>(in, taps);
  dot_product<C, Pixels, Groups, Steps, C::Lanes, C::Taps, false, false>(taps, sums, weights);
  result_queue<C, Pixels, Groups, C::Lanes, C::ResultLanes>(sums, out, bias, multiplier, places);
}

#endif
