// dot_product: Outputs independent dot products over Steps turns, Terms multiplications each a turn.
//
//   sum[o] = sum over steps and terms of a[o][term] * b[o][term]
//
// With Broadcast all outputs share one a vector (convolution, pointwise); otherwise each has its own (depthwise), and
// lane t*Outputs + o of a word of a is term t of output o. Weight word result*Steps + step. SumWidth bits must hold the
// result; sums in between may wrap, which two's complement undoes.
//
// II = 1; a frame is Pixels * Results * Steps turns. One multiplier a term and output.
//
// Verilog: dot_product.sv, and the weight ROM of the unit around it.

#ifndef ACCELSIM_DOT_PRODUCT_H
#define ACCELSIM_DOT_PRODUCT_H

#include "lanes.h"
#include "turns.h"

template <class C, int Pixels, int Results, int Steps, int Outputs, int Terms, bool Broadcast, typename weight_t>
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
        lanes<ap_int<C::SumWidth>, Outputs> sums;
        for (int o = 0; o < Outputs; o++) {
#pragma HLS UNROLL
          if (step == 0) {
            sum[o] = 0;
          }
          for (int t = 0; t < Terms; t++) {
#pragma HLS UNROLL
            const ap_int<C::WeightWidth> weight = weights[result * Steps + step][o][t];
            const ap_int<8 + C::WeightWidth> product = a.lane[Broadcast ? t : t * Outputs + o] * weight;
#pragma HLS BIND_OP variable=product op=mul impl=dsp
            sum[o] += product;
          }
          sums.lane[o] = sum[o];
        }
        if (step == Steps - 1) {
          out.write(sums);
        }
      }
    }
  }
}

#endif
