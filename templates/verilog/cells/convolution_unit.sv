// convolution_unit: Kernel x Kernel convolution of a frame stream over all channels; raw sums,
// without the bias.
//
// In:  ready/valid, Lanes channels a beat, NHWC order, frames back to back.
// Out: OutLanes sums at once, output channels in order, then pixels in raster order. No ready: the
//      unit holds Credits credits, spends GroupBeats of them for each group of output channels that
//      it begins and gets one back with credit_i.
//
// Schedule: window_reader's, a sweep of the window for each group of outputs. Latency from a read
// to the sums that it completes: memories 2, dot product 2 + clog2(Lanes*Taps). Weight word
// (outgroup*Groups + group)*Steps + step: output lane 0 lowest, within it tap 0 lowest, within a
// tap input lane 0 lowest; taps of a step as in depthwise_unit.
// With Packed = 1 a multiplier serves two output lanes (packed_multiplier); the weights in File,
// the schedule and the latency are the same.

module convolution_unit #(
  parameter bit Loadable    = 1'b0,
  parameter int Height      = 8,
  parameter int Width       = 8,
  parameter int Channels    = 8,
  parameter int OutChannels = 8,
  parameter int Kernel      = 3,
  parameter int Stride      = 1,
  parameter int PadTop      = 1,
  parameter int PadLeft     = 1,
  parameter int OutHeight   = 8,
  parameter int OutWidth    = 8,
  parameter int Lanes       = 1,
  parameter int Taps        = 9,
  parameter int OutLanes    = 1,
  parameter int GroupBeats  = 1,
  parameter int Credits     = 2,
  parameter int WeightWidth = 8,
  parameter bit Packed      = 1'b0,
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
  output logic [OutLanes*SumWidth-1:0] sum_o,
  input  logic                      credit_i
);

  localparam int Sweeps    = OutChannels / OutLanes;
  localparam int Words     = Sweeps * (Channels/Lanes) * Kernel*Kernel/Taps;
  localparam int AddrWidth = (Words > 1) ? $clog2(Words) : 1;

  localparam int WeightBits = Packed ? OutLanes/2 * Lanes*Taps * (2*WeightWidth + 1)
                                     : OutLanes * Lanes*Taps * WeightWidth;

  logic                                       credit, read, first, last;
  logic [AddrWidth-1:0]                       address;
  logic [8*Lanes*Taps-1:0]                    taps;
  logic [WeightBits-1:0]                      weights;

  credit_counter #(
    .Credits (Credits),
    .Spend   (GroupBeats)
  ) u_credits (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .available_o (credit),
    .spend_i     (read && first),
    .return_i    (credit_i)
  );

  window_reader #(
    .Height     (Height),
    .Width      (Width),
    .Channels   (Channels),
    .Kernel     (Kernel),
    .Stride     (Stride),
    .PadTop     (PadTop),
    .PadLeft    (PadLeft),
    .OutHeight  (OutHeight),
    .OutWidth   (OutWidth),
    .Lanes      (Lanes),
    .Taps       (Taps),
    .Sweeps     (Sweeps),
    .WholeSweep (1'b1)
  ) u_reader (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .pad_i     (pad_i),
    .valid_i   (valid_i),
    .ready_o   (ready_o),
    .data_i    (data_i),
    .permit_i  (credit || !first),
    .read_o    (read),
    .first_o   (first),
    .last_o    (last),
    .address_o (address),
    .taps_o    (taps)
  );

  if (Packed) begin : gen_packed_weights
    // Packed weights come with the configuration alone.
    logic [35:0] unused_load;
    assign unused_load = load_i;

    packed_weights #(
      .Outputs (OutLanes),
      .Terms   (Lanes*Taps),
      .BWidth  (WeightWidth),
      .Depth   (Words),
      .File    (WeightFile)
    ) u_weights (
      .clk_i  (clk_i),
      .addr_i (address),
      .data_o (weights)
    );
  end else begin : gen_weights
    rom #(
      .Loadable (Loadable),
      .LoadKind (2'd0),
      .Width    (OutLanes*Lanes*Taps*WeightWidth),
      .Depth    (Words),
      .File     (WeightFile)
    ) u_weights (
      .clk_i  (clk_i),
      .load_i (load_i),
      .addr_i (address),
      .data_o (weights)
    );
  end

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
    .Outputs   (OutLanes),
    .Terms     (Lanes*Taps),
    .Broadcast (1'b1),
    .Packed    (Packed),
    .BWidth    (WeightWidth),
    .SumWidth  (SumWidth)
  ) u_dot_product (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (valid_q[1]),
    .first_i (first_q[1]),
    .last_i  (last_q[1]),
    .a_i     (taps),
    .b_i     (weights),
    .valid_o (valid_o),
    .sum_o   (sum_o)
  );

  initial begin
    if (OutLanes < 1 || OutChannels % OutLanes != 0) begin
      $fatal(1, "convolution_unit: OutLanes (%0d) must divide OutChannels (%0d)",
             OutLanes, OutChannels);
    end
  end

endmodule
