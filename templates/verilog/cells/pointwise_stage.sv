// pointwise_stage: 1 x 1 convolution, or a fully connected layer of one pixel, from stream to
// stream of int8.
//
// In:  ready/valid, NHWC order, frames back to back. Out: ResultLanes channels a beat, alike.
// scalars.hex, one word, from the top: {high, low, zero point, pad}.
// pad is not used. A beat of a pixel is taken once the pixel has one of PixelSlots places.

module pointwise_stage #(
  parameter int Channels        = 8,
  parameter int OutChannels     = 8,
  parameter int StreamLanes     = 1,
  parameter int Lanes           = 1,
  parameter int OutLanes        = 1,
  parameter int ResultLanes     = 1,
  parameter int PixelSlots      = 2,
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
  input  logic [8*StreamLanes-1:0] data_i,

  output logic                     valid_o,
  input  logic                     ready_i,
  output logic [8*ResultLanes-1:0] data_o
);

  localparam int Beats     = Channels / StreamLanes;
  localparam int BeatWidth = (Beats > 1) ? $clog2(Beats) : 1;

  logic [31:0]                      scalars;
  logic                             sum_valid, credit;
  logic [OutLanes*SumWidth-1:0] sum;
  logic                             first_beat, take, place, available, read, pixel_done;
  logic [BeatWidth-1:0]             beat_q;
  logic [8*Lanes-1:0]               pixel;
  logic [7:0]                       unused_pad;

  assign unused_pad = scalars[7:0];
  assign first_beat = (beat_q == '0);
  assign ready_o    = place || !first_beat;
  assign take       = valid_i && ready_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      beat_q <= '0;
    end else if (take) begin
      beat_q <= (beat_q == BeatWidth'(Beats - 1)) ? '0 : beat_q + 1'b1;
    end
  end

  credit_counter #(
    .Credits (PixelSlots)
  ) u_places (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .available_o (place),
    .spend_i     (take && first_beat),
    .return_i    (pixel_done)
  );

  pixel_buffer #(
    .Channels   (Channels),
    .Pixels     (PixelSlots),
    .WriteLanes (StreamLanes),
    .ReadLanes  (Lanes)
  ) u_pixel_buffer (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .valid_i     (take),
    .data_i      (data_i),
    .available_o (available),
    .read_i      (read),
    .release_i   (pixel_done),
    .data_o      (pixel)
  );

  rom #(
    .Width (32),
    .Depth (1),
    .File  (ScalarsFile)
  ) u_scalars (
    .clk_i  (clk_i),
    .addr_i (1'b0),
    .data_o (scalars)
  );

  pointwise_unit #(
    .InChannels  (Channels),
    .OutChannels (OutChannels),
    .InLanes     (Lanes),
    .OutLanes    (OutLanes),
    .GroupBeats  (OutLanes/ResultLanes),
    .Credits     (QueueDepth),
    .WeightWidth (WeightWidth),
    .Packed      (Packed),
    .SumWidth    (SumWidth),
    .WeightFile  (WeightFile)
  ) u_pointwise (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .available_i (available),
    .read_o      (read),
    .release_o   (pixel_done),
    .pixel_i     (pixel),
    .valid_o     (sum_valid),
    .sum_o       (sum),
    .credit_i    (credit)
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
