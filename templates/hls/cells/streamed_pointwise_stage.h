// streamed_pointwise_stage: 1 x 1 convolution, or a fully connected layer, whose weights come from outside as a stream.
//
//   in -> width_converter -> streamed_pointwise_unit -> result_queue -> out,   weights -> streamed_pointwise_unit
//
// In:  StreamLanes channels a beat, NHWC order; weights, a word of OutLanes x Lanes a beat (output lane 0 first, within
//      a lane input lane 0 first), for each block of BlockPixels pixels all of them: tile by tile, a tile being the
//      Channels/Lanes words of OutLanes output channels.
// Out: ResultLanes channels a beat: for each block, for each tile, for each pixel. With one pixel a block that is the
//      order of a stream; else pixel_order makes it so.
// Three processes of the top's dataflow region, each with II = 1.
//
// Verilog: streamed_pointwise_stage.sv.

#ifndef ACCELSIM_STREAMED_POINTWISE_STAGE_H
#define ACCELSIM_STREAMED_POINTWISE_STAGE_H

#include "result_queue.h"
#include "streamed_pointwise_unit.h"
#include "width_converter.h"

template <class C, typename multiplier_t, int RequantWords>
void streamed_pointwise_stage(hls::stream<lanes<code_t, C::StreamLanes> >& in,
                              hls::stream<lanes<code_t, C::OutLanes * C::Lanes> >& weights,
                              hls::stream<lanes<code_t, C::ResultLanes> >& out,
                              const int32_t (&bias)[RequantWords][C::ResultLanes],
                              const multiplier_t (&multiplier)[RequantWords][C::ResultLanes],
                              const uint8_t (&places)[RequantWords][C::ResultLanes]) {
#pragma HLS INLINE
  static const int Steps = C::Channels / C::Lanes;
  static const int Tiles = C::OutChannels / C::OutLanes;
  static const int Wide  = (C::StreamLanes > C::Lanes) ? C::StreamLanes : C::Lanes;
  // One block and one tile are in the unit; the queues in front hold the words of the others that have a slot, that of
  // the tiles by the depth of the stream of weights.
  static const int BlockPlaces = (C::PixelSlots - 1) * C::BlockPixels * Steps + 1;
  static_assert(BlockPlaces > C::BlockPixels * Steps && C::TileSlots >= 2,
                "streamed_pointwise_stage: PixelSlots and TileSlots must be at least 2, else reading blocks writing");
  static_assert(C::OutChannels % C::OutLanes == 0, "streamed_pointwise_stage: OutLanes must divide OutChannels");

  hls::stream<lanes<code_t, C::Lanes> > blocks("blocks");
  hls::stream<lanes<ap_int<C::SumWidth>, C::OutLanes> > sums("sums");
#pragma HLS STREAM variable=blocks depth=BlockPlaces
#pragma HLS STREAM variable=sums depth=2
  width_converter<C::StreamLanes, C::Lanes, C::Pixels * (C::Channels / Wide)>(in, blocks);
  streamed_pointwise_unit<C>(blocks, weights, sums);
  result_queue<C, C::Pixels, Tiles, C::OutLanes, C::ResultLanes, C::BlockPixels>(sums, out, bias, multiplier, places);
}

#endif
