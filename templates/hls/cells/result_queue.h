// result_queue: from an engine's sums to a stream of int8: serializer and requantizer.
//
//   y = clamp(z + RoundShift((acc + bias)*M, S), low, high), with constants that belong to the channel
//
// In:  Lanes sums at once, Results of them a pixel; with Repeats those of as many pixels one after another for each
//      result, as streamed weights give them.
// Out: ResultLanes channels a beat, the lowest of a sum first, into the queue behind.
//
// Word w of the constants serves channels w*ResultLanes and up. Bias sums wrap at 32 bits: the quantizer proves
// that the result does not. II = 1, a frame is Pixels * Results * Lanes/ResultLanes turns: as few requantizers as
// keep up with the engine, since one takes two DSP slices.
//
// Verilog: serializer.sv, requantizer.sv and result_queue.sv.

#ifndef ACCELSIM_RESULT_QUEUE_H
#define ACCELSIM_RESULT_QUEUE_H

#include "round_clamp.h"
#include "turns.h"

// acc to int8 with the constants of its channel.
template <class C>
code_t requantize(ap_int<C::SumWidth> sum, ap_int<32> bias, ap_uint<C::MultiplierWidth> multiplier,
                  ap_uint<6> places) {
#pragma HLS INLINE
  const ap_int<32> biased = sum + bias;
  const ap_int<32 + C::MultiplierWidth> product = biased * multiplier;
#pragma HLS BIND_OP variable=product op=mul impl=dsp
  return round_clamp<C, 32 + C::MultiplierWidth>(product, places);
}

template <class C, int Pixels, int Results, int Lanes, int ResultLanes, int Repeats = 1, typename multiplier_t>
void result_queue(hls::stream<lanes<ap_int<C::SumWidth>, Lanes> >& in, hls::stream<lanes<code_t, ResultLanes> >& out,
                  const int32_t (&bias)[Results * Lanes / ResultLanes][ResultLanes],
                  const multiplier_t (&multiplier)[Results * Lanes / ResultLanes][ResultLanes],
                  const uint8_t (&places)[Results * Lanes / ResultLanes][ResultLanes]) {
#pragma HLS ARRAY_RESHAPE variable=bias complete dim=2
#pragma HLS ARRAY_RESHAPE variable=multiplier complete dim=2
#pragma HLS ARRAY_RESHAPE variable=places complete dim=2
  static const int Beats = Lanes / ResultLanes;
  static_assert(Lanes % ResultLanes == 0, "result_queue: ResultLanes must divide Lanes");

  lanes<ap_int<C::SumWidth>, Lanes> sums;
  for (int block = 0; block < Pixels / Repeats; block++) {
    for (int result = 0; result < Results; result++) {
      for (int repeat = 0; repeat < Repeats; repeat++) {
        for (int beat = 0; beat < Beats; beat++) {
#pragma HLS PIPELINE II=1 style=frp
          TURN(C, result_queue);
          if (beat == 0) {
            sums = in.read();
          }
          lanes<code_t, ResultLanes> codes;
          for (int l = 0; l < ResultLanes; l++) {
#pragma HLS UNROLL
            const int w = result * Beats + beat;
            codes.lane[l] = requantize<C>(sums.lane[l], bias[w][l], multiplier[w][l], places[w][l]);
          }
          out.write(codes);
          // The next beat's sums come down to the lowest lanes.
          for (int l = 0; l < Lanes - ResultLanes; l++) {
#pragma HLS UNROLL
            sums.lane[l] = sums.lane[l + ResultLanes];
          }
        }
      }
    }
  }
}

#endif
