// depthwise_unit: depthwise Kernel x Kernel convolution of a frame stream; raw sums, without the
// bias.
//
// In:  ready/valid, Lanes channels a beat, NHWC order, frames back to back.
// Out: Lanes sums at once, channel groups in order, then pixels in raster order. No ready: the unit
//      holds Credits credits and gets one back with credit_i. It spends one for each pixel that it
//      begins, or, where GroupBeats is not 0, GroupBeats for each group of channels.
//
// Schedule: window_reader's. Latency from a read to the sum that it completes: memories 2, dot
// product 2 + clog2(Taps). Weight word group*Steps + step: lane 0 lowest, within a lane tap 0
// lowest; step s covers taps s*Taps and up of the row-major window, but where Taps = Kernel it
// covers column s from the top.

module depthwise_unit #(
  parameter bit Loadable    = 1'b0,
  parameter int Height      = 8,
  parameter int Width       = 8,
  parameter int Channels    = 8,
  parameter int Kernel      = 3,
  parameter int Stride      = 1,
  parameter int PadTop      = 1,
  parameter int PadLeft     = 1,
  parameter int OutHeight   = 8,
  parameter int OutWidth    = 8,
  parameter int Lanes       = 1,
  parameter int Taps        = 9,
  parameter int GroupBeats  = 0,
  parameter int Credits     = 2,
  parameter int WeightWidth = 8,
  parameter int SumWidth    = 20,
  parameter     WeightFile  = "dw_weights.hex"
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic [35:0]               load_i,

  input  logic [7:0]                pad_i,

  input  logic                      valid_i,
  output logic                      ready_o,
  input  logic [8*Lanes-1:0]        data_i,

  output logic                      valid_o,
  output logic [Lanes*SumWidth-1:0] sum_o,
  input  logic                      credit_i
);

  localparam int Words     = (Channels/Lanes) * Kernel*Kernel/Taps;
  localparam int AddrWidth = (Words > 1) ? $clog2(Words) : 1;

  logic                              credit, read, first, last, begins;
  logic [AddrWidth-1:0]              address;
  logic [8*Lanes*Taps-1:0]           taps, window;
  logic [Lanes*Taps*WeightWidth-1:0] weights;

  assign begins = (GroupBeats == 0) ? (address == '0) : first;

  credit_counter #(
    .Credits (Credits),
    .Spend   ((GroupBeats == 0) ? 1 : GroupBeats)
  ) u_credits (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .available_o (credit),
    .spend_i     (read && begins),
    .return_i    (credit_i)
  );

  window_reader #(
    .Height    (Height),
    .Width     (Width),
    .Channels  (Channels),
    .Kernel    (Kernel),
    .Stride    (Stride),
    .PadTop    (PadTop),
    .PadLeft   (PadLeft),
    .OutHeight (OutHeight),
    .OutWidth  (OutWidth),
    .Lanes     (Lanes),
    .Taps      (Taps)
  ) u_reader (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .pad_i     (pad_i),
    .valid_i   (valid_i),
    .ready_o   (ready_o),
    .data_i    (data_i),
    .permit_i  (credit || !begins),
    .read_o    (read),
    .first_o   (first),
    .last_o    (last),
    .address_o (address),
    .taps_o    (taps)
  );

  // The reader gives all lanes of a tap together; the dot products want all taps of a lane.
  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    for (genvar t = 0; t < Taps; t++) begin : gen_tap
      assign window[8*(l*Taps+t) +: 8] = taps[8*(t*Lanes+l) +: 8];
    end
  end

  rom #(
    .Loadable (Loadable),
    .LoadKind (2'd0),
    .Width    (Lanes*Taps*WeightWidth),
    .Depth    (Words),
    .File     (WeightFile)
  ) u_weights (
    .clk_i  (clk_i),
    .load_i (load_i),
    .addr_i (address),
    .data_o (weights)
  );

  logic [1:0] valid_q, first_q, last_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
    end else begin
      valid_q <= {valid_q[0], read};
    end
  end

  always_ff @(posedge clk_i) begin
    first_q <= {first_q[0], first};
    last_q  <= {last_q[0], last};
  end

  dot_product #(
    .Outputs  (Lanes),
    .Terms    (Taps),
    .BWidth   (WeightWidth),
    .SumWidth (SumWidth)
  ) u_dot_product (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (valid_q[1]),
    .first_i (first_q[1]),
    .last_i  (last_q[1]),
    .a_i     (window),
    .b_i     (weights),
    .valid_o (valid_o),
    .sum_o   (sum_o)
  );

endmodule
