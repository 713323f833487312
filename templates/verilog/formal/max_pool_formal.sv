// max_pool_formal: a whole stage, window, credits, engine and queue, with TLAST behind it, as
// net_top joins them, for a model checker.
//
// - A beat that is offered and not taken is offered unchanged, TLAST included.
// - TLAST goes with the last beat of each frame and with no other.
// - No beat is invented: one leaves only after the rows that it needs have come. None is lost: when
//   the source has been quiet and the sink ready for Quiet cycles, all that can be out is out.
// - The values are right: a pixel that the checker chooses is 1, all others are 0, so the largest
//   of a window is 1 exactly where the chosen pixel lies in it.
// Frames are counted modulo 8, more than are ever inside.

module max_pool_formal #(
  parameter int Height     = 3,
  parameter int Width      = 2,
  parameter int Kernel     = 2,
  parameter int Stride     = 1,
  parameter int OutHeight  = 2,
  parameter int OutWidth   = 1,
  parameter int QueueDepth = 2,
  parameter int Quiet      = 24
) (
  input logic clk_i,
  input logic valid_i,
  input logic ready_i
);

  localparam int OutBeats = OutHeight * OutWidth;

  logic rst_n;
  initial rst_n = 1'b0;
  always @(posedge clk_i) rst_n <= 1'b1;

  logic       ready, valid, last, unused_error;
  logic [7:0] data;

  // ---- Source ----

  (* anyconst *) logic [3:0] chosen_y, chosen_x;
  (* anyconst *) logic [2:0] chosen_frame;

  always @* begin
    assume (32'(chosen_y) < Height);
    assume (32'(chosen_x) < Width);
  end

  logic [3:0] in_y, in_x;
  logic [2:0] in_frame;
  logic       is_chosen;

  assign is_chosen = in_y == chosen_y && in_x == chosen_x && in_frame == chosen_frame;

  initial begin
    in_y     = '0;
    in_x     = '0;
    in_frame = '0;
  end

  always @(posedge clk_i) begin
    if (rst_n && valid_i && ready) begin
      in_x <= in_x + 1'b1;
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

  max_pool_stage #(
    .Height     (Height),
    .Width      (Width),
    .Channels   (1),
    .Kernel     (Kernel),
    .Stride     (Stride),
    .OutHeight  (OutHeight),
    .OutWidth   (OutWidth),
    .QueueDepth (QueueDepth)
  ) u_dut (
    .clk_i   (clk_i),
    .rst_ni  (rst_n),
    .valid_i (valid_i && rst_n),
    .ready_o (ready),
    .data_i  ({7'd0, is_chosen}),
    .valid_o (valid),
    .ready_i (ready_i),
    .data_o  (data)
  );

  frame_marker #(
    .Beats (OutBeats)
  ) u_marker (
    .clk_i   (clk_i),
    .rst_ni  (rst_n),
    .take_i  (valid && ready_i),
    .last_i  (last),
    .last_o  (last),
    .error_o (unused_error)
  );

  // ---- Sink ----

  logic [3:0]        out_y, out_x;
  logic [2:0]        out_frame, frames_ahead;
  logic              due, here;
  logic              waiting, waiting_last;
  logic [7:0]        waiting_data;
  logic [5:0]        quiet;

  initial begin
    out_y     = '0;
    out_x     = '0;
    out_frame = '0;
    waiting   = 1'b0;
    quiet     = '0;
  end

  // The next beat is due once its rows have come; the last row of a frame waits for all of it.
  assign frames_ahead = in_frame - out_frame;
  assign due  = frames_ahead != '0 ||
                (32'(out_y) != OutHeight - 1 && 32'(in_y) >= 32'(out_y)*Stride + Kernel);
  assign here = out_frame == chosen_frame &&
                32'(chosen_y) >= 32'(out_y)*Stride && 32'(chosen_y) < 32'(out_y)*Stride + Kernel &&
                32'(chosen_x) >= 32'(out_x)*Stride && 32'(chosen_x) < 32'(out_x)*Stride + Kernel;

  always @(posedge clk_i) begin
    if (rst_n) begin
      quiet        <= (valid_i || !ready_i) ? '0 : (32'(quiet) == Quiet) ? quiet : quiet + 1'b1;
      waiting      <= valid && !ready_i;
      waiting_data <= data;
      waiting_last <= last;
      if (valid && ready_i) begin
        out_x <= out_x + 1'b1;
        if (32'(out_x) == OutWidth - 1) begin
          out_x <= '0;
          out_y <= out_y + 1'b1;
          if (32'(out_y) == OutHeight - 1) begin
            out_y     <= '0;
            out_frame <= out_frame + 1'b1;
          end
        end
      end

      if (waiting) assert (valid && data == waiting_data && last == waiting_last);
      if (valid) begin
        assert (due);
        assert (data == {7'd0, here});
        assert (last == (32'(out_y) == OutHeight - 1 && 32'(out_x) == OutWidth - 1));
      end
      if (32'(quiet) == Quiet) assert (!due);
      assert (frames_ahead <= 3'd4);
`ifdef COVER
      assert (!(out_frame == 3'd2 && chosen_frame == 3'd1));
`endif
    end
  end

endmodule
