// dot_product: Outputs independent dot products over Steps turns, Terms multiplications each a turn.
//
//   sum[o] = sum over steps and terms of a[o][term] * b[o][term]
//
// With Broadcast all outputs share one a vector (convolution, pointwise); otherwise each has its own (depthwise), and
// lane t*Outputs + o of a word of a is term t of output o. Weight word result*Steps + step. SumWidth bits must hold the
// result; sums in between may wrap, which two's complement undoes.
//
// With Packed (Broadcast only) a multiplier serves outputs 2p and 2p + 1 (packed_multiplier).
//
// II = 1; a frame is Pixels * Results * Steps turns. One multiplier a term and output, or half as many.
//
// Verilog: dot_product.sv, and the weight ROM of the unit around it.

#ifndef ACCELSIM_DOT_PRODUCT_H
#define ACCELSIM_DOT_PRODUCT_H

#include "packed_multiplier.h"
#include "turns.h"

// A turn: its products, added to the sums of their outputs, which start with the first turn. Lane o*Terms + t of b is
// the weight of term t of output o.
template <bool Broadcast, bool Packed, int Terms, int Outputs, int Operands, int WeightWidth, int SumWidth>
void add_products(const lanes<code_t, Operands>& a, const lanes<ap_int<WeightWidth>, Outputs * Terms>& b, bool first,
                  ap_int<SumWidth> (&sum)[Outputs]) {
#pragma HLS INLINE
  static_assert(!Packed || (Broadcast && Outputs % 2 == 0), "dot_product: only an even number of outputs is packed");

  for (int o = 0; o < Outputs; o += Packed ? 2 : 1) {
#pragma HLS UNROLL
    if (first) {
      sum[o] = 0;
      if (Packed) {
        sum[o + 1] = 0;
      }
    }
    for (int t = 0; t < Terms; t++) {
#pragma HLS UNROLL
      if (Packed) {
        ap_int<8 + WeightWidth> low, high;
        packed_multiplier(a.lane[t], b.lane[o * Terms + t], b.lane[(o + 1) * Terms + t], low, high);
        sum[o] += low;
        sum[o + 1] += high;
      } else {
        const ap_int<8 + WeightWidth> product = a.lane[Broadcast ? t : t * Outputs + o] * b.lane[o * Terms + t];
#pragma HLS BIND_OP variable=product op=mul impl=dsp
        sum[o] += product;
      }
    }
  }
}

template <class C, int Pixels, int Results, int Steps, int Outputs, int Terms, bool Broadcast, bool Packed,
          typename weight_t>
void dot_product(hls::stream<lanes<code_t, Broadcast ? Terms : Outputs * Terms> >& in,
                 hls::stream<lanes<ap_int<C::SumWidth>, Outputs> >& out,
                 const weight_t (&weights)[Results * Steps][Outputs][Terms]) {
#pragma HLS ARRAY_PARTITION variable=weights complete dim=2
#pragma HLS ARRAY_RESHAPE variable=weights complete dim=3
  ap_int<C::SumWidth> sum[Outputs];
#pragma HLS ARRAY_PARTITION variable=sum complete

  for (int pixel = 0; pixel < Pixels; pixel++) {
    for (int result = 0; result < Results; result++) {
      for (int step = 0; step < Steps; step++) {
#pragma HLS PIPELINE II=1 style=frp
        TURN(C, dot_product);
        const lanes<code_t, Broadcast ? Terms : Outputs * Terms> a = in.read();
        lanes<ap_int<C::WeightWidth>, Outputs * Terms> b;
        for (int o = 0; o < Outputs; o++) {
#pragma HLS UNROLL
          for (int t = 0; t < Terms; t++) {
#pragma HLS UNROLL
            b.lane[o * Terms + t] = weights[result * Steps + step][o][t];
          }
        }
        add_products<Broadcast, Packed, Terms>(a, b, step == 0, sum);
        if (step == Steps - 1) {
          out.write(lanes_of(sum));
        }
      }
    }
  }
}

#endif
