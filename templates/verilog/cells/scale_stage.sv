// scale_stage: squeeze-and-excite's last step, every channel of a frame times the gate of that
// channel and frame; a stream of int8 in, another with the gates, a stream of int8 out.
//
// In:  a, frames of Pixels pixels, Lanes channels a beat, NHWC order; b, a pixel of gates a frame,
//      GateLanes channels a beat. Out: like a. A frame's first beat is taken once all its gates are
//      there: what holds the frame meanwhile stands in front of a (block_fifo). Gates of the next
//      frame already arrive while one is scaled: there is room for those of two.
// scalars.hex, one word, from the top: {high, low, zero point, S-1 [6], M [MultiplierWidth], zero
// point of b, zero point of a}.
//
// From a beat taken to its result in the queue: two cycles to read the gates, eight in scale_unit.

module scale_stage #(
  parameter int Pixels          = 4,
  parameter int Channels        = 8,
  parameter int Lanes           = 1,
  parameter int GateLanes       = 1,
  parameter int QueueDepth      = 16,
  parameter int MultiplierWidth = 16,
  parameter     ScalarsFile     = "scalars.hex"
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,

  input  logic                   a_valid_i,
  output logic                   a_ready_o,
  input  logic [8*Lanes-1:0]     a_data_i,
  input  logic                   b_valid_i,
  output logic                   b_ready_o,
  input  logic [8*GateLanes-1:0] b_data_i,

  output logic                   valid_o,
  input  logic                   ready_i,
  output logic [8*Lanes-1:0]     data_o
);

  localparam int ConstantsWidth = 6 + MultiplierWidth + 16;
  localparam int GateSlots      = 2;
  localparam int Groups         = Channels / Lanes;
  localparam int GateBeats      = Channels / GateLanes;
  localparam int GroupWidth     = (Groups > 1) ? $clog2(Groups) : 1;
  localparam int PixelWidth     = (Pixels > 1) ? $clog2(Pixels) : 1;
  localparam int GateWidth      = (GateBeats > 1) ? $clog2(GateBeats) : 1;

  logic [24+ConstantsWidth-1:0] scalars;
  logic [GroupWidth-1:0]        group_q;
  logic [PixelWidth-1:0]        pixel_q;
  logic [GateWidth-1:0]         gate_q;
  logic                         last_group, last_pixel, frame_end, first_gate, place, gates, credit;
  logic                         take, take_gate, result_valid, room;
  logic [1:0]                   valid_q;
  logic [8*Lanes-1:0]           a_q, a2_q, gate, result;

  assign last_group = (group_q == GroupWidth'(Groups - 1));
  assign last_pixel = (pixel_q == PixelWidth'(Pixels - 1));
  assign first_gate = (gate_q == '0);
  assign a_ready_o  = gates && credit;
  assign b_ready_o  = place || !first_gate;
  assign take       = a_valid_i && a_ready_o;
  assign take_gate  = b_valid_i && b_ready_o;
  assign frame_end  = take && last_group && last_pixel;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      group_q <= '0;
      pixel_q <= '0;
      gate_q  <= '0;
      valid_q <= '0;
    end else begin
      valid_q <= {valid_q[0], take};
      if (take) begin
        group_q <= last_group ? '0 : group_q + 1'b1;
        if (last_group) begin
          pixel_q <= last_pixel ? '0 : pixel_q + 1'b1;
        end
      end
      if (take_gate) begin
        gate_q <= (gate_q == GateWidth'(GateBeats - 1)) ? '0 : gate_q + 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    a_q  <= a_data_i;
    a2_q <= a_q;
  end

  credit_counter #(
    .Credits (GateSlots)
  ) u_gate_slots (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .available_o (place),
    .spend_i     (take_gate && first_gate),
    .return_i    (frame_end)
  );

  credit_counter #(
    .Credits (QueueDepth)
  ) u_credits (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .available_o (credit),
    .spend_i     (take),
    .return_i    (valid_o && ready_i)
  );

  // The gates of a frame are one pixel, read again for each pixel of the frame.
  pixel_buffer #(
    .Channels   (Channels),
    .Pixels     (GateSlots),
    .WriteLanes (GateLanes),
    .ReadLanes  (Lanes)
  ) u_gates (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .valid_i     (take_gate),
    .data_i      (b_data_i),
    .available_o (gates),
    .read_i      (take),
    .release_i   (frame_end),
    .data_o      (gate)
  );

  rom #(
    .Width (24 + ConstantsWidth),
    .Depth (1),
    .File  (ScalarsFile)
  ) u_scalars (
    .clk_i  (clk_i),
    .addr_i (1'b0),
    .data_o (scalars)
  );

  scale_unit #(
    .Lanes           (Lanes),
    .MultiplierWidth (MultiplierWidth)
  ) u_scale (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .constants_i  (scalars[ConstantsWidth-1:0]),
    .zero_point_i (scalars[ConstantsWidth +: 8]),
    .low_i        (scalars[ConstantsWidth+8 +: 8]),
    .high_i       (scalars[ConstantsWidth+16 +: 8]),
    .valid_i      (valid_q[1]),
    .a_i          (a2_q),
    .b_i          (gate),
    .valid_o      (result_valid),
    .data_o       (result)
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

  // The credits make the queue's ready redundant.
  logic unused_room;
  assign unused_room = room;

  initial begin
    if (Lanes < 1 || Channels % Lanes != 0) begin
      $fatal(1, "scale_stage: Lanes (%0d) must divide Channels (%0d)", Lanes, Channels);
    end
    if (Pixels < 1) begin
      $fatal(1, "scale_stage: Pixels (%0d) must be at least 1", Pixels);
    end
  end

endmodule
