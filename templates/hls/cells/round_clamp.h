// round_clamp: a product to int8.
//
//   y = clamp(z + ((v >> (S-1)) + 1) >> 1, low, high)            `places` is S - 1, or Width - 1 where that is less
//
// which is clamp(z + RoundShift(v, S)) without a wide adder in front of the shifter: (v + 2^(S-1)) >> S. Behind it,
// 1023 and -1024 stand for anything beyond them: rounded and moved by z they are outside int8 all the same, so
// rounding, zero point and clamp take 12 bits.
//
// Verilog: round_clamp.sv.

#ifndef ACCELSIM_ROUND_CLAMP_H
#define ACCELSIM_ROUND_CLAMP_H

#include "lanes.h"

template <class C, int Width>
code_t round_clamp(ap_int<Width> value, ap_uint<6> places) {
#pragma HLS INLINE
  const ap_int<Width> shifted = value >> places;
  ap_int<12> limited = shifted;
  if (shifted > 1023) {
    limited = 1023;
  } else if (shifted < -1024) {
    limited = -1024;
  }
  const ap_int<12> rounded = (limited + 1) >> 1;
  const ap_int<12> placed  = rounded + C::ZeroPoint;
  code_t result = placed;
  if (placed < C::Low) {
    result = C::Low;
  } else if (placed > C::High) {
    result = C::High;
  }
  return result;
}

#endif
