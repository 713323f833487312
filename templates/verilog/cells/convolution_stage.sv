// convolution_stage: Kernel x Kernel convolution from stream to stream of int8.
//
// In:  ready/valid, NHWC order, frames back to back. Out: ResultLanes channels a beat, alike.
// scalars.hex, one word, from the top: {high, low, zero point, pad}.

module convolution_stage #(
  parameter int Height          = 8,
  parameter int Width           = 8,
  parameter int Channels        = 8,
  parameter int OutChannels     = 8,
  parameter int Kernel          = 3,
  parameter int Stride          = 1,
  parameter int PadTop          = 1,
  parameter int PadLeft         = 1,
  parameter int OutHeight       = 8,
  parameter int OutWidth        = 8,
  parameter int Lanes           = 1,
  parameter int Taps            = 9,
  parameter int OutLanes        = 1,
  parameter int ResultLanes     = 1,
  parameter int WeightWidth     = 8,
  parameter bit Packed          = 1'b0,
  parameter int QueueDepth      = 16,
  parameter int SumWidth        = 24,
  parameter int MultiplierWidth = 16,
  parameter bit Table           = 1'b0,
  parameter     ScalarsFile     = "scalars.hex",
  parameter     WeightFile      = "weights.hex",
  parameter     RequantFile     = "requant.hex",
  parameter     TableFile       = "table.hex"
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,

  input  logic                     valid_i,
  output logic                     ready_o,
  input  logic [8*Lanes-1:0] data_i,

  output logic                     valid_o,
  input  logic                     ready_i,
  output logic [8*ResultLanes-1:0] data_o
);

  logic [31:0]                      scalars;
  logic                             sum_valid, credit;
  logic [OutLanes*SumWidth-1:0] sum;

  rom #(
    .Width (32),
    .Depth (1),
    .File  (ScalarsFile)
  ) u_scalars (
    .clk_i  (clk_i),
    .addr_i (1'b0),
    .data_o (scalars)
  );

  convolution_unit #(
    .Height      (Height),
    .Width       (Width),
    .Channels    (Channels),
    .OutChannels (OutChannels),
    .Kernel      (Kernel),
    .Stride      (Stride),
    .PadTop      (PadTop),
    .PadLeft     (PadLeft),
    .OutHeight   (OutHeight),
    .OutWidth    (OutWidth),
    .Lanes       (Lanes),
    .Taps        (Taps),
    .OutLanes    (OutLanes),
    .GroupBeats  (OutLanes/ResultLanes),
    .Credits     (QueueDepth),
    .WeightWidth (WeightWidth),
    .Packed      (Packed),
    .SumWidth    (SumWidth),
    .WeightFile  (WeightFile)
  ) u_convolution (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .pad_i    (scalars[7:0]),
    .valid_i  (valid_i),
    .ready_o  (ready_o),
    .data_i   (data_i),
    .valid_o  (sum_valid),
    .sum_o    (sum),
    .credit_i (credit)
  );

  result_queue #(
    .Channels        (OutChannels),
    .Lanes           (OutLanes),
    .ResultLanes     (ResultLanes),
    .SumWidth        (SumWidth),
    .MultiplierWidth (MultiplierWidth),
    .Table           (Table),
    .Depth           (QueueDepth),
    .RequantFile     (RequantFile),
    .TableFile       (TableFile)
  ) u_result_queue (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .range_i  (scalars[31:8]),
    .valid_i  (sum_valid),
    .sum_i    (sum),
    .credit_o (credit),
    .valid_o  (valid_o),
    .ready_i  (ready_i),
    .data_o   (data_o)
  );

endmodule
