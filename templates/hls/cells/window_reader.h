// window_reader: schedule and line buffer of everything that slides a Kernel x Kernel window over a frame: convolution,
// depthwise convolution, pooling. One call a frame.
//
// In:  Lanes channels a beat, NHWC order, frames back to back.
// Out: Lanes channels x Taps taps a word. For each output pixel, Sweeps times: for each group of Lanes channels,
//      Kernel*Kernel/Taps words. Taps is 1, Kernel (a column of the window, from the top) or Kernel*Kernel (row-major).
//
// II = 1. A turn reads the window, takes a beat, or does both. An output row starts when its last input row is
// complete; rows that the window has passed are released with the row's last read. No padding is streamed, so
// frames back to back take max(Height*Width*Channels/Lanes, reads) turns each, and what uneven rows add: the cycle
// model's interval.
//
// The read does not block: a window must not wait for a beat that it does not need, and the first rows of the next
// frame arrive, if they do, while the last ones of this frame are read. What is computed does not depend on when
// beats come.
//
// Verilog: window_reader.sv.

#ifndef ACCELSIM_WINDOW_READER_H
#define ACCELSIM_WINDOW_READER_H

#include "line_buffer.h"
#include "turns.h"

template <class C, int Sweeps>
void window_reader(hls::stream<lanes<code_t, C::Lanes> >& in,
                   hls::stream<lanes<code_t, C::Lanes * C::Taps> >& out) {
  typedef line_buffer<C> B;
  static const int RowSteps    = C::Kernel / B::TapRows;
  static const int ColumnSteps = C::Kernel / B::TapColumns;

  // The slot of row -PadTop of the first frame, and how far the window's slot moves from a frame's last output row
  // to the next frame's first: both modulo Rows.
  static const int FirstSlot = (B::Rows - C::PadTop) % B::Rows;
  static const int FrameMove = ((C::Height - (C::OutHeight - 1) * C::Stride) % B::Rows + B::Rows) % B::Rows;
  // Left window column, as bank and word, for x = -PadLeft.
  static const int FirstBank = (B::ColumnBanks > 1 && C::PadLeft > 0) ? C::Kernel - C::PadLeft : 0;
  static const int FirstWord = (B::ColumnBanks > 1) ? ((C::PadLeft > 0) ? -B::Groups : 0) : -C::PadLeft * B::Groups;

  static_assert(C::Stride >= 1 && C::Stride <= C::Kernel, "window_reader: Stride must be 1 to Kernel");
  static_assert(C::PadTop >= 0 && C::PadTop < C::Kernel && C::PadLeft >= 0 && C::PadLeft < C::Kernel,
                "window_reader: PadTop and PadLeft must be less than Kernel");
  static_assert(C::Height + C::PadTop - (C::OutHeight - 1) * C::Stride <= B::Rows,
                "window_reader: the rows from the last window on do not fit the buffer");

  typedef around<C::Height + 2 * C::Kernel> y_t;
  typedef around<C::Width + 2 * C::Kernel>  x_t;

  // ---- What outlives the frame: the rows, where the next beat goes, and the slot of the window's top row ----

  static typename B::memory_t memory;
#pragma HLS ARRAY_PARTITION variable=memory complete dim=1
#pragma HLS ARRAY_PARTITION variable=memory complete dim=2
  static upto<B::Rows>        held       = 0;   // complete rows
  static typename B::slot_t   load_slot  = 0;
  static upto<C::Width>       load_x     = 0;
  static upto<B::Groups>      load_group = 0;
  static typename B::bank_t   load_bank  = 0;
  static typename B::word_t   load_word  = 0;
  static typename B::slot_t   slot       = FirstSlot;

  // ---- Position of the next read ----

  upto<C::Kernel>      tap_row = 0, tap_column = 0;
  upto<B::Groups>      group = 0;
  upto<Sweeps>         sweep = 0;
  upto<C::OutWidth>    ox = 0;
  upto<C::OutHeight>   oy = 0;
  y_t                  y = -C::PadTop;    // row of the window's top
  x_t                  x = -C::PadLeft;   // column of the window's left edge
  typename B::bank_t   bank = FirstBank;  // column x as bank ...
  typename B::word_t   word = FirstWord;  // ... and word, group 0

  bool done = false;
  while (!done) {
#pragma HLS PIPELINE II=1 style=frp
    TURN(C, window_reader);

    // ---- Rows: how many must be held for this output row, how many it gives back ----

    const bool last_y = (oy == C::OutHeight - 1);
    y_t oldest = y, needed_end = y + C::Kernel, next_oldest = y + C::Stride;
    if (y < 0) {
      oldest = 0;
    }
    if (last_y || needed_end > C::Height) {
      needed_end = C::Height;
    }
    if (last_y) {
      next_oldest = C::Height;
    } else if (next_oldest < 0) {
      next_oldest = 0;
    }
    const bool issue = (held >= needed_end - oldest);
    const bool room  = (held != B::Rows);
    upto<B::Rows> released = 0;

    // ---- Window ----

    if (issue) {
      bool row_inside[B::TapRows], column_inside[B::TapColumns];
#pragma HLS ARRAY_PARTITION variable=row_inside complete
#pragma HLS ARRAY_PARTITION variable=column_inside complete
      for (int r = 0; r < B::TapRows; r++) {
#pragma HLS UNROLL
        const y_t row = y + tap_row + r;
        row_inside[r] = (row >= 0 && row < C::Height);
      }
      for (int c = 0; c < B::TapColumns; c++) {
#pragma HLS UNROLL
        const x_t column = x + tap_column + c;
        column_inside[c] = (column >= 0 && column < C::Width);
      }
      const typename B::word_t tap_word = word + tap_column * B::Groups + group;
      out.write(line_buffer_read<C>(memory, slot_after<C>(slot, tap_row), bank, tap_word, row_inside, column_inside));

      const bool last_tap_column = (tap_column == ColumnSteps - 1);
      const bool last_step       = last_tap_column && (tap_row == RowSteps - 1);
      const bool last_group      = last_step && (group == B::Groups - 1);
      const bool pixel_end       = last_group && (sweep == Sweeps - 1);
      const bool row_end         = pixel_end && (ox == C::OutWidth - 1);

      tap_column++;
      if (last_tap_column) {
        tap_column = 0;
        tap_row++;
      }
      if (last_step) {
        tap_row = 0;
        group++;
      }
      if (last_group) {
        group = 0;
        sweep++;
      }
      if (pixel_end) {
        sweep = 0;
        ox++;
        x = x + C::Stride;
        if (B::ColumnBanks == 1) {
          word = word + C::Stride * B::Groups;
        } else if (bank >= C::Kernel - C::Stride) {
          bank = bank - (C::Kernel - C::Stride);
          word = word + B::Groups;
        } else {
          bank = bank + C::Stride;
        }
      }
      if (row_end) {
        ox = 0;
        x    = -C::PadLeft;
        bank = FirstBank;
        word = FirstWord;
        oy++;
        y = y + C::Stride;
        slot     = slot_after<C>(slot, last_y ? FrameMove : int(C::Stride));
        released = next_oldest - oldest;
        done     = last_y;
      }
    }

    // ---- Stream ----

    lanes<code_t, C::Lanes> beat;
    upto<1> completed = 0;
    if (room && in.read_nb(beat)) {
      line_buffer_write<C>(memory, load_slot, load_bank, load_word + load_group, beat);
      load_group++;
      if (load_group == B::Groups) {
        load_group = 0;
        load_x++;
        if (load_bank == B::ColumnBanks - 1) {
          load_bank = 0;
          load_word = load_word + B::Groups;
        } else {
          load_bank++;
        }
        if (load_x == C::Width) {
          load_x    = 0;
          load_bank = 0;
          load_word = 0;
          load_slot = slot_after<C>(load_slot, 1);
          completed = 1;
        }
      }
    }
    held = held + completed - released;
  }
}

#endif
