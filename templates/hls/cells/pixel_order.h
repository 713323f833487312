// pixel_order: from the order in which streamed_pointwise_stage gives its results to that of a stream.
//
// In:  for each block of BlockPixels pixels, for each of Groups groups of channels, for each pixel, the group's
//      GroupBeats beats of ResultLanes channels.
// Out: the same beats pixel by pixel, for each the groups in order. One call a frame.
//
// Two blocks are held: a turn takes a beat of one, gives a beat of the other, or does both. The read does not block: a
// complete block must not wait for the next one's beats, and the next frame's may come while this one's last block is
// read. II = 1; frames back to back take Pixels * Groups * GroupBeats turns each.
//
// Verilog: pixel_order.sv.

#ifndef ACCELSIM_PIXEL_ORDER_H
#define ACCELSIM_PIXEL_ORDER_H

#include "lanes.h"
#include "turns.h"

template <class C>
void pixel_order(hls::stream<lanes<code_t, C::ResultLanes> >& in, hls::stream<lanes<code_t, C::ResultLanes> >& out) {
  static const int Groups     = C::OutChannels / C::OutLanes;
  static const int GroupBeats = C::OutLanes / C::ResultLanes;
  static const int PixelBeats = Groups * GroupBeats;
  static const int BlockBeats = C::BlockPixels * PixelBeats;
  static const int FrameBeats = C::Pixels * PixelBeats;
  static_assert(C::BlockPixels >= 2 && Groups >= 2, "pixel_order: one pixel, or one group, is in order already");

  typedef upto<2 * BlockBeats> place_t;

  // ---- What outlives the frame: the two blocks, and where the next beat goes ----

  static lanes<code_t, C::ResultLanes> memory[2 * BlockBeats];
  // A block's last beats are read Groups + BlockPixels - 1 turns and more after they were written.
#pragma HLS DEPENDENCE variable=memory type=inter direction=RAW distance=3 true
  static upto<2>              taken       = 0;   // blocks that are begun and not yet read
  static upto<2>              complete    = 0;   // those of them that have all beats
  static upto<GroupBeats>     write_beat  = 0;
  static upto<C::BlockPixels> write_pixel = 0;
  static upto<Groups>         write_group = 0;
  static place_t              write_place = 0;
  static place_t              group_place = 0;   // of the group's first beat of the block's first pixel
  static place_t              read_place  = 0;

  upto<FrameBeats> given = 0;
  while (given < FrameBeats) {
#pragma HLS PIPELINE II=1 style=frp
    TURN(C, pixel_order);
    const bool first = (write_beat == 0 && write_pixel == 0 && write_group == 0);
    const bool room  = (!first || taken != 2);
    upto<1> begun = 0, completed = 0, read = 0;

    // ---- Reader ----

    if (complete != 0) {
      out.write(memory[read_place]);
      given++;
      read_place++;
      if (read_place == BlockBeats) {
        read = 1;
      } else if (read_place == 2 * BlockBeats) {
        read       = 1;
        read_place = 0;
      }
    }

    // ---- Writer ----

    lanes<code_t, C::ResultLanes> beat;
    if (room && in.read_nb(beat)) {
      memory[write_place] = beat;
      if (first) {
        begun = 1;
      }
      write_beat++;
      write_place++;
      if (write_beat == GroupBeats) {
        write_beat  = 0;
        write_place = write_place + (PixelBeats - GroupBeats);
        write_pixel++;
        if (write_pixel == C::BlockPixels) {
          write_pixel = 0;
          group_place = group_place + GroupBeats;
          write_group++;
          if (write_group == Groups) {
            // The other block's first place.
            write_group = 0;
            group_place = group_place + (BlockBeats - PixelBeats);
            if (group_place == 2 * BlockBeats) {
              group_place = 0;
            }
            completed = 1;
          }
          write_place = group_place;
        }
      }
    }
    taken    = taken + begun - read;
    complete = complete + completed - read;
  }
}

#endif
