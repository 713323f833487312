// add_stage: residual add of two streams of int8, a stream of int8 out.
//
// In:  a and b, ready/valid each, Lanes channels a beat, NHWC order. Out: alike.
// scalars.hex, one word, from the top: {high, low, zero point, S-1 [6], M_b [MultiplierWidth],
// M_a [MultiplierWidth], zero point of b, zero point of a}.

module add_stage #(
  parameter bit Loadable        = 1'b0,
  parameter int Lanes           = 1,
  parameter int QueueDepth      = 16,
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

  localparam int ConstantsWidth = 6 + 2*MultiplierWidth + 16;

  logic [24+ConstantsWidth-1:0] scalars;
  logic                         result_valid, room;
  logic [8*Lanes-1:0]           result;

  rom #(
    .Loadable (Loadable),
    .LoadKind (2'd2),
    .Width    (24 + ConstantsWidth),
    .Depth    (1),
    .File     (ScalarsFile)
  ) u_scalars (
    .clk_i  (clk_i),
    .load_i (load_i),
    .addr_i (1'b0),
    .data_o (scalars)
  );

  residual_add #(
    .Lanes           (Lanes),
    .MultiplierWidth (MultiplierWidth),
    .Credits         (QueueDepth)
  ) u_add (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .constants_i  (scalars[ConstantsWidth-1:0]),
    .zero_point_i (scalars[ConstantsWidth +: 8]),
    .low_i        (scalars[ConstantsWidth+8 +: 8]),
    .high_i       (scalars[ConstantsWidth+16 +: 8]),
    .a_valid_i    (a_valid_i),
    .a_ready_o    (a_ready_o),
    .a_data_i     (a_data_i),
    .b_valid_i    (b_valid_i),
    .b_ready_o    (b_ready_o),
    .b_data_i     (b_data_i),
    .valid_o      (result_valid),
    .data_o       (result),
    .credit_i     (valid_o && ready_i)
  );

  fifo #(
    .Width (8*Lanes),
    .Depth (QueueDepth)
  ) u_queue (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (result_valid),
    .ready_o (room),
    .data_i  (result),
    .valid_o (valid_o),
    .ready_i (ready_i),
    .data_o  (data_o)
  );

  // The unit's credits make the queue's ready redundant.
  logic unused_room;
  assign unused_room = room;

endmodule
