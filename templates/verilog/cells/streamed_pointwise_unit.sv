// streamed_pointwise_unit: 1 x 1 convolution of a block of pixels with weights that pass by; raw
// sums, without the bias.
//
// InLanes input channels and OutLanes output channels at once. Schedule: for each block of
// BlockPixels pixels, for each tile (the weights of OutLanes output channels), for each pixel,
// Steps = InChannels/InLanes cycles, one read of the block and one of the tile each. It runs
// without a gap while the block and the tile are there and the queue behind it has room: a pixel's
// sums are begun only when GroupBeats places are free of the Credits places there; credit_i tells
// that a beat has left that queue. A tile is released with its last read for the last pixel, the
// block with the last of its last tile.
//
// pixel_i and weight_i follow read_o by two cycles; from there dot product 2 + clog2(InLanes).
// Weight word: output lane 0 lowest, within a lane input lane 0 lowest.

module streamed_pointwise_unit #(
  parameter int InChannels  = 8,
  parameter int OutChannels = 8,
  parameter int InLanes     = 1,
  parameter int OutLanes    = 1,
  parameter int BlockPixels = 1,
  parameter int GroupBeats  = 1,
  parameter int Credits     = 16,
  parameter int SumWidth    = 24
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,

  input  logic                          block_available_i,
  input  logic                          tile_available_i,
  output logic                          read_o,
  output logic                          block_release_o,
  output logic                          tile_release_o,
  input  logic [8*InLanes-1:0]          pixel_i,
  input  logic [8*OutLanes*InLanes-1:0] weight_i,

  output logic                          valid_o,
  output logic [OutLanes*SumWidth-1:0]  sum_o,
  input  logic                          credit_i
);

  localparam int Steps       = InChannels / InLanes;
  localparam int Tiles       = OutChannels / OutLanes;
  localparam int StepWidth   = $clog2(Steps + 1);
  localparam int PixelWidth  = $clog2(BlockPixels + 1);
  localparam int TileWidth   = $clog2(Tiles + 1);
  localparam int CreditWidth = $clog2(Credits + 1);

  // ---- Position of the next read ----

  logic [StepWidth-1:0]   step_q;
  logic [PixelWidth-1:0]  pixel_q;
  logic [TileWidth-1:0]   tile_q;
  logic [CreditWidth-1:0] credits_q, spent;
  logic                   first_step, last_step, last_pixel, last_tile;

  assign first_step      = (step_q == '0);
  assign last_step       = (step_q == StepWidth'(Steps - 1));
  assign last_pixel      = (pixel_q == PixelWidth'(BlockPixels - 1));
  assign last_tile       = (tile_q == TileWidth'(Tiles - 1));
  assign read_o          = block_available_i && tile_available_i &&
                           (!first_step || credits_q >= CreditWidth'(GroupBeats));
  assign tile_release_o  = read_o && last_step && last_pixel;
  assign block_release_o = tile_release_o && last_tile;
  assign spent           = (read_o && first_step) ? CreditWidth'(GroupBeats) : '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      step_q    <= '0;
      pixel_q   <= '0;
      tile_q    <= '0;
      credits_q <= CreditWidth'(Credits);
    end else begin
      credits_q <= credits_q + CreditWidth'(credit_i) - spent;
      if (read_o) begin
        step_q <= last_step ? '0 : step_q + 1'b1;
        if (last_step) begin
          pixel_q <= last_pixel ? '0 : pixel_q + 1'b1;
        end
        if (tile_release_o) begin
          tile_q <= last_tile ? '0 : tile_q + 1'b1;
        end
      end
    end
  end

  // ---- Sums ----

  logic [1:0] valid_q, first_q, last_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
    end else begin
      valid_q <= {valid_q[0], read_o};
    end
  end

  always_ff @(posedge clk_i) begin
    first_q <= {first_q[0], first_step};
    last_q  <= {last_q[0], last_step};
  end

  dot_product #(
    .Outputs   (OutLanes),
    .Terms     (InLanes),
    .Broadcast (1'b1),
    .SumWidth  (SumWidth)
  ) u_dot_product (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (valid_q[1]),
    .first_i (first_q[1]),
    .last_i  (last_q[1]),
    .a_i     (pixel_i),
    .b_i     (weight_i),
    .valid_o (valid_o),
    .sum_o   (sum_o)
  );

  initial begin
    if (InLanes < 1 || InChannels % InLanes != 0) begin
      $fatal(1, "streamed_pointwise_unit: InLanes (%0d) must divide InChannels (%0d)",
             InLanes, InChannels);
    end
    if (OutLanes < 1 || OutChannels % OutLanes != 0) begin
      $fatal(1, "streamed_pointwise_unit: OutLanes (%0d) must divide OutChannels (%0d)",
             OutLanes, OutChannels);
    end
    if (BlockPixels < 1) begin
      $fatal(1, "streamed_pointwise_unit: BlockPixels (%0d) must be at least 1", BlockPixels);
    end
    if (GroupBeats < 1 || GroupBeats > Steps) begin
      $fatal(1, "streamed_pointwise_unit: GroupBeats (%0d) must be 1 to the %0d steps of a pixel",
             GroupBeats, Steps);
    end
    if (Credits < GroupBeats) begin
      $fatal(1, "streamed_pointwise_unit: Credits (%0d) must be at least GroupBeats (%0d)",
             Credits, GroupBeats);
    end
  end

endmodule
