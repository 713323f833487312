// streamed_pointwise_unit: 1 x 1 convolution of a block of pixels with weights that pass by; raw sums, no bias.
//
// In:  Lanes channels a word; weights, OutLanes x Lanes a word.
// Out: OutLanes sums: for each block of BlockPixels pixels, for each tile (the weights of OutLanes output channels),
//      for each pixel, after Channels/Lanes turns with one word of the block and one of the tile each.
//
// The block's words come from the stream with its first tile and stay for the others; the tile's come with its first
// pixel and stay for the others. II = 1; a frame is Pixels * OutChannels/OutLanes * Channels/Lanes turns.
//
// Verilog: streamed_pointwise_unit.sv, and its two stream_buffers.

#ifndef ACCELSIM_STREAMED_POINTWISE_UNIT_H
#define ACCELSIM_STREAMED_POINTWISE_UNIT_H

#include "dot_product.h"
#include "stream_buffer.h"

template <class C>
void streamed_pointwise_unit(hls::stream<lanes<code_t, C::Lanes> >& in,
                             hls::stream<lanes<code_t, C::OutLanes * C::Lanes> >& weights,
                             hls::stream<lanes<ap_int<C::SumWidth>, C::OutLanes> >& out) {
  static const int Steps = C::Channels / C::Lanes;
  static const int Tiles = C::OutChannels / C::OutLanes;
  static_assert(C::Channels % C::Lanes == 0, "streamed_pointwise_unit: Lanes must divide Channels");
  static_assert(C::Pixels % C::BlockPixels == 0, "streamed_pointwise_unit: BlockPixels must divide Pixels");

  lanes<code_t, C::Lanes> block_words[C::BlockPixels * Steps];
  lanes<code_t, C::OutLanes * C::Lanes> tile_words[Steps];
  ap_int<C::SumWidth> sum[C::OutLanes];
#pragma HLS ARRAY_PARTITION variable=sum complete

  for (int block = 0; block < C::Pixels / C::BlockPixels; block++) {
    for (int tile = 0; tile < Tiles; tile++) {
      for (int pixel = 0; pixel < C::BlockPixels; pixel++) {
        for (int step = 0; step < Steps; step++) {
#pragma HLS PIPELINE II=1 style=frp
          TURN(C, streamed_pointwise_unit);
          const lanes<code_t, C::Lanes> a = stream_buffer(in, block_words, pixel * Steps + step, tile == 0);
          const lanes<code_t, C::OutLanes * C::Lanes> b = stream_buffer(weights, tile_words, step, pixel == 0);
          add_products<true, false, C::Lanes>(a, b, step == 0, sum);
          if (step == Steps - 1) {
            out.write(lanes_of(sum));
          }
        }
      }
    }
  }
}

#endif
