// global_pool_stage: mean of each channel over the frame, from stream to stream of int8.
//
// In:  ready/valid, NHWC order, frames back to back. Out: ResultLanes channels a beat, alike.
// scalars.hex, one word, from the top: {high, low, zero point, pad}.
// The requantizer's bias takes the zero point of all pixels off; pad is not used.

module global_pool_stage #(
  parameter bit Loadable        = 1'b0,
  parameter int Pixels          = 4,
  parameter int Channels        = 8,
  parameter int Lanes           = 1,
  parameter int QueueDepth      = 16,
  parameter int SumWidth        = 24,
  parameter int MultiplierWidth = 16,
  parameter     ScalarsFile     = "scalars.hex",
  parameter     RequantFile     = "requant.hex"
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic [35:0]              load_i,

  input  logic                     valid_i,
  output logic                     ready_o,
  input  logic [8*Lanes-1:0] data_i,

  output logic                     valid_o,
  input  logic                     ready_i,
  output logic [8*Lanes-1:0] data_o
);

  logic [31:0]                      scalars;
  logic                             sum_valid, credit;
  logic [Lanes*SumWidth-1:0] sum;

  logic [7:0] unused_pad;
  assign unused_pad = scalars[7:0];

  rom #(
    .Loadable (Loadable),
    .LoadKind (2'd2),
    .Width    (32),
    .Depth    (1),
    .File     (ScalarsFile)
  ) u_scalars (
    .clk_i  (clk_i),
    .load_i (load_i),
    .addr_i (1'b0),
    .data_o (scalars)
  );

  global_pool_unit #(
    .Pixels   (Pixels),
    .Channels (Channels),
    .Lanes    (Lanes),
    .Credits  (QueueDepth),
    .SumWidth (SumWidth)
  ) u_pool (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .valid_i  (valid_i),
    .ready_o  (ready_o),
    .data_i   (data_i),
    .valid_o  (sum_valid),
    .sum_o    (sum),
    .credit_i (credit)
  );

  result_queue #(
    .Loadable        (Loadable),
    .Channels        (Channels),
    .Lanes           (Lanes),
    .ResultLanes     (Lanes),
    .SumWidth        (SumWidth),
    .MultiplierWidth (MultiplierWidth),
    .Depth           (QueueDepth),
    .RequantFile     (RequantFile)
  ) u_result_queue (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .load_i   (load_i),
    .range_i  (scalars[31:8]),
    .valid_i  (sum_valid),
    .sum_i    (sum),
    .credit_o (credit),
    .valid_o  (valid_o),
    .ready_i  (ready_i),
    .data_o   (data_o)
  );

endmodule
