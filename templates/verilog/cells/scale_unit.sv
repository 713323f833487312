// scale_unit: each channel of an int8 stream times its gate, a code of another scale, Lanes
// channels at once.
//
//   y = clamp(z + RoundShift((a - z_a)*(b - z_b)*M, S), low, high)
//
// No stall: a beat and its gates a cycle. Eight cycles: differences, their product, the product
// with M, and five in round_clamp.
//
// constants_i, from the top: {S-1 [6], M [MultiplierWidth], z_b, z_a}.

module scale_unit #(
  parameter int Lanes           = 1,
  parameter int MultiplierWidth = 16,
  localparam int ConstantsWidth = 6 + MultiplierWidth + 16
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic [ConstantsWidth-1:0] constants_i,
  input  logic signed [7:0]         zero_point_i,
  input  logic signed [7:0]         low_i,
  input  logic signed [7:0]         high_i,

  input  logic                      valid_i,
  input  logic [8*Lanes-1:0]        a_i,
  input  logic [8*Lanes-1:0]        b_i,

  output logic                      valid_o,
  output logic [8*Lanes-1:0]        data_o
);

  localparam int Latency    = 8;
  localparam int PairWidth  = 18;
  localparam int TotalWidth = PairWidth + MultiplierWidth + 1;

  logic [5:0]                 shift;
  logic [MultiplierWidth-1:0] multiplier;
  logic signed [7:0]          zero_a, zero_b;
  logic [Latency-1:0]         valid_q;

  assign {shift, multiplier, zero_b, zero_a} = constants_i;
  assign valid_o = valid_q[Latency-1];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
    end else begin
      valid_q <= {valid_q[Latency-2:0], valid_i};
    end
  end

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic signed [8:0]            a_q, b_q;
    // Kept, since it feeds two SB_MAC16 where a multiplier has 16 bits: yosys 0.23 loses products
    // when it takes a part of a register into one.
    (* keep *)
    logic signed [PairWidth-1:0]  pair_q;
    logic signed [TotalWidth-1:0] product_q;

    always_ff @(posedge clk_i) begin
      a_q <= 9'($signed(a_i[8*l +: 8])) - 9'(zero_a);
      b_q <= 9'($signed(b_i[8*l +: 8])) - 9'(zero_b);

      pair_q <= PairWidth'(a_q) * PairWidth'(b_q);

      product_q <= TotalWidth'(pair_q) * TotalWidth'($signed({1'b0, multiplier}));
    end

    round_clamp #(
      .Width (TotalWidth)
    ) u_round_clamp (
      .clk_i        (clk_i),
      .value_i      (product_q),
      .shift_i      (shift),
      .zero_point_i (zero_point_i),
      .low_i        (low_i),
      .high_i       (high_i),
      .data_o       (data_o[8*l +: 8])
    );
  end

  initial begin
    if (Lanes < 1) begin
      $fatal(1, "scale_unit: Lanes (%0d) must be at least 1", Lanes);
    end
    if (MultiplierWidth < 8 || MultiplierWidth > 31) begin
      $fatal(1, "scale_unit: MultiplierWidth (%0d) must be 8 to 31", MultiplierWidth);
    end
  end

endmodule
