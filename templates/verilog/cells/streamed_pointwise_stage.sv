// streamed_pointwise_stage: 1 x 1 convolution, or a fully connected layer, whose weights come from
// outside as a stream.
//
// In:  pixels, ready/valid, NHWC order, frames back to back; weights, ready/valid, one word of
//      OutLanes x Lanes bytes a beat (output lane 0 lowest, within a lane input lane 0 lowest), for
//      each block of BlockPixels pixels all of them: tile by tile, a tile being the Channels/Lanes
//      words of OutLanes output channels.
// Out: ResultLanes channels a beat: for each block, for each tile, for each pixel. With one pixel
//      a block that is the order of a stream; else pixel_order makes it so.
// scalars.hex, one word, from the top: {high, low, zero point, pad}. pad is not used.
//
// TileSlots tiles are held: the engine uses one while others arrive. It loses no cycle when a tile
// arrives in no more cycles than it is used for, BlockPixels x Channels/Lanes.

module streamed_pointwise_stage #(
  parameter bit Loadable        = 1'b0,
  parameter int Channels        = 8,
  parameter int OutChannels     = 8,
  parameter int StreamLanes     = 1,
  parameter int Lanes           = 1,
  parameter int OutLanes        = 1,
  parameter int ResultLanes     = 1,
  parameter int BlockPixels     = 1,
  parameter int PixelSlots      = 2,
  parameter int TileSlots       = 2,
  parameter int QueueDepth      = 16,
  parameter int SumWidth        = 24,
  parameter int MultiplierWidth = 16,
  parameter bit Table           = 1'b0,
  parameter     ScalarsFile     = "scalars.hex",
  parameter     RequantFile     = "requant.hex",
  parameter     TableFile       = "table.hex"
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic [35:0]                 load_i,

  input  logic                        valid_i,
  output logic                        ready_o,
  input  logic [8*StreamLanes-1:0]    data_i,

  input  logic                        weight_valid_i,
  output logic                        weight_ready_o,
  input  logic [8*OutLanes*Lanes-1:0] weight_data_i,

  output logic                        valid_o,
  input  logic                        ready_i,
  output logic [8*ResultLanes-1:0]    data_o
);

  localparam int GroupBeats = OutLanes / ResultLanes;

  logic [31:0]                  scalars;
  logic                         block_available, tile_available, read, block_done, tile_done;
  logic [8*Lanes-1:0]           pixel;
  logic [8*OutLanes*Lanes-1:0]  weights;
  logic                         sum_valid, credit;
  logic [OutLanes*SumWidth-1:0] sum;
  logic [7:0]                   unused_pad;

  assign unused_pad = scalars[7:0];

  stream_buffer #(
    .Bytes      (BlockPixels*Channels),
    .Items      (PixelSlots),
    .WriteLanes (StreamLanes),
    .ReadLanes  (Lanes)
  ) u_blocks (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .valid_i     (valid_i),
    .ready_o     (ready_o),
    .data_i      (data_i),
    .available_o (block_available),
    .read_i      (read),
    .release_i   (block_done),
    .data_o      (pixel)
  );

  stream_buffer #(
    .Bytes      (Channels*OutLanes),
    .Items      (TileSlots),
    .WriteLanes (OutLanes*Lanes),
    .ReadLanes  (OutLanes*Lanes)
  ) u_tiles (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .valid_i     (weight_valid_i),
    .ready_o     (weight_ready_o),
    .data_i      (weight_data_i),
    .available_o (tile_available),
    .read_i      (read),
    .release_i   (tile_done),
    .data_o      (weights)
  );

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

  streamed_pointwise_unit #(
    .InChannels  (Channels),
    .OutChannels (OutChannels),
    .InLanes     (Lanes),
    .OutLanes    (OutLanes),
    .BlockPixels (BlockPixels),
    .GroupBeats  (GroupBeats),
    .Credits     (QueueDepth),
    .SumWidth    (SumWidth)
  ) u_pointwise (
    .clk_i             (clk_i),
    .rst_ni            (rst_ni),
    .block_available_i (block_available),
    .tile_available_i  (tile_available),
    .read_o            (read),
    .block_release_o   (block_done),
    .tile_release_o    (tile_done),
    .pixel_i           (pixel),
    .weight_i          (weights),
    .valid_o           (sum_valid),
    .sum_o             (sum),
    .credit_i          (credit)
  );

  result_queue #(
    .Loadable        (Loadable),
    .Channels        (OutChannels),
    .Lanes           (OutLanes),
    .ResultLanes     (ResultLanes),
    .SumWidth        (SumWidth),
    .MultiplierWidth (MultiplierWidth),
    .Table           (Table),
    .Depth           (QueueDepth),
    .Repeats         (BlockPixels),
    .RequantFile     (RequantFile),
    .TableFile       (TableFile)
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
