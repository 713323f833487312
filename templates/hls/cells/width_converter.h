// width_converter: the same bytes in wider or narrower beats; one of InLanes and OutLanes divides the other.
//
// Wider: collects OutLanes/InLanes beats, the first in the lowest lanes. Narrower: gives the parts of a beat, the
// lowest first. II = 1, a beat of the narrow side a turn. Words is how many of the wide side a frame has.
//
// Verilog: width_converter.sv.

#ifndef ACCELSIM_WIDTH_CONVERTER_H
#define ACCELSIM_WIDTH_CONVERTER_H

#include <type_traits>

#include "lanes.h"

template <int InLanes, int OutLanes, int Words>
typename std::enable_if<(OutLanes > InLanes)>::type width_converter(hls::stream<lanes<code_t, InLanes> >& in,
                                                                    hls::stream<lanes<code_t, OutLanes> >& out) {
  static const int Ratio = OutLanes / InLanes;
  static_assert(OutLanes % InLanes == 0, "width_converter: one of InLanes and OutLanes must divide the other");

  lanes<code_t, OutLanes> word;
  for (int w = 0; w < Words; w++) {
    for (int part = 0; part < Ratio; part++) {
#pragma HLS PIPELINE II=1 style=frp
      const lanes<code_t, InLanes> beat = in.read();
      for (int l = 0; l < OutLanes - InLanes; l++) {
#pragma HLS UNROLL
        word.lane[l] = word.lane[l + InLanes];
      }
      for (int l = 0; l < InLanes; l++) {
#pragma HLS UNROLL
        word.lane[OutLanes - InLanes + l] = beat.lane[l];
      }
      if (part == Ratio - 1) {
        out.write(word);
      }
    }
  }
}

template <int InLanes, int OutLanes, int Words>
typename std::enable_if<(OutLanes <= InLanes)>::type width_converter(hls::stream<lanes<code_t, InLanes> >& in,
                                                                     hls::stream<lanes<code_t, OutLanes> >& out) {
  static const int Ratio = InLanes / OutLanes;
  static_assert(InLanes % OutLanes == 0, "width_converter: one of InLanes and OutLanes must divide the other");

  lanes<code_t, InLanes> word;
  for (int w = 0; w < Words; w++) {
    for (int part = 0; part < Ratio; part++) {
#pragma HLS PIPELINE II=1 style=frp
      if (part == 0) {
        word = in.read();
      }
      lanes<code_t, OutLanes> beat;
      for (int l = 0; l < OutLanes; l++) {
#pragma HLS UNROLL
        beat.lane[l] = word.lane[l];
      }
      out.write(beat);
      for (int l = 0; l < InLanes - OutLanes; l++) {
#pragma HLS UNROLL
        word.lane[l] = word.lane[l + OutLanes];
      }
    }
  }
}

#endif
