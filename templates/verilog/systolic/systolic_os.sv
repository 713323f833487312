// systolic_os: matrix product [pixels x depth] times [depth x filters] on an output-stationary
// array, with its operand memories and controller.
//
// Write both memories, then pulse start_i with the sizes, which the words in the memories must
// match; busy_o until all sums are out. Words, the lowest lane first, zero where there is none:
//   left: for each tile of Rows pixels, for each depth: Rows operands;
//   top:  for each tile of Columns filters, for each depth: Columns weights.
// Out: the sums of column j at sum_o[j] with valid_o[j], for each pixel tile and filter tile, the
// last pixel first. Columns leave one cycle after another, and there is no ready.
//
// Cycles between first vector and last sum are those of AccelSim's simulator; the memories add one
// in front.

module systolic_os #(
  parameter int Rows            = 4,
  parameter int Columns         = 4,
  parameter int OperandWidth    = 8,
  parameter int SumWidth        = 32,
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

  logic                            read, first, odd, drain, drain_odd, sequencer_busy;
  logic [AddrWidth-1:0]            left_address, top_address;
  logic [Rows-1:0]                 valid;
  logic [ColumnsWidth-1:0]         columns;
  logic [Columns*OperandWidth-1:0] weights;
  logic [Rows*OperandWidth-1:0]    operands;
  logic [Columns*ColumnsWidth-1:0] columns_q;

  assign enters_o = valid[0];
  assign leaves_o = valid_o;
  assign busy_o   = sequencer_busy || enters_o || drain || (valid_o != '0);

  os_sequencer #(
    .Rows            (Rows),
    .Columns         (Columns),
    .SizeWidth       (SizeWidth),
    .AddrWidth       (AddrWidth),
    .Pipelined       (Pipelined),
    .ProductRegister (ProductRegister)
  ) u_sequencer (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .start_i        (start_i),
    .pixels_i       (pixels_i),
    .depth_i        (depth_i),
    .filters_i      (filters_i),
    .busy_o         (sequencer_busy),
    .read_o         (read),
    .left_address_o (left_address),
    .top_address_o  (top_address),
    .valid_o        (valid),
    .first_o        (first),
    .odd_o          (odd),
    .drain_o        (drain),
    .drain_odd_o    (drain_odd),
    .columns_o      (columns)
  );

  operand_memory #(
    .Width (Rows*OperandWidth),
    .Depth (LeftDepth)
  ) u_left (
    .clk_i           (clk_i),
    .write_i         (left_write_i),
    .write_address_i (left_address_i),
    .write_data_i    (left_data_i),
    .read_i          (read),
    .read_address_i  (LeftAddrWidth'(left_address)),
    .read_data_o     (operands)
  );

  operand_memory #(
    .Width (Columns*OperandWidth),
    .Depth (TopDepth)
  ) u_top (
    .clk_i           (clk_i),
    .write_i         (top_write_i),
    .write_address_i (top_address_i),
    .write_data_i    (top_data_i),
    .read_i          (read),
    .read_address_i  (TopAddrWidth'(top_address)),
    .read_data_o     (weights)
  );

  os_array #(
    .Rows            (Rows),
    .Columns         (Columns),
    .OperandWidth    (OperandWidth),
    .SumWidth        (SumWidth),
    .DoubleBuffer    (Pipelined),
    .ProductRegister (ProductRegister)
  ) u_array (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .valid_i     (valid),
    .first_i     (first),
    .odd_i       (odd),
    .left_i      (operands),
    .top_i       (weights),
    .drain_i     (drain),
    .drain_odd_i (drain_odd),
    .sum_o       (sum_o)
  );

  // Goes with a drain from column to column: how many are in use from here on.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      columns_q <= '0;
    end else begin
      columns_q[ColumnsWidth-1:0] <= columns;
      for (int j = 1; j < Columns; j++) begin
        columns_q[j*ColumnsWidth +: ColumnsWidth] <=
            valid_o[j-1] ? columns_q[(j-1)*ColumnsWidth +: ColumnsWidth] - 1'b1 : '0;
      end
    end
  end

  for (genvar j = 0; j < Columns; j++) begin : gen_column
    assign valid_o[j] = (columns_q[j*ColumnsWidth +: ColumnsWidth] != '0);
  end

  // The sequencer counts in the wider of the two memories' addresses.
  logic unused_address;
  assign unused_address = (^left_address) ^ (^top_address);

  initial begin
    if (LeftDepth < 1 || TopDepth < 1) begin
      $fatal(1, "systolic_os: LeftDepth (%0d) and TopDepth (%0d) must be at least 1",
             LeftDepth, TopDepth);
    end
  end

endmodule
