// round_clamp: a product to int8; five cycles: shift, limit, round, zero point, clamp.
//
//   y = clamp(z + ((v >> (S-1)) + 1) >> 1, low, high)            shift_i is S - 1
//
// which is clamp(z + RoundShift(v, S)) without a wide adder in front of the shifter. Behind it,
// 1023 and -1024 stand for anything beyond them: rounded and moved by z they are outside int8 all
// the same, so rounding, zero point and clamp take 12 bits.

module round_clamp #(
  parameter int Width = 48
) (
  input  logic                    clk_i,

  input  logic signed [Width-1:0] value_i,
  input  logic        [5:0]       shift_i,
  input  logic signed [7:0]       zero_point_i,
  input  logic signed [7:0]       low_i,
  input  logic signed [7:0]       high_i,

  output logic        [7:0]       data_o
);

  logic signed [Width-1:0] shifted_q;
  logic signed [11:0]      limited_q, rounded_q, placed_q;

  always_ff @(posedge clk_i) begin
    shifted_q <= value_i >>> shift_i;

    if (shifted_q[Width-1:10] == '0 || shifted_q[Width-1:10] == '1) begin
      limited_q <= shifted_q[11:0];
    end else begin
      limited_q <= shifted_q[Width-1] ? -12'sd1024 : 12'sd1023;
    end

    rounded_q <= (limited_q + 12'sd1) >>> 1;
    placed_q  <= rounded_q + 12'(zero_point_i);

    if (placed_q < 12'(low_i)) begin
      data_o <= low_i;
    end else if (placed_q > 12'(high_i)) begin
      data_o <= high_i;
    end else begin
      data_o <= placed_q[7:0];
    end
  end

  initial begin
    if (Width < 12) begin
      $fatal(1, "round_clamp: Width (%0d) must be at least 12", Width);
    end
  end

endmodule
