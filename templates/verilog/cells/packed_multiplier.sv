// packed_multiplier: two products that share an operand, from one multiplier; one cycle.
//
//   low_o            = a * low
//   high_o + carry_o = a * high          packed_i = {high - (low < 0), low}, as packed_weights gives
//
// The operand high * 2^ProductWidth + low is wide enough that a * low does not reach the bits of
// a * high but for its sign: where a * low is negative the upper half is one too small, which
// carry_o says. An adder behind it takes carry_o as its carry in, at no cost (dot_product). Two int8
// weights make an operand of 25 bits: one DSP48E1 (25 x 18) or DSP48E2 (27 x 18); two of 9 bits make
// one of 27 (Xilinx WP486 places the halves 18 bits apart, to add seven products in the slice).

module packed_multiplier #(
  parameter int AWidth = 8,
  parameter int BWidth = 8,
  localparam int ProductWidth = AWidth + BWidth
) (
  input  logic                    clk_i,

  input  logic [AWidth-1:0]       a_i,
  input  logic [2*BWidth:0]       packed_i,

  output logic [ProductWidth-1:0] low_o,
  output logic [ProductWidth-1:0] high_o,
  output logic                    carry_o
);

  localparam int OperandWidth = ProductWidth + BWidth + 1;

  logic signed [OperandWidth-1:0]   operand;
  logic signed [2*ProductWidth-1:0] product_q;

  assign operand = {packed_i[2*BWidth:BWidth], {AWidth{packed_i[BWidth-1]}}, packed_i[BWidth-1:0]};

  assign low_o   = product_q[ProductWidth-1:0];
  assign high_o  = product_q[2*ProductWidth-1:ProductWidth];
  assign carry_o = product_q[ProductWidth-1];

  always_ff @(posedge clk_i) begin
    product_q <= (2*ProductWidth)'($signed(a_i)) * (2*ProductWidth)'(operand);
  end

  initial begin
    if (AWidth < 2 || BWidth < 2) begin
      $fatal(1, "packed_multiplier: AWidth (%0d) and BWidth (%0d) must be at least 2",
             AWidth, BWidth);
    end
  end

endmodule
