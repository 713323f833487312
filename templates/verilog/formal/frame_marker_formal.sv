// frame_marker_formal: what frame_marker promises, for a model checker.
//
// Between two beats with last_o lie exactly Beats - 1 without it, last_o does not move while no
// beat is taken, and error_o is high from the beat after the first whose last_i differed.

module frame_marker_formal #(
  parameter int Beats = 3
) (
  input logic clk_i,
  input logic take_i,
  input logic last_i
);

  logic rst_n;
  initial rst_n = 1'b0;
  always @(posedge clk_i) rst_n <= 1'b1;

  logic       last, error, wrong, idle, idle_last;
  logic [7:0] since;   // beats since the last one with last_o

  initial begin
    since = '0;
    wrong = 1'b0;
    idle  = 1'b0;
  end

  frame_marker #(
    .Beats (Beats)
  ) u_dut (
    .clk_i   (clk_i),
    .rst_ni  (rst_n),
    .take_i  (take_i),
    .last_i  (last_i),
    .last_o  (last),
    .error_o (error)
  );

  always @(posedge clk_i) begin
    if (rst_n) begin
      idle      <= !take_i;
      idle_last <= last;
      if (idle) assert (last == idle_last);
      assert (error == wrong);
      if (take_i) begin
        since <= last ? '0 : since + 1'b1;
        wrong <= wrong || (last != last_i);
        assert (last == (32'(since) == Beats - 1));
      end
`ifdef COVER
      assert (!(take_i && last && last_i && !wrong));
`endif
    end
  end

endmodule
