// max_pool_stage: largest code of each channel over a Kernel x Kernel window, from stream to
// stream.
//
// In:  ready/valid, Lanes channels a beat, NHWC order, frames back to back. Out: alike.
// From a read to its result entering the queue: three cycles.

module max_pool_stage #(
  parameter int Height          = 8,
  parameter int Width           = 8,
  parameter int Channels        = 8,
  parameter int Kernel          = 2,
  parameter int Stride          = 2,
  parameter int PadTop          = 0,
  parameter int PadLeft         = 0,
  parameter int OutHeight       = 4,
  parameter int OutWidth        = 4,
  parameter int Lanes           = 1,
  parameter int QueueDepth      = 16
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,

  input  logic                     valid_i,
  output logic                     ready_o,
  input  logic [8*Lanes-1:0] data_i,

  output logic                     valid_o,
  input  logic                     ready_i,
  output logic [8*Lanes-1:0] data_o
);

  logic               result_valid, room;
  logic [8*Lanes-1:0] result;

  pool_unit #(
    .Height      (Height),
    .Width       (Width),
    .Channels    (Channels),
    .Kernel      (Kernel),
    .Stride      (Stride),
    .PadTop      (PadTop),
    .PadLeft     (PadLeft),
    .OutHeight   (OutHeight),
    .OutWidth    (OutWidth),
    .Lanes       (Lanes),
    .Max         (1'b1),
    .Credits     (QueueDepth),
    .ResultWidth (8)
  ) u_pool (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .pad_i    (8'h80),
    .valid_i  (valid_i),
    .ready_o  (ready_o),
    .data_i   (data_i),
    .valid_o  (result_valid),
    .result_o (result),
    .credit_i (valid_o && ready_i)
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
