// result_queue: from an engine's sums to a ready/valid stream of int8: serializer, requantizer,
// perhaps an activation table, queue.
//
// In:  Lanes sums at once, without a ready: the engine holds Depth credits, one for each beat of
//      ResultLanes that it will cause, and gets one back with credit_o when the beat has left.
// Out: ResultLanes channels a beat.
//
// Each group of Lanes channels comes Repeats times, for as many pixels, before the next group.
//
// From a sum to its last beat entering the queue: Lanes/ResultLanes cycles in the serializer, nine
// in the requantizer, two in a table.

module result_queue #(
  parameter bit Loadable        = 1'b0,
  parameter int Channels        = 8,
  parameter int Lanes           = 1,
  parameter int ResultLanes     = 1,
  parameter int SumWidth        = 20,
  parameter int MultiplierWidth = 16,
  parameter bit Table           = 1'b0,
  parameter int Depth           = 16,
  parameter int Repeats         = 1,
  parameter     RequantFile     = "requant.hex",
  parameter     TableFile       = "table.hex"
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic [35:0]               load_i,

  // {high, low, zero point}
  input  logic [23:0]               range_i,

  input  logic                      valid_i,
  input  logic [Lanes*SumWidth-1:0] sum_i,
  output logic                      credit_o,

  output logic                      valid_o,
  input  logic                      ready_i,
  output logic [8*ResultLanes-1:0]  data_o
);

  logic                            beat_valid, quantized_valid, result_valid, room;
  logic [ResultLanes*SumWidth-1:0] beat;
  logic [8*ResultLanes-1:0]        quantized, result;

  assign credit_o = valid_o && ready_i;

  serializer #(
    .LaneWidth (SumWidth),
    .OutLanes  (ResultLanes),
    .Ratio     (Lanes/ResultLanes)
  ) u_serializer (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (valid_i),
    .data_i  (sum_i),
    .valid_o (beat_valid),
    .data_o  (beat)
  );

  requantizer #(
    .Loadable        (Loadable),
    .Lanes           (ResultLanes),
    .Channels        (Channels),
    .SumWidth        (SumWidth),
    .MultiplierWidth (MultiplierWidth),
    .RunBeats        (Lanes/ResultLanes),
    .Repeats         (Repeats),
    .File            (RequantFile)
  ) u_requantizer (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .load_i       (load_i),
    .zero_point_i (range_i[7:0]),
    .low_i        (range_i[15:8]),
    .high_i       (range_i[23:16]),
    .valid_i      (beat_valid),
    .sum_i        (beat),
    .valid_o      (quantized_valid),
    .data_o       (quantized)
  );

  if (Table) begin : gen_table
    activation_table #(
      .Loadable (Loadable),
      .Lanes    (ResultLanes),
      .File     (TableFile)
    ) u_table (
      .clk_i   (clk_i),
      .rst_ni  (rst_ni),
      .load_i  (load_i),
      .valid_i (quantized_valid),
      .data_i  (quantized),
      .valid_o (result_valid),
      .data_o  (result)
    );
  end else begin : gen_no_table
    assign result_valid = quantized_valid;
    assign result       = quantized;
  end

  fifo #(
    .Width (8*ResultLanes),
    .Depth (Depth)
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

  initial begin
    if (Lanes % ResultLanes != 0) begin
      $fatal(1, "result_queue: ResultLanes (%0d) must divide Lanes (%0d)", ResultLanes, Lanes);
    end
  end

`ifndef SYNTHESIS
  always @(posedge clk_i) begin
    if (!rst_ni) begin
      // Nothing holds before the first clock edge out of reset.
    end else if (result_valid && !room) begin
      $fatal(1, "result_queue: a result reached a full queue of %0d; the credits are wrong", Depth);
    end
  end
`else
  // Credits make the queue's ready redundant in hardware.
  logic unused_room;
  assign unused_room = room;
`endif

endmodule
