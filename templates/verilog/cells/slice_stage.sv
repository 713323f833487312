// slice_stage: the pixels and channels of a frame that a slice keeps; a stream of int8 in and out.
//
// In:  ready/valid, Lanes channels a beat, NHWC order. Out: alike, the beats at rows RowStart,
//      RowStart + RowStep, ... (Rows of them), columns alike, and of a pixel ChannelCount channels
//      from ChannelStart on. A 1 x 1 layer with a stride is a slice and a 1 x 1 layer.
//
// A beat that is dropped is taken at once; one that is kept goes through a register slice, a cycle.

module slice_stage #(
  parameter int Height       = 8,
  parameter int Width        = 8,
  parameter int Channels     = 8,
  parameter int RowStart     = 0,
  parameter int RowStep      = 2,
  parameter int Rows         = 4,
  parameter int ColumnStart  = 0,
  parameter int ColumnStep   = 2,
  parameter int Columns      = 4,
  parameter int ChannelStart = 0,
  parameter int ChannelCount = 8,
  parameter int Lanes        = 1
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

  localparam int Groups     = Channels / Lanes;
  localparam int GroupWidth = $clog2(Groups + 1);
  localparam int XWidth     = $clog2(Width + ColumnStep + 1);
  localparam int YWidth     = $clog2(Height + RowStep + 1);

  localparam int FirstGroup = ChannelStart / Lanes;
  localparam int KeptGroups = ChannelCount / Lanes;
  // The row and column after the last that are kept.
  localparam int EndRow     = RowStart + (Rows - 1)*RowStep + 1;
  localparam int EndColumn  = ColumnStart + (Columns - 1)*ColumnStep + 1;

  // The next row and column to keep; they stay when there is none left.
  logic [GroupWidth-1:0] group_q;
  logic [XWidth-1:0]     x_q, next_x_q;
  logic [YWidth-1:0]     y_q, next_y_q;
  logic                  last_group, last_x, last_y, keep_group, keep, take, room;

  assign last_group = (group_q == GroupWidth'(Groups - 1));
  assign last_x     = (x_q == XWidth'(Width - 1));
  assign last_y     = (y_q == YWidth'(Height - 1));
  // A number below the first wraps beyond the last.
  assign keep_group = GroupWidth'(group_q - GroupWidth'(FirstGroup)) < GroupWidth'(KeptGroups);
  assign keep       = keep_group && (x_q == next_x_q) && (y_q == next_y_q) &&
                      (x_q < XWidth'(EndColumn)) && (y_q < YWidth'(EndRow));
  assign ready_o    = room || !keep;
  assign take       = valid_i && ready_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      group_q  <= '0;
      x_q      <= '0;
      y_q      <= '0;
      next_x_q <= XWidth'(ColumnStart);
      next_y_q <= YWidth'(RowStart);
    end else if (take) begin
      group_q <= last_group ? '0 : group_q + 1'b1;
      if (last_group) begin
        x_q <= last_x ? '0 : x_q + 1'b1;
        if (last_x) begin
          next_x_q <= XWidth'(ColumnStart);
          y_q      <= last_y ? '0 : y_q + 1'b1;
          if (last_y) begin
            next_y_q <= YWidth'(RowStart);
          end else if (y_q == next_y_q) begin
            next_y_q <= next_y_q + YWidth'(RowStep);
          end
        end else if (x_q == next_x_q) begin
          next_x_q <= next_x_q + XWidth'(ColumnStep);
        end
      end
    end
  end

  skid_buffer #(
    .Width (8*Lanes)
  ) u_slice (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (valid_i && keep),
    .ready_o (room),
    .data_i  (data_i),
    .valid_o (valid_o),
    .ready_i (ready_i),
    .data_o  (data_o)
  );

  initial begin
    if (Lanes < 1 || Channels % Lanes != 0 || ChannelStart % Lanes != 0 ||
        ChannelCount % Lanes != 0) begin
      $fatal(1, "slice_stage: Lanes (%0d) must divide Channels (%0d), ChannelStart (%0d) and ",
             Lanes, Channels, ChannelStart, "ChannelCount (%0d)", ChannelCount);
    end
    if (RowStep < 1 || ColumnStep < 1 || Rows < 1 || Columns < 1 || ChannelCount < 1 ||
        EndRow > Height || EndColumn > Width || ChannelStart + ChannelCount > Channels) begin
      $fatal(1, "slice_stage: rows to %0d of %0d, columns to %0d of %0d, channels to %0d of %0d",
             EndRow, Height, EndColumn, Width, ChannelStart + ChannelCount, Channels);
    end
  end

endmodule
