// systolic_ws: matrix product [pixels x depth] times [depth x filters] on a weight-stationary
// array, with its operand memories, controller and accumulators.
//
// Write both memories, then pulse start_i with the sizes, which the words in the memories must
// match; busy_o until all sums are out. Words, the lowest lane first, zero where there is none:
//   weights:  for each tile of Columns filters, for each tile of Rows depths, last depth first:
//             Columns weights of a depth;
//   operands: for each tile of Rows depths, for each pixel: Rows operands.
// Out: the sums of column j at sum_o[j] with valid_o[j], for each filter tile all pixels. Columns
// leave one cycle after another, and there is no ready.
//
// Cycles between first vector and last sum are those of AccelSim's simulator; the memories add one
// in front, the accumulators one behind.

module systolic_ws #(
  parameter int Rows            = 4,
  parameter int Columns         = 4,
  parameter int OperandWidth    = 8,
  parameter int SumWidth        = 32,
  parameter int SumDepth        = 64,
  parameter int LeftDepth       = 256,
  parameter int TopDepth        = 256,
  parameter int SizeWidth       = 16,
  parameter bit Pipelined       = 1'b1,
  parameter bit ProductRegister = 1'b0,
  localparam int LeftAddrWidth  = (LeftDepth > 1) ? $clog2(LeftDepth) : 1,
  localparam int TopAddrWidth   = (TopDepth > 1) ? $clog2(TopDepth) : 1
) (
  input  logic                            clk_i,
  input  logic                            rst_ni,

  input  logic                            left_write_i,
  input  logic [LeftAddrWidth-1:0]        left_address_i,
  input  logic [Rows*OperandWidth-1:0]    left_data_i,

  input  logic                            top_write_i,
  input  logic [TopAddrWidth-1:0]         top_address_i,
  input  logic [Columns*OperandWidth-1:0] top_data_i,

  input  logic                            start_i,
  input  logic [SizeWidth-1:0]            pixels_i,
  input  logic [SizeWidth-1:0]            depth_i,
  input  logic [SizeWidth-1:0]            filters_i,
  output logic                            busy_o,

  output logic [Columns-1:0]              valid_o,
  output logic [Columns*SumWidth-1:0]     sum_o,

  // A vector enters the array; a sum of column j leaves it.
  output logic                            enters_o,
  output logic [Columns-1:0]              leaves_o
);

  localparam int AddrWidth    = (LeftAddrWidth > TopAddrWidth) ? LeftAddrWidth : TopAddrWidth;
  localparam int ColumnsWidth = $clog2(Columns + 1);
  localparam int SumAddrWidth = (SumDepth > 1) ? $clog2(SumDepth) : 1;
  localparam int TokenWidth   = ColumnsWidth + 2 + SumAddrWidth;

  logic                            weight_read, data_read, first, add, emit, sequencer_busy;
  logic [AddrWidth-1:0]            weight_address, data_address;
  logic [Rows-1:0]                 load;
  logic [ColumnsWidth-1:0]         columns;
  logic [SumAddrWidth-1:0]         sum_address;
  logic [Columns*OperandWidth-1:0] weights;
  logic [Rows*OperandWidth-1:0]    operands;
  logic [Columns*SumWidth-1:0]     sums;

  assign enters_o = load[0] || columns != '0;
  assign busy_o   = sequencer_busy || enters_o || (leaves_o != '0) || (valid_o != '0);

  ws_sequencer #(
    .Rows            (Rows),
    .Columns         (Columns),
    .SumDepth        (SumDepth),
    .SizeWidth       (SizeWidth),
    .AddrWidth       (AddrWidth),
    .Pipelined       (Pipelined),
    .ProductRegister (ProductRegister)
  ) u_sequencer (
    .clk_i            (clk_i),
    .rst_ni           (rst_ni),
    .start_i          (start_i),
    .pixels_i         (pixels_i),
    .depth_i          (depth_i),
    .filters_i        (filters_i),
    .busy_o           (sequencer_busy),
    .weight_read_o    (weight_read),
    .weight_address_o (weight_address),
    .data_read_o      (data_read),
    .data_address_o   (data_address),
    .load_o           (load),
    .first_o          (first),
    .columns_o        (columns),
    .add_o            (add),
    .emit_o           (emit),
    .sum_address_o    (sum_address)
  );

  operand_memory #(
    .Width (Columns*OperandWidth),
    .Depth (TopDepth)
  ) u_weights (
    .clk_i           (clk_i),
    .write_i         (top_write_i),
    .write_address_i (top_address_i),
    .write_data_i    (top_data_i),
    .read_i          (weight_read),
    .read_address_i  (TopAddrWidth'(weight_address)),
    .read_data_o     (weights)
  );

  operand_memory #(
    .Width (Rows*OperandWidth),
    .Depth (LeftDepth)
  ) u_operands (
    .clk_i           (clk_i),
    .write_i         (left_write_i),
    .write_address_i (left_address_i),
    .write_data_i    (left_data_i),
    .read_i          (data_read),
    .read_address_i  (LeftAddrWidth'(data_address)),
    .read_data_o     (operands)
  );

  ws_array #(
    .Rows            (Rows),
    .Columns         (Columns),
    .OperandWidth    (OperandWidth),
    .SumWidth        (SumWidth),
    .DoubleBuffer    (Pipelined),
    .ProductRegister (ProductRegister)
  ) u_array (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .load_i   (load),
    .weight_i (weights),
    .first_i  (first),
    .data_i   (operands),
    .sum_o    (sums)
  );

  // ---- Below the array: what is to be done with a sum arrives a cycle before it ----

  logic [TokenWidth-1:0] token;

  // Bits of one column beside those of the next.
  logic [(Columns+1)*ColumnsWidth-1:0] columns_at;
  logic [Columns:0]                    add_at, emit_at;
  logic [(Columns+1)*SumAddrWidth-1:0] address_at;

  delay_line #(
    .Width (TokenWidth),
    .Depth (Rows - 1 + (ProductRegister ? 1 : 0)),
    .Reset (1'b1)
  ) u_token_delay (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .data_i ({columns, add, emit, sum_address}),
    .data_o (token)
  );

  assign {columns_at[ColumnsWidth-1:0], add_at[0], emit_at[0], address_at[SumAddrWidth-1:0]} =
      token;

  for (genvar j = 0; j < Columns; j++) begin : gen_column
    column_accumulator #(
      .SumWidth     (SumWidth),
      .Depth        (SumDepth),
      .ColumnsWidth (ColumnsWidth)
    ) u_accumulator (
      .clk_i     (clk_i),
      .rst_ni    (rst_ni),
      .columns_i (columns_at[j*ColumnsWidth +: ColumnsWidth]),
      .add_i     (add_at[j]),
      .emit_i    (emit_at[j]),
      .address_i (address_at[j*SumAddrWidth +: SumAddrWidth]),
      .columns_o (columns_at[(j+1)*ColumnsWidth +: ColumnsWidth]),
      .add_o     (add_at[j+1]),
      .emit_o    (emit_at[j+1]),
      .address_o (address_at[(j+1)*SumAddrWidth +: SumAddrWidth]),
      .sum_i     (sums[j*SumWidth +: SumWidth]),
      .arrives_o (leaves_o[j]),
      .valid_o   (valid_o[j]),
      .sum_o     (sum_o[j*SumWidth +: SumWidth])
    );
  end

  logic unused_last;

  assign unused_last = (^columns_at[Columns*ColumnsWidth +: ColumnsWidth]) ^ add_at[Columns] ^
                       emit_at[Columns] ^
                       (^address_at[Columns*SumAddrWidth +: SumAddrWidth]);

  // The sequencer counts in the wider of the two memories' addresses.
  logic unused_address;
  assign unused_address = (^weight_address) ^ (^data_address);

  initial begin
    if (LeftDepth < 1 || TopDepth < 1) begin
      $fatal(1, "systolic_ws: LeftDepth (%0d) and TopDepth (%0d) must be at least 1",
             LeftDepth, TopDepth);
    end
  end

endmodule
