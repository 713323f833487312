// pointwise_stage: 1 x 1 convolution, or a fully connected layer of one pixel, from stream to stream of int8.
//
//   in -> width_converter -> pixel_buffer -> dot_product -> result_queue -> out
//
// In:  StreamLanes channels a beat, NHWC order. Out: ResultLanes channels a beat, alike.
// Lanes input x OutLanes output channels at once. Four processes of the top's dataflow region, each with II = 1.
//
// Verilog: pointwise_stage.sv, pointwise_unit.sv.

#ifndef ACCELSIM_POINTWISE_STAGE_H
#define ACCELSIM_POINTWISE_STAGE_H

#include "dot_product.h"
#include "pixel_buffer.h"
#include "result_queue.h"
#include "width_converter.h"

template <class C, typename weight_t, typename multiplier_t, int Words, int RequantWords>
void pointwise_stage(hls::stream<lanes<code_t, C::StreamLanes> >& in, hls::stream<lanes<code_t, C::ResultLanes> >& out,
                     const weight_t (&weights)[Words][C::OutLanes][C::Lanes],
                     const int32_t (&bias)[RequantWords][C::ResultLanes],
                     const multiplier_t (&multiplier)[RequantWords][C::ResultLanes],
                     const uint8_t (&places)[RequantWords][C::ResultLanes]) {
#pragma HLS INLINE
  static const int Steps  = C::Channels / C::Lanes;
  static const int Sweeps = C::OutChannels / C::OutLanes;
  static const int Wide   = (C::StreamLanes > C::Lanes) ? C::StreamLanes : C::Lanes;
  // Words of PixelSlots pixels.
  static const int Places = C::PixelSlots * Steps;
  static_assert(Places >= 2 * Steps, "pointwise_stage: PixelSlots must be at least 2, else reading blocks writing");
  static_assert(C::OutChannels % C::OutLanes == 0, "pointwise_stage: OutLanes must divide OutChannels");

  hls::stream<lanes<code_t, C::Lanes> > pixels("pixels"), words("words");
  hls::stream<lanes<ap_int<C::SumWidth>, C::OutLanes> > sums("sums");
#pragma HLS STREAM variable=pixels depth=Places
#pragma HLS STREAM variable=words depth=2
#pragma HLS STREAM variable=sums depth=2
  width_converter<C::StreamLanes, C::Lanes, C::Pixels * (C::Channels / Wide)>(in, pixels);
  pixel_buffer<C>(pixels, words);
  dot_product<C, C::Pixels, Sweeps, Steps, C::OutLanes, C::Lanes, true, C::Packed>(words, sums, weights);
  result_queue<C, C::Pixels, Sweeps, C::OutLanes, C::ResultLanes>(sums, out, bias, multiplier, places);
}

#endif
