// os_sequencer: folds of a matrix product on an output-stationary array, one after another.
//
// [pixels x depth] times [depth x filters]. Rows of the array hold pixels, columns filters, depth
// streams. For each tile of Rows pixels, for each tile of Columns filters: stream depth vectors
// from the left and from the top, then shift the sums out at the bottom.
//
// Pipelined: with two accumulators an element, a fold streams while the one before drains; it
// starts when its accumulator has been shifted out, and drains when its last product is in and the
// bottom edge is free. Otherwise a fold begins when the last sum of the one before has left.
//
// Memories answer a cycle after the address: a word for each depth, pixel tile by pixel tile on the
// left, filter tile by filter tile at the top. What goes to the array is registered, so that it
// meets the words that were read. columns_o goes with a drain: how many columns have a sum in it.

module os_sequencer #(
  parameter int Rows            = 4,
  parameter int Columns         = 4,
  parameter int SizeWidth       = 16,
  parameter int AddrWidth       = 16,
  parameter bit Pipelined       = 1'b1,
  parameter bit ProductRegister = 1'b0,
  localparam int ColumnsWidth   = $clog2(Columns + 1)
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,

  input  logic                    start_i,
  input  logic [SizeWidth-1:0]    pixels_i,
  input  logic [SizeWidth-1:0]    depth_i,
  input  logic [SizeWidth-1:0]    filters_i,
  output logic                    busy_o,

  output logic                    read_o,
  output logic [AddrWidth-1:0]    left_address_o,
  output logic [AddrWidth-1:0]    top_address_o,

  output logic [Rows-1:0]         valid_o,
  output logic                    first_o,
  output logic                    odd_o,
  output logic                    drain_o,
  output logic                    drain_odd_o,
  output logic [ColumnsWidth-1:0] columns_o
);

  localparam int RowsWidth = $clog2(Rows + 2);
  localparam int WaitWidth = $clog2(Columns + 3);

  localparam logic [SizeWidth-1:0] RowsSize    = SizeWidth'(Rows);
  localparam logic [SizeWidth-1:0] ColumnsSize = SizeWidth'(Columns);

  logic [SizeWidth-1:0] depth_q, filters_q;

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      depth_q   <= depth_i;
      filters_q <= filters_i;
    end
  end

  // ---- Streaming: what is left of each axis, this fold included ----

  logic [SizeWidth-1:0]    pixels_left_q, filters_left_q, step_q, rows;
  logic [AddrWidth-1:0]    left_base_q, top_base_q;
  logic [ColumnsWidth-1:0] columns;
  logic                    stream_left_q, odd_q, free, start, stream, stream_end, last_filters;
  logic                    drain, drain_end;

  assign rows           = (pixels_left_q < RowsSize) ? pixels_left_q : RowsSize;
  assign columns        = ColumnsWidth'((filters_left_q < ColumnsSize) ? filters_left_q
                                                                      : ColumnsSize);
  assign last_filters   = (filters_left_q <= ColumnsSize);
  assign start          = stream_left_q && (step_q == '0) && free;
  assign stream         = start || (step_q != '0);
  assign stream_end     = stream && (step_q == depth_q - 1'b1);
  assign read_o         = stream;
  assign left_address_o = left_base_q + AddrWidth'(step_q);
  assign top_address_o  = top_base_q + AddrWidth'(step_q);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      stream_left_q <= 1'b0;
      step_q        <= '0;
      odd_q         <= 1'b0;
    end else if (start_i) begin
      stream_left_q <= 1'b1;
      step_q        <= '0;
      odd_q         <= 1'b0;
    end else if (stream) begin
      step_q <= stream_end ? '0 : step_q + 1'b1;
      if (stream_end) begin
        odd_q <= Pipelined && !odd_q;
        if (last_filters && pixels_left_q <= RowsSize) begin
          stream_left_q <= 1'b0;
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      pixels_left_q  <= pixels_i;
      filters_left_q <= filters_i;
      left_base_q    <= '0;
      top_base_q     <= '0;
    end else if (stream_end) begin
      filters_left_q <= filters_left_q - ColumnsSize;
      top_base_q     <= top_base_q + AddrWidth'(depth_q);
      if (last_filters) begin
        filters_left_q <= filters_q;
        pixels_left_q  <= pixels_left_q - RowsSize;
        top_base_q     <= '0;
        left_base_q    <= left_base_q + AddrWidth'(depth_q);
      end
    end
  end

  // ---- Folds that have streamed, by accumulator: when the last product is in, what to drain ----

  logic [1:0]                complete_q;
  logic [2*RowsWidth-1:0]    missing_q, rows_q;
  logic [2*ColumnsWidth-1:0] columns_q;

  for (genvar a = 0; a < 2; a++) begin : gen_accumulator
    logic ends, drained;

    assign ends    = stream_end && (odd_q == (a == 1));
    assign drained = drain_end && (drain_odd_q == (a == 1));

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        complete_q[a] <= 1'b0;
      end else if (ends) begin
        complete_q[a] <= 1'b1;
      end else if (drained) begin
        complete_q[a] <= 1'b0;
      end
    end

    always_ff @(posedge clk_i) begin
      if (ends) begin
        missing_q[a*RowsWidth +: RowsWidth]       <= RowsWidth'(rows - 1'b1) +
                                                     RowsWidth'(ProductRegister);
        rows_q[a*RowsWidth +: RowsWidth]          <= RowsWidth'(rows);
        columns_q[a*ColumnsWidth +: ColumnsWidth] <= columns;
      end else if (missing_q[a*RowsWidth +: RowsWidth] != '0) begin
        missing_q[a*RowsWidth +: RowsWidth] <= missing_q[a*RowsWidth +: RowsWidth] - 1'b1;
      end
    end
  end

  // ---- Draining, in the order of streaming ----

  logic [RowsWidth-1:0]    drain_step_q, drain_missing, drain_rows;
  logic [ColumnsWidth-1:0] drain_columns;
  logic                    drain_odd_q;

  assign drain_missing = drain_odd_q ? missing_q[RowsWidth +: RowsWidth] : missing_q[RowsWidth-1:0];
  assign drain_rows    = drain_odd_q ? rows_q[RowsWidth +: RowsWidth] : rows_q[RowsWidth-1:0];
  assign drain_columns = drain_odd_q ? columns_q[ColumnsWidth +: ColumnsWidth]
                                     : columns_q[ColumnsWidth-1:0];
  assign drain         = (drain_step_q != '0) || (complete_q[drain_odd_q] && drain_missing == '0);
  assign drain_end     = drain && (drain_step_q == RowsWidth'(Rows - 1));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      drain_step_q <= '0;
      drain_odd_q  <= 1'b0;
    end else if (start_i) begin
      drain_odd_q <= 1'b0;
    end else if (drain) begin
      drain_step_q <= drain_end ? '0 : drain_step_q + 1'b1;
      if (drain_end) begin
        drain_odd_q <= Pipelined && !drain_odd_q;
      end
    end
  end

  // ---- When a fold may stream, and when the last one has left ----

  logic [1:0]           outstanding_q;   // folds begun and not drained
  logic [WaitWidth-1:0] wait_q;
  logic                 waiting;

  assign waiting = (wait_q != '0);
  assign busy_o  = stream_left_q || (outstanding_q != '0) || waiting;

  if (Pipelined) begin : gen_pipelined
    assign free = (outstanding_q != 2'd2);
  end else begin : gen_serial
    assign free = (outstanding_q == '0) && !waiting;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      outstanding_q <= '0;
      wait_q        <= '0;
    end else begin
      outstanding_q <= outstanding_q + 2'(start) - 2'(drain_end);
      if (drain_end) begin
        wait_q <= WaitWidth'(drain_columns) - 1'b1;
      end else if (waiting) begin
        wait_q <= wait_q - 1'b1;
      end
    end
  end

  // ---- With the words from the memories ----

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_o   <= '0;
      drain_o   <= 1'b0;
      columns_o <= '0;
    end else begin
      for (int i = 0; i < Rows; i++) begin
        valid_o[i] <= stream && (SizeWidth'(i) < rows);
      end
      drain_o   <= drain;
      // The lowest rows leave first; those without a pixel have no sum.
      columns_o <= (drain && RowsWidth'(Rows - 1) - drain_step_q < drain_rows) ? drain_columns : '0;
    end
  end

  always_ff @(posedge clk_i) begin
    first_o     <= start;
    odd_o       <= odd_q;
    drain_odd_o <= drain_odd_q;
  end

  initial begin
    if (Rows < 1 || Columns < 1) begin
      $fatal(1, "os_sequencer: Rows (%0d) and Columns (%0d) must be at least 1", Rows, Columns);
    end
    if (SizeWidth < $clog2(Rows + 1) || SizeWidth < $clog2(Columns + 1)) begin
      $fatal(1, "os_sequencer: SizeWidth (%0d) must hold Rows (%0d) and Columns (%0d)",
             SizeWidth, Rows, Columns);
    end
  end

endmodule
