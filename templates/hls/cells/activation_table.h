// activation_table: 256-entry table on each int8 lane, code -128 first. II = 1; a frame is Beats turns.
//
// Verilog: activation_table.sv.

#ifndef ACCELSIM_ACTIVATION_TABLE_H
#define ACCELSIM_ACTIVATION_TABLE_H

#include "lanes.h"

template <int Lanes, int Beats>
void activation_table(hls::stream<lanes<code_t, Lanes> >& in, hls::stream<lanes<code_t, Lanes> >& out,
                      const int8_t (&table)[256]) {
  for (int b = 0; b < Beats; b++) {
#pragma HLS PIPELINE II=1 style=frp
    const lanes<code_t, Lanes> codes = in.read();
    lanes<code_t, Lanes> results;
    for (int l = 0; l < Lanes; l++) {
#pragma HLS UNROLL
      const ap_uint<8> entry = codes.lane[l] + 128;
      results.lane[l] = table[entry];
    }
    out.write(results);
  }
}

#endif
