// concat_stage: the channels of two streams of int8 one after another, each brought to the result's scale.
//
//   y = clamp(z + RoundShift((x - z_x)*M_x, S_x), low, high)
//
// In:  a and b, Lanes channels a beat, NHWC order. Out: alike, of each pixel the AChannels channels of a and then the
//      BChannels channels of b. More operands are a chain.
// II = 1; a frame is Pixels * (AChannels + BChannels)/Lanes turns.
//
// Verilog: concat_stage.sv.

#ifndef ACCELSIM_CONCAT_STAGE_H
#define ACCELSIM_CONCAT_STAGE_H

#include "round_clamp.h"
#include "turns.h"

template <class C>
void concat_stage(hls::stream<lanes<code_t, C::Lanes> >& a, hls::stream<lanes<code_t, C::Lanes> >& b,
                  hls::stream<lanes<code_t, C::Lanes> >& out) {
  static const int ProductWidth = 9 + C::MultiplierWidth;
  static_assert(C::AChannels % C::Lanes == 0 && C::BChannels % C::Lanes == 0,
                "concat_stage: Lanes must divide AChannels and BChannels");

  for (int pixel = 0; pixel < C::Pixels; pixel++) {
    for (int channel = 0; channel < C::AChannels + C::BChannels; channel += C::Lanes) {
#pragma HLS PIPELINE II=1 style=frp
      TURN(C, concat_stage);
      lanes<code_t, C::Lanes> codes;
      code_t zero = C::ZeroPointA;
      ap_uint<C::MultiplierWidth> multiplier = C::MultiplierA;
      ap_uint<6> places = C::PlacesA;
      if (channel < C::AChannels) {
        codes = a.read();
      } else {
        codes      = b.read();
        zero       = C::ZeroPointB;
        multiplier = C::MultiplierB;
        places     = C::PlacesB;
      }
      lanes<code_t, C::Lanes> results;
      for (int l = 0; l < C::Lanes; l++) {
#pragma HLS UNROLL
        const ap_int<9> centred = codes.lane[l] - zero;
        const ap_int<ProductWidth> product = centred * multiplier;
        results.lane[l] = round_clamp<C, ProductWidth>(product, places);
      }
      out.write(results);
    }
  }
}

#endif
