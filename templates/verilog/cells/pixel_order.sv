// pixel_order: from the order in which an engine with streamed weights gives its results to that of
// a stream.
//
// In:  for each block of Pixels pixels, for each of Groups groups of channels, for each pixel, the
//      group's GroupBeats beats.
// Out: the same beats pixel by pixel, for each the groups in order.
//
// Two blocks are held: one is written while the other is read, a beat a cycle both. A block can be
// read from the cycle after its last beat on; a beat is offered three cycles after its read.

module pixel_order #(
  parameter int Width      = 8,
  parameter int Pixels     = 2,
  parameter int Groups     = 2,
  parameter int GroupBeats = 1
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  input  logic             valid_i,
  output logic             ready_o,
  input  logic [Width-1:0] data_i,

  output logic             valid_o,
  input  logic             ready_i,
  output logic [Width-1:0] data_o
);

  localparam int PixelBeats = Groups * GroupBeats;
  localparam int BlockBeats = Pixels * PixelBeats;
  localparam int Depth      = 2 * BlockBeats;
  localparam int QueueDepth = 4;
  localparam int AddrWidth  = $clog2(Depth);
  localparam int PixelWidth = $clog2(Pixels + 1);
  localparam int GroupWidth = $clog2(Groups + 1);
  localparam int BeatWidth  = $clog2(GroupBeats + 1);

  // ---- Writer ----

  logic [BeatWidth-1:0]  beat_q;
  logic [PixelWidth-1:0] pixel_q;
  logic [GroupWidth-1:0] group_q;
  logic [AddrWidth-1:0]  write_addr_q, group_addr_q, next_group_addr;
  logic                  second_q;
  logic                  first, last_beat, last_pixel, last_group, take, place, complete;

  assign first      = (beat_q == '0) && (pixel_q == '0) && (group_q == '0);
  assign last_beat  = (beat_q == BeatWidth'(GroupBeats - 1));
  assign last_pixel = last_beat && (pixel_q == PixelWidth'(Pixels - 1));
  assign last_group = (group_q == GroupWidth'(Groups - 1));
  assign ready_o    = place || !first;
  assign take       = valid_i && ready_o;
  assign complete   = take && last_pixel && last_group;

  // Where the group's first beat of the block's first pixel goes.
  assign next_group_addr = !last_group ? group_addr_q + AddrWidth'(GroupBeats) :
                           second_q    ? '0 : AddrWidth'(BlockBeats);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      beat_q       <= '0;
      pixel_q      <= '0;
      group_q      <= '0;
      write_addr_q <= '0;
      group_addr_q <= '0;
      second_q     <= 1'b0;
    end else if (take) begin
      beat_q <= last_beat ? '0 : beat_q + 1'b1;
      if (last_pixel) begin
        pixel_q      <= '0;
        group_q      <= last_group ? '0 : group_q + 1'b1;
        write_addr_q <= next_group_addr;
        group_addr_q <= next_group_addr;
        second_q     <= second_q ^ last_group;
      end else if (last_beat) begin
        pixel_q      <= pixel_q + 1'b1;
        write_addr_q <= write_addr_q + AddrWidth'(PixelBeats - GroupBeats + 1);
      end else begin
        write_addr_q <= write_addr_q + 1'b1;
      end
    end
  end

  // ---- Reader ----

  logic [AddrWidth-1:0] read_addr_q;
  logic [1:0]           blocks_q, read_valid_q;
  logic                 room, read, block_done, unused_room;

  assign read       = (blocks_q != '0) && room;
  assign block_done = read && (read_addr_q == AddrWidth'(BlockBeats - 1) ||
                               read_addr_q == AddrWidth'(Depth - 1));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read_addr_q  <= '0;
      blocks_q     <= '0;
      read_valid_q <= '0;
    end else begin
      blocks_q     <= blocks_q + 2'(complete) - 2'(block_done);
      read_valid_q <= {read_valid_q[0], read};
      if (read) begin
        read_addr_q <= (read_addr_q == AddrWidth'(Depth - 1)) ? '0 : read_addr_q + 1'b1;
      end
    end
  end

  credit_counter #(
    .Credits (2)
  ) u_places (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .available_o (place),
    .spend_i     (take && first),
    .return_i    (block_done)
  );

  credit_counter #(
    .Credits (QueueDepth)
  ) u_room (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .available_o (room),
    .spend_i     (read),
    .return_i    (valid_o && ready_i)
  );

  // ---- Memory ----

  // What is read while a block is written is of the other block, or not used: yosys need not add
  // logic that keeps a word's old value.
  (* no_rw_check *)
  logic [Width-1:0] mem [0:Depth-1];
  logic [Width-1:0] read_q, data_q;

  always_ff @(posedge clk_i) begin
    if (take) begin
      mem[write_addr_q] <= data_i;
    end
    read_q <= mem[read_addr_q];
    data_q <= read_q;
  end

  fifo #(
    .Width (Width),
    .Depth (QueueDepth)
  ) u_queue (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (read_valid_q[1]),
    .ready_o (unused_room),
    .data_i  (data_q),
    .valid_o (valid_o),
    .ready_i (ready_i),
    .data_o  (data_o)
  );

  initial begin
    if (Width < 1 || Groups < 1 || GroupBeats < 1) begin
      $fatal(1, "pixel_order: Width (%0d), Groups (%0d) and GroupBeats (%0d) must be at least 1",
             Width, Groups, GroupBeats);
    end
    if (Pixels < 2) begin
      $fatal(1, "pixel_order: Pixels (%0d) must be at least 2; one pixel is in order already",
             Pixels);
    end
  end

endmodule
