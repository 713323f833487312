// pad_stage: a frame with rows, columns and channels of one code around it; a stream of int8 in and
// out.
//
// In:  ready/valid, Lanes channels a beat, NHWC order. Out: alike, frames of OutHeight x OutWidth
//      pixels of OutChannels channels, in which the input stands from row PadTop, column PadLeft
//      and channel PadChannels on. scalars.hex, one word of 8 bits, is the code of the rest.
//
// A beat a cycle into a register slice, from the input or of the code: a cycle. A frame begins when
// its first input beat is there, whether that comes first or not.

module pad_stage #(
  parameter int Height      = 8,
  parameter int Width       = 8,
  parameter int Channels    = 8,
  parameter int PadTop      = 0,
  parameter int PadLeft     = 0,
  parameter int PadChannels = 4,
  parameter int OutHeight   = 8,
  parameter int OutWidth    = 8,
  parameter int OutChannels = 16,
  parameter int Lanes       = 1,
  parameter     ScalarsFile = "scalars.hex"
) (
  input  logic               clk_i,
  input  logic               rst_ni,

  input  logic               valid_i,
  output logic               ready_o,
  input  logic [8*Lanes-1:0] data_i,

  output logic               valid_o,
  input  logic               ready_i,
  output logic [8*Lanes-1:0] data_o
);

  localparam int Groups     = OutChannels / Lanes;
  localparam int FirstGroup = PadChannels / Lanes;
  localparam int InGroups   = Channels / Lanes;
  localparam int GroupWidth = $clog2(Groups + 1);
  localparam int XWidth     = $clog2(OutWidth + 1);
  localparam int YWidth     = $clog2(OutHeight + 1);

  logic [7:0]            code;
  logic [GroupWidth-1:0] group_q;
  logic [XWidth-1:0]     x_q;
  logic [YWidth-1:0]     y_q;
  logic                  last_group, last_x, last_y, first, hit_channels, hit, offer, room;

  assign last_group = (group_q == GroupWidth'(Groups - 1));
  assign last_x     = (x_q == XWidth'(OutWidth - 1));
  assign last_y     = (y_q == YWidth'(OutHeight - 1));

  assign first      = (group_q == '0) && (x_q == '0) && (y_q == '0);

  // A number below the first wraps beyond the last.
  assign hit_channels = GroupWidth'(group_q - GroupWidth'(FirstGroup)) < GroupWidth'(InGroups);
  assign hit          = hit_channels && (XWidth'(x_q - XWidth'(PadLeft)) < XWidth'(Width)) &&
                        (YWidth'(y_q - YWidth'(PadTop)) < YWidth'(Height));

  assign offer   = valid_i || (!hit && !first);
  assign ready_o = room && hit;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      group_q <= '0;
      x_q     <= '0;
      y_q     <= '0;
    end else if (offer && room) begin
      group_q <= last_group ? '0 : group_q + 1'b1;
      if (last_group) begin
        x_q <= last_x ? '0 : x_q + 1'b1;
        if (last_x) begin
          y_q <= last_y ? '0 : y_q + 1'b1;
        end
      end
    end
  end

  rom #(
    .Width (8),
    .Depth (1),
    .File  (ScalarsFile)
  ) u_scalars (
    .clk_i  (clk_i),
    .addr_i (1'b0),
    .data_o (code)
  );

  skid_buffer #(
    .Width (8*Lanes)
  ) u_slice (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (offer),
    .ready_o (room),
    .data_i  (hit ? data_i : {Lanes{code}}),
    .valid_o (valid_o),
    .ready_i (ready_i),
    .data_o  (data_o)
  );

  initial begin
    if (Lanes < 1 || Channels % Lanes != 0 || PadChannels % Lanes != 0 ||
        OutChannels % Lanes != 0) begin
      $fatal(1, "pad_stage: Lanes (%0d) must divide Channels (%0d), PadChannels (%0d) and ",
             Lanes, Channels, PadChannels, "OutChannels (%0d)", OutChannels);
    end
    if (PadTop + Height > OutHeight || PadLeft + Width > OutWidth ||
        PadChannels + Channels > OutChannels) begin
      $fatal(1, "pad_stage: rows to %0d of %0d, columns to %0d of %0d, channels to %0d of %0d",
             PadTop + Height, OutHeight, PadLeft + Width, OutWidth, PadChannels + Channels,
             OutChannels);
    end
  end

endmodule
