// packed_multiplier: two products that share an operand, from one multiplier.
//
//   low_product = a * low,   high_product = a * high
//
// The operand high * 2^ProductWidth + low is wide enough that a * low reaches the bits of a * high with its sign alone:
// where a * low is negative the upper half is one too small. Two int8 weights make an operand of 25 bits: one DSP48E1
// (25 x 18) or DSP48E2 (27 x 18); two of 9 bits make one of 27. It is written out, since a multiplication is what every
// tool puts into a slice, and two of them are not.
//
// Part of the turn of the loop around it.
//
// Verilog: packed_multiplier.sv, packed_weights.sv.

#ifndef ACCELSIM_PACKED_MULTIPLIER_H
#define ACCELSIM_PACKED_MULTIPLIER_H

#include "lanes.h"

template <int WeightWidth>
void packed_multiplier(code_t a, ap_int<WeightWidth> low, ap_int<WeightWidth> high,
                       ap_int<8 + WeightWidth>& low_product, ap_int<8 + WeightWidth>& high_product) {
#pragma HLS INLINE
  static const int ProductWidth = 8 + WeightWidth;
  const ap_int<ProductWidth + WeightWidth + 1> operand = high * (1 << ProductWidth) + low;
  const ap_int<2 * ProductWidth> product = a * operand;
#pragma HLS BIND_OP variable=product op=mul impl=dsp
  low_product  = product;
  high_product = product >> ProductWidth;
  if (low_product < 0) {
    high_product = high_product + 1;
  }
}

#endif
