// window_reader_formal: what window_reader promises, for a model checker.
//
// The cells move pixels without looking at them, so it is enough to follow one: a pixel that the
// checker chooses, of a frame that it chooses, is 1, every other one is 0 and padding is 2. Each
// tap of each read is then right if it is 1 exactly where the chosen pixel lies in the window, and
// 2 exactly where the window leaves the frame: a pixel that was lost, overwritten before its last
// read, or read in another's place would show. Frames are counted modulo 4, which is more than the
// ring of rows can hold at once.

module window_reader_formal #(
  parameter int Height     = 3,
  parameter int Width      = 3,
  parameter int Channels   = 1,
  parameter int Kernel     = 3,
  parameter int Stride     = 1,
  parameter int PadTop     = 1,
  parameter int PadLeft    = 1,
  parameter int OutHeight  = 3,
  parameter int OutWidth   = 3,
  parameter int Taps       = 9,
  parameter int Sweeps     = 1,
  parameter bit WholeSweep = 1'b0,
  localparam int Steps     = Kernel*Kernel/Taps,
  localparam int Reads     = Sweeps*Channels*Steps,
  localparam int AddrWidth = (Reads > 1) ? $clog2(Reads) : 1
) (
  input logic clk_i,
  input logic valid_i,
  input logic permit_i
);

  localparam int PositionWidth = 6;
  localparam int TapColumns    = (Taps == Kernel*Kernel) ? Kernel : 1;
  localparam int RowMove       = (Taps == 1) ? 1 : Kernel;

  logic rst_n;
  initial rst_n = 1'b0;
  always @(posedge clk_i) rst_n <= 1'b1;

  logic                 ready, read, first, last;
  logic [AddrWidth-1:0] address;
  logic [8*Taps-1:0]    taps;

  // ---- The chosen pixel ----

  (* anyconst *) logic [PositionWidth-1:0] chosen_y, chosen_x, chosen_group;
  (* anyconst *) logic [1:0]               chosen_frame;

  always @* begin
    assume (32'(chosen_y) < Height);
    assume (32'(chosen_x) < Width);
    assume (32'(chosen_group) < Channels);
  end

  // ---- Source ----

  logic [PositionWidth-1:0] in_y, in_x, in_group;
  logic [1:0]               in_frame;
  logic                     is_chosen;

  assign is_chosen = in_y == chosen_y && in_x == chosen_x && in_group == chosen_group &&
                     in_frame == chosen_frame;

  initial begin
    in_y     = '0;
    in_x     = '0;
    in_group = '0;
    in_frame = '0;
  end

  always @(posedge clk_i) begin
    if (rst_n && valid_i && ready) begin
      in_group <= in_group + 1'b1;
      if (32'(in_group) == Channels - 1) begin
        in_group <= '0;
        in_x     <= in_x + 1'b1;
        if (32'(in_x) == Width - 1) begin
          in_x <= '0;
          in_y <= in_y + 1'b1;
          if (32'(in_y) == Height - 1) begin
            in_y     <= '0;
            in_frame <= in_frame + 1'b1;
          end
        end
      end
    end
  end

  window_reader #(
    .Height     (Height),
    .Width      (Width),
    .Channels   (Channels),
    .Kernel     (Kernel),
    .Stride     (Stride),
    .PadTop     (PadTop),
    .PadLeft    (PadLeft),
    .OutHeight  (OutHeight),
    .OutWidth   (OutWidth),
    .Lanes      (1),
    .Taps       (Taps),
    .Sweeps     (Sweeps),
    .WholeSweep (WholeSweep)
  ) u_dut (
    .clk_i     (clk_i),
    .rst_ni    (rst_n),
    .pad_i     (8'd2),
    .valid_i   (valid_i),
    .ready_o   (ready),
    .data_i    ({7'd0, is_chosen}),
    .permit_i  (permit_i),
    .read_o    (read),
    .first_o   (first),
    .last_o    (last),
    .address_o (address),
    .taps_o    (taps)
  );

  // ---- Where the next read should be, counted from the reads alone ----

  logic [PositionWidth-1:0] step, group, sweep, ox, oy;
  logic [AddrWidth-1:0]     count;
  logic [1:0]               out_frame;
  logic                     last_step, last_group;

  assign last_step  = 32'(step) == Steps - 1;
  assign last_group = 32'(group) == Channels - 1;

  initial begin
    step      = '0;
    group     = '0;
    sweep     = '0;
    ox        = '0;
    oy        = '0;
    count     = '0;
    out_frame = '0;
  end

  always @(posedge clk_i) begin
    if (rst_n && read) begin
      count <= count + 1'b1;
      step  <= step + 1'b1;
      if (last_step) begin
        step  <= '0;
        group <= group + 1'b1;
        if (last_group) begin
          group <= '0;
          sweep <= sweep + 1'b1;
          if (32'(sweep) == Sweeps - 1) begin
            sweep <= '0;
            count <= '0;
            ox    <= ox + 1'b1;
            if (32'(ox) == OutWidth - 1) begin
              ox <= '0;
              oy <= oy + 1'b1;
              if (32'(oy) == OutHeight - 1) begin
                oy        <= '0;
                out_frame <= out_frame + 1'b1;
              end
            end
          end
        end
      end
    end
  end

  // ---- What the taps of this read should be ----

  logic [2*Taps-1:0] expected, expected1_q, expected2_q;

  for (genvar t = 0; t < Taps; t++) begin : gen_tap
    localparam int TapRow    = t / TapColumns;
    localparam int TapColumn = t % TapColumns;

    logic signed [PositionWidth+2:0] y, x;
    logic                            in_image, here;

    // A single tap walks the window row by row, a column of taps walks it column by column.
    assign y = $signed({3'b0, oy})*Stride - PadTop + TapRow +
               ((Taps == 1) ? $signed({3'b0, step}) / Kernel : 0);
    assign x = $signed({3'b0, ox})*Stride - PadLeft + TapColumn +
               ((Taps == 1) ? $signed({3'b0, step}) % Kernel
                            : (Taps == Kernel) ? $signed({3'b0, step}) : 0);
    assign in_image = y >= 0 && y < Height && x >= 0 && x < Width;
    assign here   = y == $signed({3'b0, chosen_y}) && x == $signed({3'b0, chosen_x}) &&
                    group == chosen_group && out_frame == chosen_frame;
    assign expected[2*t +: 2] = in_image ? {1'b0, here} : 2'd2;
  end

  logic       read1_q, read2_q;
  logic [1:0] whole_frames;

  initial begin
    read1_q = 1'b0;
    read2_q = 1'b0;
  end

  always @(posedge clk_i) begin
    read1_q     <= rst_n && read;
    read2_q     <= read1_q;
    expected1_q <= expected;
    expected2_q <= expected1_q;
  end

  always @(posedge clk_i) begin
    if (rst_n) begin
      for (int t = 0; t < Taps; t++) begin
        if (read2_q) assert (taps[8*t +: 8] == {6'd0, expected2_q[2*t +: 2]});
      end
      if (read) begin
        assert (permit_i);
        assert (first == (step == '0 && (!WholeSweep || group == '0)));
        assert (last == (last_step && (!WholeSweep || last_group)));
        assert (address == count);
      end
`ifdef COVER
      // Not reached in vain: the last window of the second frame has been read.
      assert (!(out_frame == 2'd2));
`endif
    end
  end

endmodule
