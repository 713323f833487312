// line_buffer: keeps the last Rows rows of a frame stream and reads any K x K window of them.
//
// In:  Lanes channels a beat, Channels/Lanes = Groups beats a pixel, pixels in raster order, frames
//      without a gap. Rows form a ring of slots: while a window is read, the next rows already
//      arrive. A beat is taken while fewer than Rows complete rows are held.
// Out: TapRows x TapColumns taps of the window at once, two cycles after read_i: memories, then
//      rotation and padding. 1 x 1 needs one memory; K x 1 one for each slot, so that a column of
//      taps is read at once; K x K moreover one for every column modulo K, so that the whole window
//      is.
//
// The window is addressed by slot_i, the slot of its top row, and by column_i = (x /
// ColumnBanks)*Groups + group with bank_i = x % ColumnBanks of its left column x, which may be
// negative: column_i then wraps, and so do the sums made from it, so that taps inside the frame get
// a right address. row_inside_i and column_inside_i tell which tap rows and columns those are; the
// other taps read as pad_i whatever was addressed. held_o counts complete rows; release_i gives the
// oldest rows back, release_i of them.

module line_buffer #(
  parameter int Width      = 8,
  parameter int Lanes      = 1,
  parameter int Groups     = 1,
  parameter int Kernel     = 3,
  parameter int Rows       = 4,
  parameter int TapRows    = 3,
  parameter int TapColumns = 3,
  localparam int RowBanks    = (TapRows > 1) ? Rows : 1,
  localparam int ColumnBanks = (TapColumns > 1) ? Kernel : 1,
  localparam int BankWidth   = (Width + ColumnBanks - 1) / ColumnBanks,
  localparam int RowWords    = BankWidth * Groups,
  localparam int Depth       = RowWords * (Rows / RowBanks),
  localparam int SlotWidth   = $clog2(Rows + 1),
  localparam int PhaseWidth  = $clog2(Kernel + 1),
  localparam int ColumnWidth = (RowWords > 1) ? $clog2(RowWords) : 1
) (
  input  logic                            clk_i,
  input  logic                            rst_ni,

  input  logic                            valid_i,
  output logic                            ready_o,
  input  logic [8*Lanes-1:0]              data_i,

  output logic [SlotWidth-1:0]            held_o,
  input  logic [SlotWidth-1:0]            release_i,

  input  logic                            read_i,
  input  logic [SlotWidth-1:0]            slot_i,
  input  logic [ColumnWidth-1:0]          column_i,
  input  logic [PhaseWidth-1:0]           bank_i,
  input  logic [TapRows-1:0]              row_inside_i,
  input  logic [TapColumns-1:0]           column_inside_i,
  input  logic [7:0]                      pad_i,
  output logic [8*Lanes*TapRows*TapColumns-1:0] taps_o
);

  localparam int BeatWidth  = 8 * Lanes;
  localparam int AddrWidth  = (Depth > 1) ? $clog2(Depth) : 1;
  localparam int RowDepth   = (RowBanks > 1) ? 0 : RowWords;
  localparam int XWidth     = (Width > 1) ? $clog2(Width) : 1;
  localparam int GroupWidth = (Groups > 1) ? $clog2(Groups) : 1;

  // The first word of a slot, where slots share a memory: a table and not a product, for which a
  // synthesizer may take a multiplier.
  function automatic logic [AddrWidth-1:0] row_base(input logic [SlotWidth-1:0] slot);
    row_base = '0;
    for (int s = 1; s < Rows; s++) begin
      if (slot == SlotWidth'(s)) begin
        row_base = AddrWidth'(s * RowDepth);
      end
    end
  endfunction

  // ---- Stream side: the position of the next beat ----

  logic [SlotWidth-1:0]  slot_q;
  logic [XWidth-1:0]     x_q;
  logic [GroupWidth-1:0] group_q;
  logic [PhaseWidth-1:0] bank_q;
  logic [AddrWidth-1:0]  column_q;
  logic [SlotWidth-1:0]  held_q;
  logic                  write, last_group, last_bank, row_end;
  logic [AddrWidth-1:0]  write_addr;

  assign ready_o    = (held_q != SlotWidth'(Rows));
  assign held_o     = held_q;
  assign write      = valid_i && ready_o;
  assign last_group = (group_q == GroupWidth'(Groups - 1));
  assign last_bank  = (bank_q == PhaseWidth'(ColumnBanks - 1));
  assign row_end    = write && last_group && (x_q == XWidth'(Width - 1));
  assign write_addr = row_base(slot_q) + column_q + AddrWidth'(group_q);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      slot_q   <= '0;
      x_q      <= '0;
      group_q  <= '0;
      bank_q   <= '0;
      column_q <= '0;
      held_q   <= '0;
    end else begin
      held_q <= held_q + SlotWidth'(row_end) - release_i;
      if (write) begin
        group_q <= last_group ? '0 : group_q + 1'b1;
        if (row_end) begin
          x_q      <= '0;
          bank_q   <= '0;
          column_q <= '0;
          slot_q   <= (slot_q == SlotWidth'(Rows - 1)) ? '0 : slot_q + 1'b1;
        end else if (last_group) begin
          x_q    <= x_q + 1'b1;
          bank_q <= last_bank ? '0 : bank_q + 1'b1;
          if (last_bank) begin
            column_q <= column_q + AddrWidth'(Groups);
          end
        end
      end
    end
  end

  // ---- Read side, first cycle: all banks ----

  logic [BeatWidth*RowBanks*ColumnBanks-1:0] banks;

  for (genvar r = 0; r < RowBanks; r++) begin : gen_row_bank
    for (genvar c = 0; c < ColumnBanks; c++) begin : gen_column_bank
      // Only complete rows are read and only an incomplete one is written, so no word is read that
      // is being written: yosys need not add logic that keeps its old value.
      (* no_rw_check *)
      logic [BeatWidth-1:0]   mem [0:Depth-1];
      logic [BeatWidth-1:0]   read_q;
      logic                   bank_write;
      logic [ColumnWidth-1:0] word;
      logic [AddrWidth-1:0]   read_addr;

      assign bank_write = write && (RowBanks == 1 || slot_q == SlotWidth'(r)) &&
                          (ColumnBanks == 1 || bank_q == PhaseWidth'(c));
      // A bank left of the window's first holds its first tap one word further on.
      assign word       = column_i + ((PhaseWidth'(c) < bank_i) ? ColumnWidth'(Groups) : '0);
      assign read_addr  = row_base(slot_i) + AddrWidth'(word);

      always_ff @(posedge clk_i) begin
        if (bank_write) begin
          mem[write_addr] <= data_i;
        end
        if (read_i) begin
          read_q <= mem[read_addr];
        end
      end

      assign banks[BeatWidth*(r*ColumnBanks+c) +: BeatWidth] = read_q;
    end
  end

  // ---- Read side, second cycle: bank order to window order, padding ----

  logic [SlotWidth-1:0]  first_slot_q;
  logic [PhaseWidth-1:0] first_bank_q;
  logic [TapRows-1:0]    row_inside_q;
  logic [TapColumns-1:0] column_inside_q;

  always_ff @(posedge clk_i) begin
    first_slot_q    <= slot_i;
    first_bank_q    <= bank_i;
    row_inside_q    <= row_inside_i;
    column_inside_q <= column_inside_i;
  end

  // The rows of one column bank, rotated so that the window's top row comes first; then the
  // columns alike.
  function automatic logic [BeatWidth*TapRows-1:0] rotate_rows(
    input logic [BeatWidth*RowBanks-1:0] column,
    input logic [SlotWidth-1:0]          first
  );
    rotate_rows = column[BeatWidth*TapRows-1:0];
    for (int r = 0; r < TapRows; r++) begin
      for (int f = 1; f < RowBanks; f++) begin
        if (first == SlotWidth'(f)) begin
          rotate_rows[BeatWidth*r +: BeatWidth] = column[BeatWidth*((r+f) % RowBanks) +: BeatWidth];
        end
      end
    end
  endfunction

  function automatic logic [BeatWidth*ColumnBanks-1:0] rotate_columns(
    input logic [BeatWidth*ColumnBanks-1:0] row,
    input logic [PhaseWidth-1:0]            first
  );
    rotate_columns = row;
    for (int c = 0; c < ColumnBanks; c++) begin
      for (int f = 1; f < ColumnBanks; f++) begin
        if (first == PhaseWidth'(f)) begin
          rotate_columns[BeatWidth*c +: BeatWidth] =
              row[BeatWidth*((c+f) % ColumnBanks) +: BeatWidth];
        end
      end
    end
  endfunction

  logic [BeatWidth*TapRows*ColumnBanks-1:0] rows;

  for (genvar c = 0; c < ColumnBanks; c++) begin : gen_rotate_rows
    logic [BeatWidth*RowBanks-1:0] column;
    logic [BeatWidth*TapRows-1:0]  rotated;

    for (genvar r = 0; r < RowBanks; r++) begin : gen_gather
      assign column[BeatWidth*r +: BeatWidth] = banks[BeatWidth*(r*ColumnBanks+c) +: BeatWidth];
    end
    assign rotated = rotate_rows(column, first_slot_q);
    for (genvar t = 0; t < TapRows; t++) begin : gen_scatter
      assign rows[BeatWidth*(t*ColumnBanks+c) +: BeatWidth] = rotated[BeatWidth*t +: BeatWidth];
    end
  end

  for (genvar t = 0; t < TapRows; t++) begin : gen_tap_row
    logic [BeatWidth*ColumnBanks-1:0] window;
    assign window = rotate_columns(rows[BeatWidth*ColumnBanks*t +: BeatWidth*ColumnBanks],
                                   first_bank_q);

    for (genvar c = 0; c < TapColumns; c++) begin : gen_tap_column
      always_ff @(posedge clk_i) begin
        taps_o[BeatWidth*(t*TapColumns+c) +: BeatWidth] <=
            (row_inside_q[t] && column_inside_q[c]) ? window[BeatWidth*c +: BeatWidth]
                                                    : {Lanes{pad_i}};
      end
    end
  end

  initial begin
    if (!((TapRows == 1 && TapColumns == 1) || (TapRows == Kernel && TapColumns == 1) ||
          (TapRows == Kernel && TapColumns == Kernel))) begin
      $fatal(1, "line_buffer: taps %0d x %0d must be 1 x 1, Kernel x 1 or Kernel x Kernel (%0d)",
             TapRows, TapColumns, Kernel);
    end
    if (Width < 1 || Lanes < 1 || Groups < 1) begin
      $fatal(1, "line_buffer: Width (%0d), Lanes (%0d), Groups (%0d) must be at least 1",
             Width, Lanes, Groups);
    end
    if (Rows <= Kernel) begin
      $fatal(1, "line_buffer: Rows (%0d) must exceed Kernel (%0d), else reading blocks loading",
             Rows, Kernel);
    end
  end

`ifndef SYNTHESIS
  always @(posedge clk_i) begin
    if (!rst_ni) begin
      // Nothing holds before the first clock edge out of reset.
    end else if (release_i > held_q) begin
      $fatal(1, "line_buffer: %0d rows released, %0d held", release_i, held_q);
    end else if (write && (AddrWidth+1)'(write_addr) >= (AddrWidth+1)'(Depth)) begin
      $fatal(1, "line_buffer: write to word %0d of %0d", write_addr, Depth);
    end
  end

  // Where the count could not hold more there is nothing to compare.
  if (Rows + 1 < 2**SlotWidth) begin : gen_check_rows
    always @(posedge clk_i) begin
      if (rst_ni && held_q > SlotWidth'(Rows)) begin
        $fatal(1, "line_buffer: %0d rows held, there is room for %0d", held_q, Rows);
      end
    end
  end
`endif

endmodule
