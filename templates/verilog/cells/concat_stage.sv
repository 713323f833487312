// concat_stage: the channels of two streams of int8 one after another, each brought to the result's
// scale; a stream of int8 out.
//
//   y = clamp(z + RoundShift((x - z_x)*M_x, S_x), low, high)
//
// In:  a and b, ready/valid each, Lanes channels a beat, NHWC order. Out: alike, of each pixel the
//      AChannels channels of a and then the BChannels channels of b. More operands are a chain.
// scalars.hex, one word, from the top: {high, low, zero point, S_b-1 [6], M_b [MultiplierWidth],
// z_b, S_a-1 [6], M_a [MultiplierWidth], z_a}.
//
// From a beat taken to its result in the queue: difference, product, and five in round_clamp.

module concat_stage #(
  parameter bit Loadable        = 1'b0,
  parameter int AChannels       = 8,
  parameter int BChannels       = 4,
  parameter int Lanes           = 1,
  parameter int QueueDepth      = 9,
  parameter int MultiplierWidth = 16,
  parameter     ScalarsFile     = "scalars.hex"
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic [35:0]        load_i,

  input  logic               a_valid_i,
  output logic               a_ready_o,
  input  logic [8*Lanes-1:0] a_data_i,
  input  logic               b_valid_i,
  output logic               b_ready_o,
  input  logic [8*Lanes-1:0] b_data_i,

  output logic               valid_o,
  input  logic               ready_i,
  output logic [8*Lanes-1:0] data_o
);

  localparam int Latency      = 7;
  localparam int AGroups      = AChannels / Lanes;
  localparam int Groups       = (AChannels + BChannels) / Lanes;
  localparam int GroupWidth   = $clog2(Groups + 1);
  localparam int OperandWidth = 6 + MultiplierWidth + 8;
  localparam int ProductWidth = 9 + MultiplierWidth + 1;

  logic [24+2*OperandWidth-1:0] scalars;
  logic [OperandWidth-1:0]      operand;
  logic [5:0]                   shift, shift_q, shift2_q;
  logic [MultiplierWidth-1:0]   multiplier, multiplier_q;
  logic signed [7:0]            zero;
  logic [GroupWidth-1:0]        group_q;
  logic                         second, credit, take, room;
  logic [Latency-1:0]           valid_q;
  logic [8*Lanes-1:0]           data, result;

  assign second    = (group_q >= GroupWidth'(AGroups));
  assign a_ready_o = credit && !second;
  assign b_ready_o = credit && second;
  assign take      = credit && (second ? b_valid_i : a_valid_i);
  assign data      = second ? b_data_i : a_data_i;
  assign operand   = second ? scalars[OperandWidth +: OperandWidth] : scalars[0 +: OperandWidth];
  assign {shift, multiplier, zero} = operand;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      group_q <= '0;
      valid_q <= '0;
    end else begin
      valid_q <= {valid_q[Latency-2:0], take};
      if (take) begin
        group_q <= (group_q == GroupWidth'(Groups - 1)) ? '0 : group_q + 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    multiplier_q <= multiplier;
    shift_q      <= shift;
    shift2_q     <= shift_q;
  end

  credit_counter #(
    .Credits (QueueDepth)
  ) u_credits (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .available_o (credit),
    .spend_i     (take),
    .return_i    (valid_o && ready_i)
  );

  rom #(
    .Loadable (Loadable),
    .LoadKind (2'd2),
    .Width    (24 + 2*OperandWidth),
    .Depth    (1),
    .File     (ScalarsFile)
  ) u_scalars (
    .clk_i  (clk_i),
    .load_i (load_i),
    .addr_i (1'b0),
    .data_o (scalars)
  );

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic signed [8:0]              code_q;
    logic signed [ProductWidth-1:0] product_q;

    always_ff @(posedge clk_i) begin
      code_q    <= 9'($signed(data[8*l +: 8])) - 9'(zero);
      product_q <= ProductWidth'(code_q) * ProductWidth'($signed({1'b0, multiplier_q}));
    end

    round_clamp #(
      .Width (ProductWidth)
    ) u_round_clamp (
      .clk_i        (clk_i),
      .value_i      (product_q),
      .shift_i      (shift2_q),
      .zero_point_i (scalars[2*OperandWidth +: 8]),
      .low_i        (scalars[2*OperandWidth+8 +: 8]),
      .high_i       (scalars[2*OperandWidth+16 +: 8]),
      .data_o       (result[8*l +: 8])
    );
  end

  fifo #(
    .Width (8*Lanes),
    .Depth (QueueDepth)
  ) u_queue (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (valid_q[Latency-1]),
    .ready_o (room),
    .data_i  (result),
    .valid_o (valid_o),
    .ready_i (ready_i),
    .data_o  (data_o)
  );

  // The credits make the queue's ready redundant.
  logic unused_room;
  assign unused_room = room;

  initial begin
    if (Lanes < 1 || AChannels % Lanes != 0 || BChannels % Lanes != 0) begin
      $fatal(1, "concat_stage: Lanes (%0d) must divide AChannels (%0d) and BChannels (%0d)",
             Lanes, AChannels, BChannels);
    end
    if (MultiplierWidth < 8 || MultiplierWidth > 31) begin
      $fatal(1, "concat_stage: MultiplierWidth (%0d) must be 8 to 31", MultiplierWidth);
    end
  end

endmodule
