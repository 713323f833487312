// A weight-stationary int8 array whose elements have two weight registers, one multiplier and a 32-bit sum: what FpgaPrimitives counts.
module plain_element (
  input  logic clk_i, load_i, swap_i,
  input  logic signed [7:0] input_i, weight_i,
  input  logic signed [31:0] sum_i,
  output logic signed [7:0] input_o, weight_o,
  output logic signed [31:0] sum_o
);
  logic signed [7:0] weight_q;
  always_ff @(posedge clk_i) begin
    input_o <= input_i;
    if (load_i) weight_o <= weight_i;
    if (swap_i) weight_q <= weight_o;
    sum_o <= sum_i + input_i * weight_q;
  end
endmodule

module plain_array #(parameter ROWS = 4, parameter COLUMNS = 4) (
  input  logic clk_i, load_i, swap_i,
  input  logic [8*ROWS-1:0] inputs_i,
  input  logic [8*COLUMNS-1:0] weights_i,
  output logic [32*COLUMNS-1:0] sums_o
);
  logic signed [7:0] moving [ROWS][COLUMNS+1];
  logic signed [7:0] weight [ROWS+1][COLUMNS];
  logic signed [31:0] sum [ROWS+1][COLUMNS];
  genvar r, c;
  generate
    for (r = 0; r < ROWS; r = r + 1) begin : gen_row
      assign moving[r][0] = inputs_i[8*r+:8];
      for (c = 0; c < COLUMNS; c = c + 1) begin : gen_element
        plain_element u_element (
          .clk_i(clk_i), .load_i(load_i), .swap_i(swap_i), .input_i(moving[r][c]), .weight_i(weight[r][c]), .sum_i(sum[r][c]),
          .input_o(moving[r][c+1]), .weight_o(weight[r+1][c]), .sum_o(sum[r+1][c]));
      end
    end
    for (c = 0; c < COLUMNS; c = c + 1) begin : gen_edge
      assign weight[0][c] = weights_i[8*c+:8];
      assign sum[0][c] = 0;
      assign sums_o[32*c+:32] = sum[ROWS][c];
    end
  endgenerate
endmodule
