// pixel_buffer: gives every pixel of a frame again and again, once for each group of output channels.
//
// In:  Lanes channels a word, Channels/Lanes words a pixel.
// Out: alike, each pixel OutChannels/OutLanes times in a row.
//
// II = 1; a frame is Pixels * OutChannels/OutLanes * Channels/Lanes turns. While a pixel is given, the next ones
// wait in the queue in front, which has the places of the Verilog's ring.
//
// Verilog: pixel_buffer.sv.

#ifndef ACCELSIM_PIXEL_BUFFER_H
#define ACCELSIM_PIXEL_BUFFER_H

#include "stream_buffer.h"
#include "turns.h"

template <class C>
void pixel_buffer(hls::stream<lanes<code_t, C::Lanes> >& in, hls::stream<lanes<code_t, C::Lanes> >& out) {
  static const int Groups = C::Channels / C::Lanes;
  static const int Sweeps = C::OutChannels / C::OutLanes;
  static_assert(C::Channels % C::Lanes == 0, "pixel_buffer: Lanes must divide Channels");

  lanes<code_t, C::Lanes> pixel[Groups];
  for (int p = 0; p < C::Pixels; p++) {
    for (int sweep = 0; sweep < Sweeps; sweep++) {
      for (int group = 0; group < Groups; group++) {
#pragma HLS PIPELINE II=1 style=frp
        TURN(C, pixel_buffer);
        out.write(stream_buffer(in, pixel, group, sweep == 0));
      }
    }
  }
}

#endif
