// stream_fork: gives every beat of a ready/valid stream to two sinks, to each when it is ready.
//
// A beat leaves the source when both have it; a sink that took it first is not offered it again.

module stream_fork (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic valid_i,
  output logic ready_o,

  output logic a_valid_o,
  input  logic a_ready_i,
  output logic b_valid_o,
  input  logic b_ready_i
);

  logic a_done_q, b_done_q;

  assign a_valid_o = valid_i && !a_done_q;
  assign b_valid_o = valid_i && !b_done_q;
  assign ready_o   = (a_done_q || a_ready_i) && (b_done_q || b_ready_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni || (valid_i && ready_o)) begin
      a_done_q <= 1'b0;
      b_done_q <= 1'b0;
    end else if (valid_i) begin
      a_done_q <= a_done_q || a_ready_i;
      b_done_q <= b_done_q || b_ready_i;
    end
  end

endmodule
