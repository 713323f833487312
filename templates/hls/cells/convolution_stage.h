// convolution_stage: Kernel x Kernel convolution from stream to stream of int8.
//
//   in -> window_reader -> dot_product -> result_queue -> out
//
// In:  Lanes channels a beat, NHWC order. Out: ResultLanes channels a beat, alike.
// Lanes input channels x Taps taps x OutLanes output channels at once; for each pixel, a sweep of the window for each
// group of outputs. Three processes of the top's dataflow region, each with II = 1.
//
// Verilog: convolution_stage.sv, convolution_unit.sv.

#ifndef ACCELSIM_CONVOLUTION_STAGE_H
#define ACCELSIM_CONVOLUTION_STAGE_H

#include "dot_product.h"
#include "result_queue.h"
#include "window_reader.h"

template <class C, typename weight_t, typename multiplier_t, int Words, int RequantWords>
void convolution_stage(hls::stream<lanes<code_t, C::Lanes> >& in, hls::stream<lanes<code_t, C::ResultLanes> >& out,
                       const weight_t (&weights)[Words][C::OutLanes][C::Lanes * C::Taps],
                       const int32_t (&bias)[RequantWords][C::ResultLanes],
                       const multiplier_t (&multiplier)[RequantWords][C::ResultLanes],
                       const uint8_t (&places)[RequantWords][C::ResultLanes]) {
#pragma HLS INLINE
  static const int Pixels = C::OutHeight * C::OutWidth;
  static const int Sweeps = C::OutChannels / C::OutLanes;
  static const int Steps  = C::Channels / C::Lanes * C::Kernel * C::Kernel / C::Taps;
  static_assert(C::OutChannels % C::OutLanes == 0, "convolution_stage: OutLanes must divide OutChannels");

  hls::stream<lanes<code_t, C::Lanes * C::Taps> > taps("taps");
  hls::stream<lanes<ap_int<C::SumWidth>, C::OutLanes> > sums("sums");
#pragma HLS STREAM variable=taps depth=2
#pragma HLS STREAM variable=sums depth=2
  window_reader<C, Sweeps>(in, taps);
  dot_product<C, Pixels, Sweeps, Steps, C::OutLanes, C::Lanes * C::Taps, true, C::Packed>(taps, sums, weights);
  result_queue<C, Pixels, Sweeps, C::OutLanes, C::ResultLanes>(sums, out, bias, multiplier, places);
}

#endif
