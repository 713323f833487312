// stream_fork: every beat to two sinks. II = 1; a frame is Beats turns.
//
// Verilog: stream_fork.sv.

#ifndef ACCELSIM_STREAM_FORK_H
#define ACCELSIM_STREAM_FORK_H

#include "lanes.h"

template <int Lanes, int Beats>
void stream_fork(hls::stream<lanes<code_t, Lanes> >& in, hls::stream<lanes<code_t, Lanes> >& a,
                 hls::stream<lanes<code_t, Lanes> >& b) {
  for (int beat = 0; beat < Beats; beat++) {
#pragma HLS PIPELINE II=1 style=frp
    const lanes<code_t, Lanes> codes = in.read();
    a.write(codes);
    b.write(codes);
  }
}

#endif
