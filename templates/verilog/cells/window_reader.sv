// window_reader: schedule and line buffer of everything that slides a Kernel x Kernel window over a
// frame stream: convolution, depthwise convolution, pooling.
//
// In:  ready/valid, Lanes channels a beat, NHWC order, frames back to back.
// Out: reads of Lanes channels x Taps taps, one a cycle while permit_i, the taps two cycles after
//      read_o. For each output pixel, Sweeps times: for each group of Lanes channels,
//      Steps = Kernel*Kernel/Taps reads. first_o and last_o tell with read_o that it begins or ends
//      a result: the Steps reads of a group, or with WholeSweep all of a sweep. address_o counts
//      the reads of a pixel from 0, which is a weight's place in memory.
//
// An output row starts when its last input row is complete. Taps is 1, Kernel (a column of the
// window, from the top) or Kernel*Kernel (row-major). Rows that the window has passed are released
// with the row's last read; the frame's last output row also waits for, and releases, input rows
// that no window needs. Taps outside the frame read as pad_i, no padding is streamed; below and to
// the right it follows from the output size.

module window_reader #(
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
  parameter int Sweeps      = 1,
  parameter bit WholeSweep  = 1'b0,
  localparam int AddrWidth  = (Sweeps*(Channels/Lanes)*Kernel*Kernel/Taps > 1)
                              ? $clog2(Sweeps*(Channels/Lanes)*Kernel*Kernel/Taps) : 1
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic [7:0]                pad_i,

  input  logic                      valid_i,
  output logic                      ready_o,
  input  logic [8*Lanes-1:0]        data_i,

  input  logic                      permit_i,
  output logic                      read_o,
  output logic                      first_o,
  output logic                      last_o,
  output logic [AddrWidth-1:0]      address_o,
  output logic [8*Lanes*Taps-1:0]   taps_o
);

  localparam int Groups      = Channels / Lanes;
  localparam int TapRows     = (Taps == 1) ? 1 : Kernel;
  localparam int TapColumns  = (Taps == Kernel*Kernel) ? Kernel : 1;
  localparam int RowSteps    = Kernel / TapRows;
  localparam int ColumnSteps = Kernel / TapColumns;
  // The window's rows, and the next Stride rows that arrive meanwhile.
  localparam int Rows        = Kernel + Stride;
  localparam int ColumnBanks = (TapColumns > 1) ? Kernel : 1;
  localparam int BankWidth   = (Width + ColumnBanks - 1) / ColumnBanks;

  localparam int SlotWidth   = $clog2(Rows + 1);
  localparam int PhaseWidth  = $clog2(Kernel + 1);
  localparam int ColumnWidth = (BankWidth*Groups > 1) ? $clog2(BankWidth*Groups) : 1;
  localparam int YWidth      = $clog2(Height + 2*Kernel) + 1;
  localparam int XWidth      = $clog2(Width + 2*Kernel) + 1;
  localparam int OyWidth     = $clog2(OutHeight + 1);
  localparam int OxWidth     = $clog2(OutWidth + 1);
  localparam int GroupWidth  = $clog2(Groups + 1);
  localparam int SweepWidth  = $clog2(Sweeps + 1);

  // The slot of row -PadTop of the first frame, and how far the window's slot moves from a frame's
  // last output row to the next frame's first: both modulo Rows.
  localparam int FirstSlot   = (Rows - PadTop) % Rows;
  localparam int FrameMove   = (((Height - (OutHeight - 1)*Stride) % Rows) + Rows) % Rows;
  // Left window column, as bank and word, for x = -PadLeft.
  localparam int FirstBank   = (ColumnBanks > 1 && PadLeft > 0) ? Kernel - PadLeft : 0;
  localparam int FirstColumn = (ColumnBanks > 1) ? ((PadLeft > 0) ? -Groups : 0) : -PadLeft*Groups;

  // ---- Position of the next read ----

  logic [PhaseWidth-1:0]         tap_row_q, tap_column_q;
  logic [GroupWidth-1:0]         group_q;
  logic [OxWidth-1:0]            ox_q;
  logic [OyWidth-1:0]            oy_q;
  logic signed [YWidth-1:0]      y_q;        // row of the window's top
  logic signed [XWidth-1:0]      x_q;        // column of the window's left edge
  logic [SlotWidth-1:0]          slot_q;     // line buffer slot of row y_q
  logic [PhaseWidth-1:0]         bank_q;     // column x_q as bank ...
  logic [ColumnWidth-1:0]        column_q;   // ... and word, group 0 (wraps left of the frame)
  logic [ColumnWidth-1:0]        tap_word_q; // words from the window's left column to the tap's
  logic [SweepWidth-1:0]         sweep_q;
  logic [AddrWidth-1:0]          address_q;

  logic last_tap_column, last_step, last_group, last_sweep, last_x, last_y, pixel_end, row_end;
  logic issue;

  assign last_tap_column = (tap_column_q == PhaseWidth'(ColumnSteps - 1));
  assign last_step       = last_tap_column && (tap_row_q == PhaseWidth'(RowSteps - 1));
  assign last_group      = (group_q == GroupWidth'(Groups - 1));
  assign last_sweep      = (sweep_q == SweepWidth'(Sweeps - 1));
  assign last_x          = (ox_q == OxWidth'(OutWidth - 1));
  assign last_y          = (oy_q == OyWidth'(OutHeight - 1));
  assign pixel_end       = issue && last_step && last_group && last_sweep;
  assign row_end         = pixel_end && last_x;

  // ---- Rows: how many must be held for this output row, how many it gives back ----

  logic [SlotWidth-1:0]     held, release_rows;
  logic signed [YWidth-1:0] oldest, needed_end, next_oldest;

  assign oldest      = (y_q < 0) ? '0 : y_q;
  assign needed_end  = (last_y || y_q + YWidth'(Kernel) > YWidth'(Height)) ? YWidth'(Height)
                                                                           : y_q + YWidth'(Kernel);
  assign next_oldest = last_y                      ? YWidth'(Height)
                     : (y_q + YWidth'(Stride) < 0) ? '0
                                                   : y_q + YWidth'(Stride);
  assign release_rows = row_end ? SlotWidth'(next_oldest - oldest) : '0;

  assign issue = ($signed({1'b0, held}) >= (SlotWidth+1)'(needed_end - oldest)) && permit_i;

  assign read_o    = issue;
  assign first_o   = (tap_row_q == '0) && (tap_column_q == '0) &&
                     (!WholeSweep || group_q == '0);
  assign last_o    = last_step && (!WholeSweep || last_group);
  assign address_o = address_q;

  function automatic logic [SlotWidth-1:0] slot_after(
    input logic [SlotWidth-1:0] slot,
    input logic [SlotWidth-1:0] move
  );
    logic [SlotWidth:0] sum;
    sum = {1'b0, slot} + {1'b0, move};
    slot_after = (sum >= (SlotWidth+1)'(Rows)) ? SlotWidth'(sum - (SlotWidth+1)'(Rows))
                                               : SlotWidth'(sum);
  endfunction

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      tap_row_q     <= '0;
      tap_column_q  <= '0;
      tap_word_q    <= '0;
      group_q       <= '0;
      sweep_q       <= '0;
      address_q     <= '0;
    end else if (issue) begin
      tap_column_q  <= last_tap_column ? '0 : tap_column_q + 1'b1;
      tap_word_q    <= last_tap_column ? '0 : tap_word_q + ColumnWidth'(Groups);
      address_q     <= pixel_end ? '0 : address_q + 1'b1;
      if (last_tap_column) begin
        tap_row_q <= last_step ? '0 : tap_row_q + 1'b1;
      end
      if (last_step) begin
        group_q <= last_group ? '0 : group_q + 1'b1;
      end
      if (last_step && last_group) begin
        sweep_q <= last_sweep ? '0 : sweep_q + 1'b1;
      end
    end
  end

  logic                  next_column;
  logic [PhaseWidth-1:0] next_bank;

  if (ColumnBanks > 1) begin : gen_column_banks
    assign next_column = (bank_q >= PhaseWidth'(Kernel - Stride));
    assign next_bank   = next_column ? bank_q - PhaseWidth'(Kernel - Stride)
                                     : bank_q + PhaseWidth'(Stride);
  end else begin : gen_one_column_bank
    assign next_column = 1'b1;
    assign next_bank   = '0;
  end

  localparam int ColumnMove = (ColumnBanks > 1) ? Groups : Stride*Groups;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      ox_q     <= '0;
      oy_q     <= '0;
      x_q      <= XWidth'(-PadLeft);
      y_q      <= YWidth'(-PadTop);
      slot_q   <= SlotWidth'(FirstSlot);
      bank_q   <= PhaseWidth'(FirstBank);
      column_q <= ColumnWidth'(FirstColumn);
    end else if (row_end) begin
      ox_q     <= '0;
      x_q      <= XWidth'(-PadLeft);
      bank_q   <= PhaseWidth'(FirstBank);
      column_q <= ColumnWidth'(FirstColumn);
      oy_q     <= last_y ? '0 : oy_q + 1'b1;
      y_q      <= last_y ? YWidth'(-PadTop) : y_q + YWidth'(Stride);
      slot_q   <= slot_after(slot_q, last_y ? SlotWidth'(FrameMove) : SlotWidth'(Stride));
    end else if (pixel_end) begin
      ox_q   <= ox_q + 1'b1;
      x_q    <= x_q + XWidth'(Stride);
      bank_q <= next_bank;
      if (next_column) begin
        column_q <= column_q + ColumnWidth'(ColumnMove);
      end
    end
  end

  // ---- Window ----

  logic [TapRows-1:0]                      row_inside;
  logic [TapColumns-1:0]                   column_inside;

  for (genvar r = 0; r < TapRows; r++) begin : gen_row_inside
    logic signed [YWidth-1:0] row;
    assign row           = y_q + YWidth'(tap_row_q) + YWidth'(r);
    assign row_inside[r] = (row >= 0) && (row < YWidth'(Height));
  end

  for (genvar c = 0; c < TapColumns; c++) begin : gen_column_inside
    logic signed [XWidth-1:0] column;
    assign column           = x_q + XWidth'(tap_column_q) + XWidth'(c);
    assign column_inside[c] = (column >= 0) && (column < XWidth'(Width));
  end

  line_buffer #(
    .Width      (Width),
    .Lanes      (Lanes),
    .Groups     (Groups),
    .Kernel     (Kernel),
    .Rows       (Rows),
    .TapRows    (TapRows),
    .TapColumns (TapColumns)
  ) u_line_buffer (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .valid_i         (valid_i),
    .ready_o         (ready_o),
    .data_i          (data_i),
    .held_o          (held),
    .release_i       (release_rows),
    .read_i          (issue),
    .slot_i          (slot_after(slot_q, SlotWidth'(tap_row_q))),
    .column_i        (column_q + tap_word_q + ColumnWidth'(group_q)),
    .bank_i          (bank_q),
    .row_inside_i    (row_inside),
    .column_inside_i (column_inside),
    .pad_i           (pad_i),
    .taps_o          (taps_o)
  );

  initial begin
    if (Lanes < 1 || Channels % Lanes != 0) begin
      $fatal(1, "window_reader: Lanes (%0d) must divide Channels (%0d)", Lanes, Channels);
    end
    if (Taps != 1 && Taps != Kernel && Taps != Kernel*Kernel) begin
      $fatal(1, "window_reader: Taps (%0d) must be 1, Kernel (%0d) or Kernel*Kernel (%0d)",
             Taps, Kernel, Kernel*Kernel);
    end
    if (Stride < 1 || Stride > Kernel) begin
      $fatal(1, "window_reader: Stride (%0d) must be 1 to Kernel (%0d)",
             Stride, Kernel);
    end
    if (PadTop < 0 || PadTop >= Kernel || PadLeft < 0 || PadLeft >= Kernel) begin
      $fatal(1, "window_reader: PadTop (%0d) and PadLeft (%0d) must be less than Kernel (%0d)",
             PadTop, PadLeft, Kernel);
    end
    if ((OutHeight - 1)*Stride - PadTop >= Height || (OutWidth - 1)*Stride - PadLeft >= Width) begin
      $fatal(1, "window_reader: the last of %0d x %0d windows begins outside the %0d x %0d frame",
             OutHeight, OutWidth, Height, Width);
    end
    if (Height + PadTop - (OutHeight - 1)*Stride > Rows) begin
      $fatal(1, "window_reader: %0d rows from the last window on do not fit the buffer's %0d",
             Height + PadTop - (OutHeight - 1)*Stride, Rows);
    end
    if (Sweeps < 1) begin
      $fatal(1, "window_reader: Sweeps (%0d) must be at least 1", Sweeps);
    end
  end

endmodule
