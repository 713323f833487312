// pointwise_unit: 1 x 1 convolution of pixels in a pixel_buffer; raw sums, without the bias.
//
// InLanes input channels and OutLanes output channels at once. Schedule: for each pixel, for each
// group of OutLanes output channels, Steps = InChannels/InLanes cycles, one read of the pixel each.
// It runs without a gap while pixels are available and the queue behind it has room: a group is
// begun only when GroupBeats places are free of the Credits places there; credit_i tells that a
// beat has left that queue. The pixel is released with its last read.
//
// Latency from a read to the sums that it completes: memories 2, dot product 2 + clog2(InLanes).
// Weight word group*Steps + step: output lane 0 lowest, within a lane input lane 0 lowest.
// With Packed = 1 a multiplier serves two output lanes (packed_multiplier); the weights in File,
// the schedule and the latency are the same.

module pointwise_unit #(
  parameter bit Loadable    = 1'b0,
  parameter int InChannels  = 8,
  parameter int OutChannels = 8,
  parameter int InLanes     = 1,
  parameter int OutLanes    = 1,
  parameter int GroupBeats  = 1,
  parameter int Credits     = 16,
  parameter int WeightWidth = 8,
  parameter bit Packed      = 1'b0,
  parameter int SumWidth    = 24,
  parameter     WeightFile  = "pw_weights.hex"
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,
  input  logic [35:0]                  load_i,

  input  logic                         available_i,
  output logic                         read_o,
  output logic                         release_o,
  input  logic [8*InLanes-1:0]         pixel_i,

  output logic                         valid_o,
  output logic [OutLanes*SumWidth-1:0] sum_o,
  input  logic                         credit_i
);

  localparam int Steps       = InChannels / InLanes;
  localparam int Groups      = OutChannels / OutLanes;
  localparam int StepWidth   = $clog2(Steps + 1);
  localparam int GroupWidth  = $clog2(Groups + 1);
  localparam int CreditWidth = $clog2(Credits + 1);
  localparam int AddrWidth   = (Groups*Steps > 1) ? $clog2(Groups*Steps) : 1;

  // ---- Position of the next read ----

  logic [StepWidth-1:0]   step_q;
  logic [GroupWidth-1:0]  group_q;
  logic [AddrWidth-1:0]   weight_addr_q;
  logic [CreditWidth-1:0] credits_q, spent;
  logic                   first_step, last_step, last_group;

  assign first_step = (step_q == '0);
  assign last_step  = (step_q == StepWidth'(Steps - 1));
  assign last_group = (group_q == GroupWidth'(Groups - 1));
  assign read_o     = available_i && (!first_step || credits_q >= CreditWidth'(GroupBeats));
  assign release_o  = read_o && last_step && last_group;
  assign spent      = (read_o && first_step) ? CreditWidth'(GroupBeats) : '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      step_q        <= '0;
      group_q       <= '0;
      weight_addr_q <= '0;
      credits_q     <= CreditWidth'(Credits);
    end else begin
      credits_q <= credits_q + CreditWidth'(credit_i) - spent;
      if (read_o) begin
        step_q        <= last_step ? '0 : step_q + 1'b1;
        weight_addr_q <= release_o ? '0 : weight_addr_q + 1'b1;
        if (last_step) begin
          group_q <= last_group ? '0 : group_q + 1'b1;
        end
      end
    end
  end

  // ---- Weights and sums ----

  localparam int WeightBits = Packed ? OutLanes/2 * InLanes * (2*WeightWidth + 1)
                                     : OutLanes * InLanes * WeightWidth;

  logic [WeightBits-1:0]                   weights;
  logic [1:0]                              valid_q, first_q, last_q;

  if (Packed) begin : gen_packed_weights
    // Packed weights come with the configuration alone.
    logic [35:0] unused_load;
    assign unused_load = load_i;

    packed_weights #(
      .Outputs (OutLanes),
      .Terms   (InLanes),
      .BWidth  (WeightWidth),
      .Depth   (Groups*Steps),
      .File    (WeightFile)
    ) u_weights (
      .clk_i  (clk_i),
      .addr_i (weight_addr_q),
      .data_o (weights)
    );
  end else begin : gen_weights
    rom #(
      .Loadable (Loadable),
      .LoadKind (2'd0),
      .Width    (OutLanes*InLanes*WeightWidth),
      .Depth    (Groups*Steps),
      .File     (WeightFile)
    ) u_weights (
      .clk_i  (clk_i),
      .load_i (load_i),
      .addr_i (weight_addr_q),
      .data_o (weights)
    );
  end

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
    .Packed    (Packed),
    .BWidth    (WeightWidth),
    .SumWidth  (SumWidth)
  ) u_dot_product (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (valid_q[1]),
    .first_i (first_q[1]),
    .last_i  (last_q[1]),
    .a_i     (pixel_i),
    .b_i     (weights),
    .valid_o (valid_o),
    .sum_o   (sum_o)
  );

  initial begin
    if (InLanes < 1 || InChannels % InLanes != 0) begin
      $fatal(1, "pointwise_unit: InLanes (%0d) must divide InChannels (%0d)", InLanes, InChannels);
    end
    if (OutLanes < 1 || OutChannels % OutLanes != 0) begin
      $fatal(1, "pointwise_unit: OutLanes (%0d) must divide OutChannels (%0d)",
             OutLanes, OutChannels);
    end
    if (GroupBeats < 1 || GroupBeats > Steps) begin
      $fatal(1, "pointwise_unit: GroupBeats (%0d) must be 1 to the %0d steps of a group",
             GroupBeats, Steps);
    end
    if (Credits < GroupBeats) begin
      $fatal(1, "pointwise_unit: Credits (%0d) must be at least GroupBeats (%0d)",
             Credits, GroupBeats);
    end
  end

endmodule
