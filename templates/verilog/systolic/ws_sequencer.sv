// ws_sequencer: folds of a matrix product on a weight-stationary array, one after another.
//
// [pixels x depth] times [depth x filters]. Rows of the array hold depth, columns filters, pixels
// stream. For each tile of Columns filters, for each piece of at most SumDepth pixels, for each
// tile of Rows depths: load r rows of weights, stream the piece. A product no deeper than Rows has
// no sums to keep and is not cut into pieces.
//
// Pipelined: weights load behind the running stream, from the cycle in which it starts; a stream
// starts when the one before is through and its weights are there. Otherwise a fold begins when
// the last sum of the one before has left.
//
// Memories answer a cycle after the address. Weights: for each filter tile depth words, those of a
// depth tile in the order of loading, its last row first. Operands: for each depth tile a word for
// each pixel. What goes to the array is registered, so that it meets the words that were read.

module ws_sequencer #(
  parameter int Rows            = 4,
  parameter int Columns         = 4,
  parameter int SumDepth        = 64,
  parameter int SizeWidth       = 16,
  parameter int AddrWidth       = 16,
  parameter bit Pipelined       = 1'b1,
  parameter bit ProductRegister = 1'b0,
  localparam int ColumnsWidth   = $clog2(Columns + 1),
  localparam int SumAddrWidth   = (SumDepth > 1) ? $clog2(SumDepth) : 1
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,

  input  logic                    start_i,
  input  logic [SizeWidth-1:0]    pixels_i,
  input  logic [SizeWidth-1:0]    depth_i,
  input  logic [SizeWidth-1:0]    filters_i,
  output logic                    busy_o,

  output logic                    weight_read_o,
  output logic [AddrWidth-1:0]    weight_address_o,
  output logic                    data_read_o,
  output logic [AddrWidth-1:0]    data_address_o,

  output logic [Rows-1:0]         load_o,
  output logic                    first_o,
  output logic [ColumnsWidth-1:0] columns_o,
  output logic                    add_o,
  output logic                    emit_o,
  output logic [SumAddrWidth-1:0] sum_address_o
);

  localparam int WaitWidth = $clog2(Rows + Columns + 4);

  // From a stream's last vector to the cycle after the last sum has left, for one column.
  localparam int Fill = Rows - 1 + (ProductRegister ? 1 : 0);

  localparam logic [SizeWidth-1:0] RowsSize    = SizeWidth'(Rows);
  localparam logic [SizeWidth-1:0] ColumnsSize = SizeWidth'(Columns);
  localparam logic [SizeWidth-1:0] SumsSize    = SizeWidth'(SumDepth);

  // ---- The product ----

  logic [SizeWidth-1:0] pixels_q, depth_q, piece_q;

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      pixels_q <= pixels_i;
      depth_q  <= depth_i;
      piece_q  <= (depth_i <= RowsSize || pixels_i <= SumsSize) ? pixels_i : SumsSize;
    end
  end

  // ---- Loading: what is left of each axis, this fold included ----

  logic [SizeWidth-1:0] load_depth_q, load_pixels_q, load_filters_q, load_step_q, load_rows;
  logic [AddrWidth-1:0] weight_address_q, weight_base_q;
  logic                 load_left_q, loaded_q, may_load, load, load_end;
  logic                 start, stream, stream_end, waiting;

  assign load_rows        = (load_depth_q < RowsSize) ? load_depth_q : RowsSize;
  assign load             = load_left_q && (load_step_q != '0 || may_load);
  assign load_end         = load && (load_step_q == load_rows - 1'b1);
  assign weight_read_o    = load;
  assign weight_address_o = weight_address_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      load_left_q <= 1'b0;
      loaded_q    <= 1'b0;
    end else begin
      if (start_i) begin
        load_left_q <= 1'b1;
      end else if (load_end && load_depth_q <= RowsSize && load_pixels_q <= piece_q &&
                   load_filters_q <= ColumnsSize) begin
        load_left_q <= 1'b0;
      end
      loaded_q <= load_end || (loaded_q && !start);
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      load_depth_q     <= depth_i;
      load_pixels_q    <= pixels_i;
      load_filters_q   <= filters_i;
      load_step_q      <= '0;
      weight_address_q <= '0;
      weight_base_q    <= '0;
    end else if (load) begin
      load_step_q      <= load_end ? '0 : load_step_q + 1'b1;
      weight_address_q <= weight_address_q + 1'b1;
      if (load_end) begin
        load_depth_q <= load_depth_q - RowsSize;
        if (load_depth_q <= RowsSize) begin
          load_depth_q  <= depth_q;
          load_pixels_q <= load_pixels_q - piece_q;
          if (load_pixels_q > piece_q) begin
            weight_address_q <= weight_base_q;
          end else begin
            load_pixels_q  <= pixels_q;
            load_filters_q <= load_filters_q - ColumnsSize;
            weight_base_q  <= weight_address_q + 1'b1;
          end
        end
      end
    end
  end

  // ---- Streaming ----

  logic [SizeWidth-1:0]    depth_left_q, pixels_left_q, filters_left_q, step_q, steps;
  logic [AddrWidth-1:0]    fold_base_q, piece_base_q;
  logic [ColumnsWidth-1:0] columns;
  logic                    stream_left_q, last_depth;

  assign steps          = (pixels_left_q < piece_q) ? pixels_left_q : piece_q;
  assign columns        = ColumnsWidth'((filters_left_q < ColumnsSize) ? filters_left_q
                                                                      : ColumnsSize);
  assign last_depth     = (depth_left_q <= RowsSize);
  assign start          = stream_left_q && loaded_q && (step_q == '0);
  assign stream         = start || (step_q != '0);
  assign stream_end     = stream && (step_q == steps - 1'b1);
  assign data_read_o    = stream;
  assign data_address_o = fold_base_q + AddrWidth'(step_q);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      stream_left_q <= 1'b0;
      step_q        <= '0;
    end else if (start_i) begin
      stream_left_q <= 1'b1;
      step_q        <= '0;
    end else if (stream) begin
      step_q <= stream_end ? '0 : step_q + 1'b1;
      if (stream_end && last_depth && pixels_left_q <= piece_q && filters_left_q <= ColumnsSize)
      begin
        stream_left_q <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      depth_left_q   <= depth_i;
      pixels_left_q  <= pixels_i;
      filters_left_q <= filters_i;
      fold_base_q    <= '0;
      piece_base_q   <= '0;
    end else if (stream_end) begin
      depth_left_q <= depth_left_q - RowsSize;
      fold_base_q  <= fold_base_q + AddrWidth'(pixels_q);
      if (last_depth) begin
        depth_left_q  <= depth_q;
        pixels_left_q <= pixels_left_q - piece_q;
        fold_base_q   <= piece_base_q + AddrWidth'(piece_q);
        piece_base_q  <= piece_base_q + AddrWidth'(piece_q);
        if (pixels_left_q <= piece_q) begin
          pixels_left_q  <= pixels_q;
          filters_left_q <= filters_left_q - ColumnsSize;
          fold_base_q    <= '0;
          piece_base_q   <= '0;
        end
      end
    end
  end

  // ---- When a fold may load, and when the last one has left ----

  logic [WaitWidth-1:0] wait_q;

  assign waiting = (wait_q != '0);
  assign busy_o  = load_left_q || stream_left_q || waiting;

  if (Pipelined) begin : gen_pipelined
    assign may_load = !loaded_q || start;
  end else begin : gen_serial
    assign may_load = !loaded_q && !stream && !waiting;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wait_q <= '0;
    end else if (stream_end) begin
      wait_q <= WaitWidth'(Fill - 1) + WaitWidth'(columns);
    end else if (waiting) begin
      wait_q <= wait_q - 1'b1;
    end
  end

  // ---- With the words from the memories ----

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      load_o    <= '0;
      first_o   <= 1'b0;
      columns_o <= '0;
    end else begin
      load_o    <= !load ? '0 : (load_step_q == '0) ? Rows'(1) : Rows'({load_o, 1'b1});
      first_o   <= start;
      columns_o <= stream ? columns : '0;
    end
  end

  always_ff @(posedge clk_i) begin
    add_o         <= (depth_left_q != depth_q);
    emit_o        <= last_depth;
    sum_address_o <= SumAddrWidth'(step_q);
  end

  initial begin
    if (Rows < 1 || Columns < 1 || SumDepth < 1) begin
      $fatal(1, "ws_sequencer: Rows (%0d), Columns (%0d) and SumDepth (%0d) must be at least 1",
             Rows, Columns, SumDepth);
    end
    if (SizeWidth < $clog2(Rows + 1) || SizeWidth < $clog2(Columns + 1) ||
        SizeWidth < $clog2(SumDepth + 1)) begin
      $fatal(1, "ws_sequencer: SizeWidth (%0d) must hold Rows (%0d), Columns (%0d), SumDepth (%0d)",
             SizeWidth, Rows, Columns, SumDepth);
    end
  end

endmodule
