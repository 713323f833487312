// depthwise_separable: depthwise convolution, then pointwise, each requantized to int8; a stream
// in, a stream out.
//
//   in -> skid -> depthwise -> serialize -> requantize (-> table) -> pixel buffer
//      -> pointwise -> serialize -> requantize (-> table) -> queue -> skid -> out
//
// In:  DwLanes channels a beat; out: PwResultLanes channels a beat; both NHWC order, channel 0
//      lowest. Frames may follow each other without a gap. trace_*_o shows the int8 depthwise
//      result, DwResultLanes channels a beat, for a testbench; leave it open otherwise.
//
// Once read, data never stops inside: each engine begins work only with a credit for where the
// result will go (PixelSlots pixels, QueueDepth beats), so a stalled sink stops the engines and not
// the pipelines.
//
// scalars.hex, one word, from the top: {pw high, pw low, pw zero point, dw high, dw low, dw zero
// point, pad}.

module depthwise_separable #(
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

  parameter int DwLanes         = 1,
  parameter int DwTaps          = 9,
  parameter int DwResultLanes   = 1,
  parameter int PwInLanes       = 1,
  parameter int PwOutLanes      = 1,
  parameter int PwResultLanes   = 1,
  parameter int PixelSlots      = 2,
  parameter int QueueDepth      = 16,

  parameter int DwWeightWidth   = 8,
  parameter int PwWeightWidth   = 8,
  parameter bit PwPacked        = 1'b0,
  parameter int DwSumWidth      = 20,
  parameter int PwSumWidth      = 24,
  parameter int DwMultiplierWidth = 16,
  parameter int PwMultiplierWidth = 16,
  parameter bit DwTable         = 1'b0,
  parameter bit PwTable         = 1'b0
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,

  input  logic                       valid_i,
  output logic                       ready_o,
  input  logic [8*DwLanes-1:0]       data_i,

  output logic                       valid_o,
  input  logic                       ready_i,
  output logic [8*PwResultLanes-1:0] data_o,

  output logic                       trace_valid_o,
  output logic [8*DwResultLanes-1:0] trace_data_o
);

  logic [7:0]  pad;
  logic [23:0] dw_range, pw_range;

  rom #(
    .Width (56),
    .Depth (1),
    .File  ("scalars.hex")
  ) u_scalars (
    .clk_i  (clk_i),
    .addr_i (1'b0),
    .data_o ({pw_range, dw_range, pad})
  );

  // ---- Depthwise ----

  logic                          in_valid, in_ready;
  logic [8*DwLanes-1:0]          in_data;
  logic                          dw_sum_valid, dw_beat_valid, dw_quantized_valid, dw_valid;
  logic [DwLanes*DwSumWidth-1:0] dw_sum;
  logic [DwResultLanes*DwSumWidth-1:0] dw_beat;
  logic [8*DwResultLanes-1:0]    dw_quantized, dw_data;
  logic                          pixel_release;

  skid_buffer #(
    .Width (8*DwLanes)
  ) u_skid_in (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (valid_i),
    .ready_o (ready_o),
    .data_i  (data_i),
    .valid_o (in_valid),
    .ready_i (in_ready),
    .data_o  (in_data)
  );

  depthwise_unit #(
    .Height      (Height),
    .Width       (Width),
    .Channels    (Channels),
    .Kernel      (Kernel),
    .Stride      (Stride),
    .PadTop      (PadTop),
    .PadLeft     (PadLeft),
    .OutHeight   (OutHeight),
    .OutWidth    (OutWidth),
    .Lanes       (DwLanes),
    .Taps        (DwTaps),
    .Credits     (PixelSlots),
    .WeightWidth (DwWeightWidth),
    .SumWidth    (DwSumWidth),
    .WeightFile  ("dw_weights.hex")
  ) u_depthwise (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .pad_i    (pad),
    .valid_i  (in_valid),
    .ready_o  (in_ready),
    .data_i   (in_data),
    .valid_o  (dw_sum_valid),
    .sum_o    (dw_sum),
    .credit_i (pixel_release)
  );

  serializer #(
    .LaneWidth (DwSumWidth),
    .OutLanes  (DwResultLanes),
    .Ratio     (DwLanes/DwResultLanes)
  ) u_dw_serializer (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (dw_sum_valid),
    .data_i  (dw_sum),
    .valid_o (dw_beat_valid),
    .data_o  (dw_beat)
  );

  requantizer #(
    .Lanes           (DwResultLanes),
    .Channels        (Channels),
    .SumWidth        (DwSumWidth),
    .MultiplierWidth (DwMultiplierWidth),
    .File            ("dw_requant.hex")
  ) u_dw_requantizer (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .zero_point_i (dw_range[7:0]),
    .low_i        (dw_range[15:8]),
    .high_i       (dw_range[23:16]),
    .valid_i      (dw_beat_valid),
    .sum_i        (dw_beat),
    .valid_o      (dw_quantized_valid),
    .data_o       (dw_quantized)
  );

  if (DwTable) begin : gen_dw_table
    activation_table #(
      .Lanes (DwResultLanes),
      .File  ("dw_table.hex")
    ) u_dw_table (
      .clk_i   (clk_i),
      .rst_ni  (rst_ni),
      .valid_i (dw_quantized_valid),
      .data_i  (dw_quantized),
      .valid_o (dw_valid),
      .data_o  (dw_data)
    );
  end else begin : gen_no_dw_table
    assign dw_valid = dw_quantized_valid;
    assign dw_data  = dw_quantized;
  end

  assign trace_valid_o = dw_valid;
  assign trace_data_o  = dw_data;

  // ---- Pointwise ----

  logic                            pixel_available, pixel_read;
  logic [8*PwInLanes-1:0]          pixel;
  logic                            pw_sum_valid, pw_beat_valid, pw_quantized_valid, pw_valid;
  logic [PwOutLanes*PwSumWidth-1:0] pw_sum;
  logic [PwResultLanes*PwSumWidth-1:0] pw_beat;
  logic [8*PwResultLanes-1:0]      pw_quantized, pw_data, queue_data;
  logic                            queue_room, queue_valid, queue_ready;

  pixel_buffer #(
    .Channels   (Channels),
    .Pixels     (PixelSlots),
    .WriteLanes (DwResultLanes),
    .ReadLanes  (PwInLanes)
  ) u_pixel_buffer (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .valid_i     (dw_valid),
    .data_i      (dw_data),
    .available_o (pixel_available),
    .read_i      (pixel_read),
    .release_i   (pixel_release),
    .data_o      (pixel)
  );

  pointwise_unit #(
    .InChannels  (Channels),
    .OutChannels (OutChannels),
    .InLanes     (PwInLanes),
    .OutLanes    (PwOutLanes),
    .GroupBeats  (PwOutLanes/PwResultLanes),
    .Credits     (QueueDepth),
    .WeightWidth (PwWeightWidth),
    .Packed      (PwPacked),
    .SumWidth    (PwSumWidth),
    .WeightFile  ("pw_weights.hex")
  ) u_pointwise (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .available_i (pixel_available),
    .read_o      (pixel_read),
    .release_o   (pixel_release),
    .pixel_i     (pixel),
    .valid_o     (pw_sum_valid),
    .sum_o       (pw_sum),
    .credit_i    (queue_valid && queue_ready)
  );

  serializer #(
    .LaneWidth (PwSumWidth),
    .OutLanes  (PwResultLanes),
    .Ratio     (PwOutLanes/PwResultLanes)
  ) u_pw_serializer (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (pw_sum_valid),
    .data_i  (pw_sum),
    .valid_o (pw_beat_valid),
    .data_o  (pw_beat)
  );

  requantizer #(
    .Lanes           (PwResultLanes),
    .Channels        (OutChannels),
    .SumWidth        (PwSumWidth),
    .MultiplierWidth (PwMultiplierWidth),
    .File            ("pw_requant.hex")
  ) u_pw_requantizer (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .zero_point_i (pw_range[7:0]),
    .low_i        (pw_range[15:8]),
    .high_i       (pw_range[23:16]),
    .valid_i      (pw_beat_valid),
    .sum_i        (pw_beat),
    .valid_o      (pw_quantized_valid),
    .data_o       (pw_quantized)
  );

  if (PwTable) begin : gen_pw_table
    activation_table #(
      .Lanes (PwResultLanes),
      .File  ("pw_table.hex")
    ) u_pw_table (
      .clk_i   (clk_i),
      .rst_ni  (rst_ni),
      .valid_i (pw_quantized_valid),
      .data_i  (pw_quantized),
      .valid_o (pw_valid),
      .data_o  (pw_data)
    );
  end else begin : gen_no_pw_table
    assign pw_valid = pw_quantized_valid;
    assign pw_data  = pw_quantized;
  end

  fifo #(
    .Width (8*PwResultLanes),
    .Depth (QueueDepth)
  ) u_queue (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (pw_valid),
    .ready_o (queue_room),
    .data_i  (pw_data),
    .valid_o (queue_valid),
    .ready_i (queue_ready),
    .data_o  (queue_data)
  );

  skid_buffer #(
    .Width (8*PwResultLanes)
  ) u_skid_out (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (queue_valid),
    .ready_o (queue_ready),
    .data_i  (queue_data),
    .valid_o (valid_o),
    .ready_i (ready_i),
    .data_o  (data_o)
  );

  initial begin
    if (DwLanes % DwResultLanes != 0 || DwLanes/DwResultLanes > Kernel*Kernel/DwTaps) begin
      $fatal(1, "depthwise_separable: %0d depthwise lanes do not drain through %0d in %0d steps",
             DwLanes, DwResultLanes, Kernel*Kernel/DwTaps);
    end
    if (PwOutLanes % PwResultLanes != 0 || PwOutLanes/PwResultLanes > Channels/PwInLanes) begin
      $fatal(1, "depthwise_separable: %0d pointwise lanes do not drain through %0d in %0d steps",
             PwOutLanes, PwResultLanes, Channels/PwInLanes);
    end
  end

`ifndef SYNTHESIS
  always @(posedge clk_i) begin
    if (!rst_ni) begin
      // Nothing holds before the first clock edge out of reset.
    end else if (pw_valid && !queue_room) begin
      $fatal(1, "depthwise_separable: a result reached a full queue; the credits are wrong");
    end
  end
`else
  // Credits make the queue's ready redundant in hardware.
  logic unused_queue_room;
  assign unused_queue_room = queue_room;
`endif

endmodule
