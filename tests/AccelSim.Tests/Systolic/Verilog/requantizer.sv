// int32 sum to int8 code: bias, product with a 16-bit multiplier, rounding shift, saturation.
module requantizer (
  input  logic clk_i,
  input  logic signed [31:0] sum_i, bias_i,
  input  logic [15:0] multiplier_i,
  input  logic [5:0] shift_i,
  output logic [7:0] code_o
);
  logic signed [32:0] biased_q;
  logic signed [48:0] product_q;
  wire signed [48:0] shifted = (product_q + (49'sd1 <<< (shift_i - 1))) >>> shift_i;
  always_ff @(posedge clk_i) begin
    biased_q <= sum_i + bias_i;
    product_q <= biased_q * $signed({1'b0, multiplier_i});
    code_o <= shifted > 127 ? 8'd127 : shifted < -128 ? 8'h80 : shifted[7:0];
  end
endmodule
