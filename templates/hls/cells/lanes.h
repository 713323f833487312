// lanes: N values that move together, channel 0 in lane 0; what a beat of a stream carries.
//
// A plain struct without member functions, as Vitis HLS wants it of the type of a stream (UG1399, "Using HLS Streams");
// it becomes one word of N times the width of T.

#ifndef ACCELSIM_LANES_H
#define ACCELSIM_LANES_H

#include "ap_int.h"
#include "hls_stream.h"

typedef ap_int<8> code_t;

template <typename T, int N>
struct lanes {
  T lane[N];
};

// An array's values as lanes.
template <typename T, int N>
lanes<T, N> lanes_of(const T (&values)[N]) {
#pragma HLS INLINE
  lanes<T, N> together;
  for (int l = 0; l < N; l++) {
#pragma HLS UNROLL
    together.lane[l] = values[l];
  }
  return together;
}

// Bits of an unsigned number from 0 to Max.
template <int Max>
struct width_of {
  static const int value = (Max > 1) ? 1 + width_of<Max / 2>::value : 1;
};

template <>
struct width_of<0> {
  static const int value = 1;
};

// A counter from 0 to Max, and a number from -Max to Max.
template <int Max>
using upto = ap_uint<width_of<Max>::value>;

template <int Max>
using around = ap_int<width_of<Max>::value + 1>;

#endif
