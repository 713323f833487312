// residual_add: sum of two int8 streams of different scales, Lanes channels at once.
//
//   y = clamp(z + RoundShift((a - z_a)*M_a + (b - z_b)*M_b, S), low, high)
//
// In:  a and b, ready/valid each; a beat of both is taken in the same cycle.
// Out: no ready; the unit holds Credits credits, needs one for each beat and gets it back with
//      credit_i. Eight cycles: difference, product, sum, and five in round_clamp.
//
// constants_i, from the top: {S-1 [6], M_b [MultiplierWidth], M_a [MultiplierWidth], z_b, z_a}.

module residual_add #(
  parameter int Lanes           = 1,
  parameter int MultiplierWidth = 16,
  parameter int Credits         = 2,
  localparam int ConstantsWidth = 6 + 2*MultiplierWidth + 16
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic [ConstantsWidth-1:0] constants_i,
  input  logic signed [7:0]         zero_point_i,
  input  logic signed [7:0]         low_i,
  input  logic signed [7:0]         high_i,

  input  logic                      a_valid_i,
  output logic                      a_ready_o,
  input  logic [8*Lanes-1:0]        a_data_i,
  input  logic                      b_valid_i,
  output logic                      b_ready_o,
  input  logic [8*Lanes-1:0]        b_data_i,

  output logic                      valid_o,
  output logic [8*Lanes-1:0]        data_o,
  input  logic                      credit_i
);

  localparam int Latency      = 8;
  localparam int ProductWidth = 9 + MultiplierWidth + 1;
  localparam int TotalWidth   = ProductWidth + 1;

  logic [5:0]                 shift;
  logic [MultiplierWidth-1:0] multiplier_a, multiplier_b;
  logic signed [7:0]          zero_a, zero_b;
  logic                       credit, take;
  logic [Latency-1:0]         valid_q;

  assign {shift, multiplier_b, multiplier_a, zero_b, zero_a} = constants_i;
  assign take      = a_valid_i && b_valid_i && credit;
  assign a_ready_o = b_valid_i && credit;
  assign b_ready_o = a_valid_i && credit;
  assign valid_o   = valid_q[Latency-1];

  credit_counter #(
    .Credits (Credits)
  ) u_credits (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .available_o (credit),
    .spend_i     (take),
    .return_i    (credit_i)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
    end else begin
      valid_q <= {valid_q[Latency-2:0], take};
    end
  end

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic signed [8:0]              a_q, b_q;
    logic signed [ProductWidth-1:0] product_a_q, product_b_q;
    logic signed [TotalWidth-1:0]   total_q;

    always_ff @(posedge clk_i) begin
      a_q <= 9'($signed(a_data_i[8*l +: 8])) - 9'(zero_a);
      b_q <= 9'($signed(b_data_i[8*l +: 8])) - 9'(zero_b);

      product_a_q <= ProductWidth'(a_q) * ProductWidth'($signed({1'b0, multiplier_a}));
      product_b_q <= ProductWidth'(b_q) * ProductWidth'($signed({1'b0, multiplier_b}));

      total_q <= TotalWidth'(product_a_q) + TotalWidth'(product_b_q);
    end

    round_clamp #(
      .Width (TotalWidth)
    ) u_round_clamp (
      .clk_i        (clk_i),
      .value_i      (total_q),
      .shift_i      (shift),
      .zero_point_i (zero_point_i),
      .low_i        (low_i),
      .high_i       (high_i),
      .data_o       (data_o[8*l +: 8])
    );
  end

  initial begin
    if (Lanes < 1) begin
      $fatal(1, "residual_add: Lanes (%0d) must be at least 1", Lanes);
    end
    if (MultiplierWidth < 8 || MultiplierWidth > 31) begin
      $fatal(1, "residual_add: MultiplierWidth (%0d) must be 8 to 31", MultiplierWidth);
    end
  end

endmodule
