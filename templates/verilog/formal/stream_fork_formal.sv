// stream_fork_formal: what stream_fork promises, for a model checker.
//
// Each sink gets every beat of the source once: a sink is never ahead of the beat that the source
// offers by more than that beat, and has it when the source is told that it is taken. An offer that
// a sink has not taken stays. The source keeps the rule of a stream: a beat that waits stays.

module stream_fork_formal (
  input logic clk_i,
  input logic valid_i,
  input logic a_ready_i,
  input logic b_ready_i
);

  logic rst_n;
  initial rst_n = 1'b0;
  always @(posedge clk_i) rst_n <= 1'b1;

  logic ready, a_valid, b_valid;

  stream_fork u_dut (
    .clk_i     (clk_i),
    .rst_ni    (rst_n),
    .valid_i   (valid_i),
    .ready_o   (ready),
    .a_valid_o (a_valid),
    .a_ready_i (a_ready_i),
    .b_valid_o (b_valid),
    .b_ready_i (b_ready_i)
  );

  logic [2:0] taken, a_taken, b_taken, a_ahead, b_ahead;
  logic       source_waits, a_waits, b_waits;

  initial begin
    taken        = '0;
    a_taken      = '0;
    b_taken      = '0;
    source_waits = 1'b0;
    a_waits      = 1'b0;
    b_waits      = 1'b0;
  end
  assign a_ahead = a_taken - taken;
  assign b_ahead = b_taken - taken;

  always @* if (source_waits) assume (valid_i);

  always @(posedge clk_i) begin
    if (rst_n) begin
      taken        <= taken + 3'(valid_i && ready);
      a_taken      <= a_taken + 3'(a_valid && a_ready_i);
      b_taken      <= b_taken + 3'(b_valid && b_ready_i);
      source_waits <= valid_i && !ready;
      a_waits      <= a_valid && !a_ready_i;
      b_waits      <= b_valid && !b_ready_i;

      assert (a_ahead <= 3'd1 && b_ahead <= 3'd1);
      if (a_ahead == 3'd1) assert (!a_valid);
      if (b_ahead == 3'd1) assert (!b_valid);
      if (valid_i && ready) begin
        assert (a_ahead == 3'd1 || (a_valid && a_ready_i));
        assert (b_ahead == 3'd1 || (b_valid && b_ready_i));
      end
      if (a_waits) assert (a_valid);
      if (b_waits) assert (b_valid);
      if (!valid_i) assert (!a_valid && !b_valid);
`ifdef COVER
      assert (!(taken == 3'd3 && a_ahead == 3'd1 && b_ahead == 3'd0));
`endif
    end
  end

endmodule
