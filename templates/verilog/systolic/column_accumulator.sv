// column_accumulator: adds up the partial sums of one column over the folds of a product whose
// depth is more than the array has rows.
//
// A sum comes a cycle after its control. columns_i is how many columns from here on are in use: 0
// is none, then there is no sum; the next column gets one less, a cycle later, which is when its
// sum comes. address_i is the sum's place. With add_i the sum is added to what is there; with
// emit_i the total is given out, another cycle later, instead of kept.

module column_accumulator #(
  parameter int SumWidth     = 32,
  parameter int Depth        = 64,
  parameter int ColumnsWidth = 3,
  localparam int AddrWidth   = (Depth > 1) ? $clog2(Depth) : 1
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,

  input  logic [ColumnsWidth-1:0] columns_i,
  input  logic                    add_i,
  input  logic                    emit_i,
  input  logic [AddrWidth-1:0]    address_i,
  output logic [ColumnsWidth-1:0] columns_o,
  output logic                    add_o,
  output logic                    emit_o,
  output logic [AddrWidth-1:0]    address_o,

  input  logic [SumWidth-1:0]     sum_i,
  output logic                    arrives_o,

  output logic                    valid_o,
  output logic [SumWidth-1:0]     sum_o
);

  logic [ColumnsWidth-1:0] columns_q;
  logic [SumWidth-1:0]     mem [0:Depth-1];
  logic [SumWidth-1:0]     read_q, forward_q, kept, total;
  logic                    write, forwards_q;

  assign arrives_o = (columns_q != '0);
  assign columns_o = arrives_o ? columns_q - 1'b1 : '0;
  assign write     = arrives_o && !emit_o;
  assign kept      = forwards_q ? forward_q : read_q;
  assign total     = (add_o ? kept : '0) + sum_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      columns_q <= '0;
      valid_o   <= 1'b0;
    end else begin
      columns_q <= columns_i;
      valid_o   <= arrives_o && emit_o;
    end
  end

  always_ff @(posedge clk_i) begin
    add_o     <= add_i;
    emit_o    <= emit_i;
    address_o <= address_i;
    sum_o     <= total;
  end

  // A place that is written while it is read gives what is written.
  always_ff @(posedge clk_i) begin
    if (write) begin
      mem[address_o] <= total;
    end
    read_q     <= mem[address_i];
    forward_q  <= total;
    forwards_q <= write && (address_o == address_i);
  end

  initial begin
    if (SumWidth < 1 || Depth < 1 || ColumnsWidth < 1) begin
      $fatal(1, "column_accumulator: SumWidth (%0d), Depth (%0d), ColumnsWidth (%0d) must be >= 1",
             SumWidth, Depth, ColumnsWidth);
    end
  end

endmodule
