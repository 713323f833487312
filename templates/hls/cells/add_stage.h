// add_stage: residual add of two streams of int8 of different scales.
//
//   y = clamp(z + RoundShift((a - z_a)*M_a + (b - z_b)*M_b, S), low, high)
//
// a, b and out: Lanes channels a beat, NHWC order. II = 1; a frame is Beats turns.
//
// Verilog: add_stage.sv, residual_add.sv.

#ifndef ACCELSIM_ADD_STAGE_H
#define ACCELSIM_ADD_STAGE_H

#include "round_clamp.h"
#include "turns.h"

template <class C>
void add_stage(hls::stream<lanes<code_t, C::Lanes> >& a, hls::stream<lanes<code_t, C::Lanes> >& b,
               hls::stream<lanes<code_t, C::Lanes> >& out) {
  static const int ProductWidth = 9 + C::MultiplierWidth;
  const ap_uint<C::MultiplierWidth> multiplier_a = C::MultiplierA, multiplier_b = C::MultiplierB;
  const code_t zero_a = C::ZeroPointA, zero_b = C::ZeroPointB;

  for (int beat = 0; beat < C::Beats; beat++) {
#pragma HLS PIPELINE II=1 style=frp
    TURN(C, add_stage);
    const lanes<code_t, C::Lanes> codes_a = a.read(), codes_b = b.read();
    lanes<code_t, C::Lanes> codes;
    for (int l = 0; l < C::Lanes; l++) {
#pragma HLS UNROLL
      const ap_int<9> centred_a = codes_a.lane[l] - zero_a, centred_b = codes_b.lane[l] - zero_b;
      const ap_int<ProductWidth> product_a = centred_a * multiplier_a, product_b = centred_b * multiplier_b;
      const ap_int<ProductWidth + 1> total = product_a + product_b;
      codes.lane[l] = round_clamp<C, ProductWidth + 1>(total, C::Places);
    }
    out.write(codes);
  }
}

#endif
