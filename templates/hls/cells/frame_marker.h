// frame_source, frame_sink: between AXI4-Stream and the lanes inside. TLAST is checked on what comes in and set on the
// result; beats are counted, so that a wrong TLAST does not put the pipeline out of step.
//
// A frame whose image, or whose streamed weights, had a wrong TLAST is marked: TUSER of its last result beat is 1. The
// marks travel beside the pipeline, join_marks makes one of all, and it is read with the frame's last beat, which no
// pipeline gives before it has taken the whole image and all weights.
// II = 1; a frame is Beats turns, of weights Packets passes of Beats each, every one of which TLAST ends.
//
// Verilog: frame_marker.sv.

#ifndef ACCELSIM_FRAME_MARKER_H
#define ACCELSIM_FRAME_MARKER_H

#include "ap_axi_sdata.h"
#include "lanes.h"

template <int Lanes, int Beats, int Packets = 1>
void frame_source(hls::stream<ap_axiu<8 * Lanes, 0, 0, 0> >& s_axis, hls::stream<lanes<code_t, Lanes> >& out,
                  hls::stream<ap_uint<1> >& mark) {
  ap_uint<1> wrong = 0;
  for (int packet = 0; packet < Packets; packet++) {
    for (int beat = 0; beat < Beats; beat++) {
#pragma HLS PIPELINE II=1 style=frp
      ap_axiu<8 * Lanes, 0, 0, 0> axis = s_axis.read();
      lanes<code_t, Lanes> codes;
      for (int l = 0; l < Lanes; l++) {
#pragma HLS UNROLL
        codes.lane[l] = axis.data.range(8 * l + 7, 8 * l);
      }
      if (axis.last != (beat == Beats - 1)) {
        wrong = 1;
      }
      out.write(codes);
      if (packet == Packets - 1 && beat == Beats - 1) {
        mark.write(wrong);
      }
    }
  }
}

// Whether either mark of a frame is set.
inline void join_marks(hls::stream<ap_uint<1> >& a, hls::stream<ap_uint<1> >& b, hls::stream<ap_uint<1> >& out) {
#pragma HLS INLINE off
  const ap_uint<1> mark_a = a.read(), mark_b = b.read();
  ap_uint<1> either = mark_a;
  if (mark_b == 1) {
    either = 1;
  }
  out.write(either);
}

template <int Lanes, int Beats>
void frame_sink(hls::stream<lanes<code_t, Lanes> >& in, hls::stream<ap_uint<1> >& mark,
                hls::stream<ap_axiu<8 * Lanes, 1, 0, 0> >& m_axis) {
  for (int beat = 0; beat < Beats; beat++) {
#pragma HLS PIPELINE II=1 style=frp
    const lanes<code_t, Lanes> codes = in.read();
    ap_axiu<8 * Lanes, 1, 0, 0> axis;
    for (int l = 0; l < Lanes; l++) {
#pragma HLS UNROLL
      axis.data.range(8 * l + 7, 8 * l) = codes.lane[l];
    }
    axis.keep = -1;
    axis.strb = -1;
    axis.user = 0;
    axis.last = (beat == Beats - 1);
    if (beat == Beats - 1) {
      axis.user = mark.read();
    }
    m_axis.write(axis);
  }
}

#endif
