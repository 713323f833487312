// line_buffer: keeps the last Rows rows of a frame stream and reads any K x K window of them.
//
// Rows form a ring of slots: while a window is read, the next rows already arrive. One tap a turn needs one memory; a
// column one for each slot, so that its taps are read at once; the whole window moreover one for every column
// modulo K. Every memory is written and read once a turn, at an address of its own, and the taps are picked from
// what was read: no memory has more than two ports. Taps outside the frame are `pad`, whatever was read.
//
// Verilog: line_buffer.sv.

#ifndef ACCELSIM_LINE_BUFFER_H
#define ACCELSIM_LINE_BUFFER_H

#include "lanes.h"

template <class C>
struct line_buffer {
  static const int Groups      = C::Channels / C::Lanes;
  static const int TapRows     = (C::Taps == 1) ? 1 : C::Kernel;
  static const int TapColumns  = (C::Taps == C::Kernel * C::Kernel) ? C::Kernel : 1;
  // The window's rows, and the next Stride rows that arrive meanwhile.
  static const int Rows        = C::Kernel + C::Stride;
  static const int RowBanks    = (TapRows > 1) ? Rows : 1;
  static const int ColumnBanks = (TapColumns > 1) ? C::Kernel : 1;
  static const int RowWords    = (C::Width + ColumnBanks - 1) / ColumnBanks * Groups;
  static const int Depth       = RowWords * (Rows / RowBanks);

  static_assert(C::Channels % C::Lanes == 0, "line_buffer: Lanes must divide Channels");
  static_assert(C::Taps == 1 || C::Taps == C::Kernel || C::Taps == C::Kernel * C::Kernel,
                "line_buffer: Taps must be 1, Kernel or Kernel*Kernel");

  typedef lanes<code_t, C::Lanes> beat_t;
  typedef beat_t                  memory_t[RowBanks][ColumnBanks][Depth];
  typedef upto<Rows - 1>          slot_t;
  typedef upto<ColumnBanks - 1>   bank_t;
  // Words from the left edge, to both sides as far as a window reaches.
  typedef around<RowWords + (C::Kernel + 1) * Groups> word_t;
};

// The slot `move` rows after a slot; `move` is at most Rows.
template <class C>
typename line_buffer<C>::slot_t slot_after(typename line_buffer<C>::slot_t slot, upto<line_buffer<C>::Rows> move) {
#pragma HLS INLINE
  upto<2 * line_buffer<C>::Rows> sum = slot + move;
  if (sum >= line_buffer<C>::Rows) {
    sum = sum - line_buffer<C>::Rows;
  }
  return sum;
}

// Writes a beat at word `word` of bank `bank` of a row.
template <class C>
void line_buffer_write(typename line_buffer<C>::memory_t& memory, typename line_buffer<C>::slot_t slot,
                       typename line_buffer<C>::bank_t bank, typename line_buffer<C>::word_t word,
                       const typename line_buffer<C>::beat_t& beat) {
#pragma HLS INLINE
  typedef line_buffer<C> B;
  const upto<B::Depth> address = word + ((B::RowBanks > 1) ? 0 : slot.to_int() * B::RowWords);
  for (int r = 0; r < B::RowBanks; r++) {
#pragma HLS UNROLL
    for (int c = 0; c < B::ColumnBanks; c++) {
#pragma HLS UNROLL
      if ((B::RowBanks == 1 || slot == r) && (B::ColumnBanks == 1 || bank == c)) {
        memory[r][c][address] = beat;
      }
    }
  }
}

// Reads TapRows x TapColumns taps, row by row. `slot` is the slot of the top one; `word` and `bank` are those of the
// left one, whose word may lie outside the row: then it, or the word made from it, belongs to no tap inside the frame.
template <class C>
lanes<code_t, C::Lanes * C::Taps> line_buffer_read(
    const typename line_buffer<C>::memory_t& memory, typename line_buffer<C>::slot_t slot,
    typename line_buffer<C>::bank_t bank, typename line_buffer<C>::word_t word,
    const bool (&row_inside)[line_buffer<C>::TapRows], const bool (&column_inside)[line_buffer<C>::TapColumns]) {
#pragma HLS INLINE
  typedef line_buffer<C> B;
  typename B::beat_t read[B::RowBanks][B::ColumnBanks];
#pragma HLS ARRAY_PARTITION variable=read complete dim=0
  lanes<code_t, C::Lanes * C::Taps> taps;

  for (int r = 0; r < B::RowBanks; r++) {
#pragma HLS UNROLL
    for (int c = 0; c < B::ColumnBanks; c++) {
#pragma HLS UNROLL
      // A bank left of the window's first holds its first tap one word further on.
      typename B::word_t at = word;
      if (bank > c) {
        at = word + B::Groups;
      }
      if (at < 0 || at >= B::RowWords) {
        at = 0;
      }
      const upto<B::Depth> address = at + ((B::RowBanks > 1) ? 0 : slot.to_int() * B::RowWords);
      read[r][c] = memory[r][c][address];
    }
  }

  for (int r = 0; r < B::TapRows; r++) {
#pragma HLS UNROLL
    const int row = (B::RowBanks > 1) ? slot_after<C>(slot, r).to_int() : 0;
    for (int c = 0; c < B::TapColumns; c++) {
#pragma HLS UNROLL
      int column = bank.to_int() + c;
      if (column >= B::ColumnBanks) {
        column = column - B::ColumnBanks;
      }
      for (int l = 0; l < C::Lanes; l++) {
#pragma HLS UNROLL
        code_t tap = C::Pad;
        if (row_inside[r] && column_inside[c]) {
          tap = read[row][column].lane[l];
        }
        taps.lane[(r * B::TapColumns + c) * C::Lanes + l] = tap;
      }
    }
  }
  return taps;
}

#endif
