// slice_stage: the pixels and channels of a frame that a slice keeps.
//
// In:  Lanes channels a beat, NHWC order. Out: alike, the beats at rows RowStart, RowStart + RowStep, ... (Rows of
//      them), columns alike, and of a pixel ChannelCount channels from ChannelStart on. A 1 x 1 layer with a stride
//      is a slice and a 1 x 1 layer. II = 1; a frame is Height*Width*Channels/Lanes turns.
//
// Verilog: slice_stage.sv.

#ifndef ACCELSIM_SLICE_STAGE_H
#define ACCELSIM_SLICE_STAGE_H

#include "lanes.h"
#include "turns.h"

// Whether a place is one of `count` from `start` on, `step` apart; all but the place are constants of the call.
inline bool kept(int place, int start, int step, int count) {
#pragma HLS INLINE
  return place >= start && place <= start + (count - 1) * step && (place - start) % step == 0;
}

template <class C>
void slice_stage(hls::stream<lanes<code_t, C::Lanes> >& in, hls::stream<lanes<code_t, C::Lanes> >& out) {
  static_assert(C::Channels % C::Lanes == 0 && C::ChannelStart % C::Lanes == 0 && C::ChannelCount % C::Lanes == 0,
                "slice_stage: Lanes must divide Channels, ChannelStart and ChannelCount");

  for (int y = 0; y < C::Height; y++) {
    for (int x = 0; x < C::Width; x++) {
      for (int channel = 0; channel < C::Channels; channel += C::Lanes) {
#pragma HLS PIPELINE II=1 style=frp
        TURN(C, slice_stage);
        const lanes<code_t, C::Lanes> codes = in.read();
        const bool keep_row     = kept(y, C::RowStart, C::RowStep, C::Rows);
        const bool keep_column  = kept(x, C::ColumnStart, C::ColumnStep, C::Columns);
        const bool keep_channel = kept(channel, C::ChannelStart, 1, C::ChannelCount);
        if (keep_row && keep_column && keep_channel) {
          out.write(codes);
        }
      }
    }
  }
}

#endif
