// stream_buffer: an item of a stream (a pixel, a block of pixels, a tile of weights) that is read again and again.
//
// The word at a place of the item: the first time from the stream, whose next word it must be, later from the memory.
// While an item is read again, the next ones wait in the queue in front, which has the other places of the Verilog's
// ring. No loop of its own: part of the turn of the loop that reads it.
//
// Verilog: stream_buffer.sv, pixel_buffer.sv.

#ifndef ACCELSIM_STREAM_BUFFER_H
#define ACCELSIM_STREAM_BUFFER_H

#include "lanes.h"

template <int Lanes, int Words>
lanes<code_t, Lanes> stream_buffer(hls::stream<lanes<code_t, Lanes> >& in, lanes<code_t, Lanes> (&item)[Words],
                                   int place, bool first) {
#pragma HLS INLINE
  lanes<code_t, Lanes> word;
  if (first) {
    word = in.read();
    item[place] = word;
  } else {
    word = item[place];
  }
  return word;
}

#endif
