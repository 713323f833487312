// credit_counter: places in a buffer further on, counted where they are given away.
//
// Credits places at first; spend_i takes Spend of them, return_i gives one back. available_o is
// high while Spend are left, from registers only: a place that comes back can be given away in the
// next cycle.

module credit_counter #(
  parameter int Credits = 2,
  parameter int Spend   = 1
) (
  input  logic clk_i,
  input  logic rst_ni,

  output logic available_o,
  input  logic spend_i,
  input  logic return_i
);

  localparam int Width = $clog2(Credits + 1);

  logic [Width-1:0] left_q;

  assign available_o = (left_q >= Width'(Spend));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      left_q <= Width'(Credits);
    end else begin
      left_q <= left_q + Width'(return_i) - (spend_i ? Width'(Spend) : '0);
    end
  end

  initial begin
    if (Spend < 1 || Credits < Spend) begin
      $fatal(1, "credit_counter: Credits (%0d) must be at least Spend (%0d), and that at least 1",
             Credits, Spend);
    end
  end

`ifndef SYNTHESIS
  always @(posedge clk_i) begin
    if (!rst_ni) begin
      // Nothing holds before the first clock edge out of reset.
    end else if (spend_i && !available_o) begin
      $fatal(1, "credit_counter: %0d credits spent, %0d left", Spend, left_q);
    end
  end
`endif

endmodule
