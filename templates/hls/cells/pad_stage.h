// pad_stage: a frame with rows, columns and channels of the code Pad around it.
//
// In:  Lanes channels a beat, NHWC order. Out: alike, frames of OutHeight x OutWidth pixels of OutChannels
//      channels, in which the input stands from row PadTop, column PadLeft and channel PadChannels on.
// II = 1; a frame is OutHeight*OutWidth*OutChannels/Lanes turns.
//
// Verilog: pad_stage.sv.

#ifndef ACCELSIM_PAD_STAGE_H
#define ACCELSIM_PAD_STAGE_H

#include "lanes.h"
#include "turns.h"

template <class C>
void pad_stage(hls::stream<lanes<code_t, C::Lanes> >& in, hls::stream<lanes<code_t, C::Lanes> >& out) {
  static_assert(C::Channels % C::Lanes == 0 && C::PadChannels % C::Lanes == 0 && C::OutChannels % C::Lanes == 0,
                "pad_stage: Lanes must divide Channels, PadChannels and OutChannels");

  for (int y = 0; y < C::OutHeight; y++) {
    for (int x = 0; x < C::OutWidth; x++) {
      for (int channel = 0; channel < C::OutChannels; channel += C::Lanes) {
#pragma HLS PIPELINE II=1 style=frp
        TURN(C, pad_stage);
        lanes<code_t, C::Lanes> codes;
        for (int l = 0; l < C::Lanes; l++) {
#pragma HLS UNROLL
          codes.lane[l] = C::Pad;
        }
        if (y >= C::PadTop && y < C::PadTop + C::Height && x >= C::PadLeft && x < C::PadLeft + C::Width &&
            channel >= C::PadChannels && channel < C::PadChannels + C::Channels) {
          codes = in.read();
        }
        out.write(codes);
      }
    }
  }
}

#endif
