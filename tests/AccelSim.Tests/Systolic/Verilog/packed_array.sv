// As plain_array, but two weights share an input in one 27 x 18 multiplier: (w1 * 2^18 + w0) * input. The lower product is the low 18 bits; where it is
// negative it has borrowed from the upper one, which gets it back.
module packed_element (
  input  logic clk_i, load_i, swap_i,
  input  logic signed [7:0] input_i,
  input  logic [15:0] weights_i,
  input  logic [63:0] sums_i,
  output logic signed [7:0] input_o,
  output logic [15:0] weights_o,
  output logic [63:0] sums_o
);
  logic signed [26:0] pair_q;
  logic signed [34:0] product_q;
  wire signed [26:0] pair = $signed({weights_o[15:8], 18'b0}) + $signed(weights_o[7:0]);
  always_ff @(posedge clk_i) begin
    input_o <= input_i;
    if (load_i) weights_o <= weights_i;
    if (swap_i) pair_q <= pair;
    product_q <= pair_q * input_i;
    sums_o[31:0] <= $signed(sums_i[31:0]) + $signed(product_q[17:0]);
    sums_o[63:32] <= $signed(sums_i[63:32]) + $signed(product_q[34:18]) + $signed({1'b0, product_q[17]});
  end
endmodule

module packed_array #(parameter ROWS = 4, parameter COLUMNS = 2) (
  input  logic clk_i, load_i, swap_i,
  input  logic [8*ROWS-1:0] inputs_i,
  input  logic [16*COLUMNS-1:0] weights_i,
  output logic [64*COLUMNS-1:0] sums_o
);
  logic signed [7:0] moving [ROWS][COLUMNS+1];
  logic [15:0] weight [ROWS+1][COLUMNS];
  logic [63:0] sum [ROWS+1][COLUMNS];
  genvar r, c;
  generate
    for (r = 0; r < ROWS; r = r + 1) begin : gen_row
      assign moving[r][0] = inputs_i[8*r+:8];
      for (c = 0; c < COLUMNS; c = c + 1) begin : gen_element
        packed_element u_element (
          .clk_i(clk_i), .load_i(load_i), .swap_i(swap_i), .input_i(moving[r][c]), .weights_i(weight[r][c]), .sums_i(sum[r][c]),
          .input_o(moving[r][c+1]), .weights_o(weight[r+1][c]), .sums_o(sum[r+1][c]));
      end
    end
    for (c = 0; c < COLUMNS; c = c + 1) begin : gen_edge
      assign weight[0][c] = weights_i[16*c+:16];
      assign sum[0][c] = 0;
      assign sums_o[64*c+:64] = sum[ROWS][c];
    end
  endgenerate
endmodule
