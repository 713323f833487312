// os_element: processing element of an array that holds outputs.
//
// Right moves an operand with its control, down moves the other operand. Where both meet their
// product is added to an accumulator; with first_i it replaces what was there. With DoubleBuffer
// there are two, and odd_i says which: one accumulates while the other drains.
//
// While drain_i, the accumulator that drain_odd_i names takes that of the element above, so that
// all of a column leave at the bottom, the lowest row first. One multiplier. Its product is added
// in the same cycle, or, with ProductRegister, in the next one.

module os_element #(
  parameter int OperandWidth    = 8,
  parameter int SumWidth        = 32,
  parameter bit DoubleBuffer    = 1'b1,
  parameter bit ProductRegister = 1'b0
) (
  input  logic                           clk_i,
  input  logic                           rst_ni,

  input  logic signed [OperandWidth-1:0] left_i,
  input  logic                           valid_i,
  input  logic                           first_i,
  input  logic                           odd_i,
  input  logic                           drain_i,
  input  logic                           drain_odd_i,
  output logic signed [OperandWidth-1:0] left_o,
  output logic                           valid_o,
  output logic                           first_o,
  output logic                           odd_o,
  output logic                           drain_o,
  output logic                           drain_odd_o,

  input  logic signed [OperandWidth-1:0] top_i,
  input  logic signed [SumWidth-1:0]     sum_i,
  output logic signed [OperandWidth-1:0] top_o,
  output logic signed [SumWidth-1:0]     sum_o
);

  localparam int ProductWidth = 2 * OperandWidth;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_o <= 1'b0;
      drain_o <= 1'b0;
    end else begin
      valid_o <= valid_i;
      drain_o <= drain_i;
    end
  end

  always_ff @(posedge clk_i) begin
    left_o      <= left_i;
    top_o       <= top_i;
    first_o     <= first_i;
    odd_o       <= odd_i;
    drain_odd_o <= drain_odd_i;
  end

  // ---- Product, now or a cycle later, and the control that goes with it ----

  logic signed [ProductWidth-1:0] product, added;
  logic                           add, replace, to_odd;

  assign product = ProductWidth'(left_i) * ProductWidth'(top_i);

  if (ProductRegister) begin : gen_product_register
    logic signed [ProductWidth-1:0] product_q;

    assign added   = product_q;
    assign add     = valid_o;
    assign replace = first_o;
    assign to_odd  = odd_o;

    always_ff @(posedge clk_i) begin
      product_q <= product;
    end
  end else begin : gen_no_product_register
    assign added   = product;
    assign add     = valid_i;
    assign replace = first_i;
    assign to_odd  = odd_i;
  end

  // ---- Accumulators ----

  logic signed [SumWidth-1:0] even_q;

  if (DoubleBuffer) begin : gen_two
    logic signed [SumWidth-1:0] odd_q, kept, total;

    assign kept  = replace ? '0 : to_odd ? odd_q : even_q;
    assign total  = kept + SumWidth'(added);
    assign sum_o  = drain_odd_i ? odd_q : even_q;

    always_ff @(posedge clk_i) begin
      if (drain_i && !drain_odd_i) begin
        even_q <= sum_i;
      end else if (add && !to_odd) begin
        even_q <= total;
      end
      if (drain_i && drain_odd_i) begin
        odd_q <= sum_i;
      end else if (add && to_odd) begin
        odd_q <= total;
      end
    end
  end else begin : gen_one
    logic unused_odd;

    assign unused_odd = to_odd;
    assign sum_o      = even_q;

    always_ff @(posedge clk_i) begin
      if (drain_i) begin
        even_q <= sum_i;
      end else if (add) begin
        even_q <= (replace ? '0 : even_q) + SumWidth'(added);
      end
    end
  end

  initial begin
    if (OperandWidth < 2 || SumWidth < 2*OperandWidth) begin
      $fatal(1, "os_element: SumWidth (%0d) must hold a product of two operands of %0d bits",
             SumWidth, OperandWidth);
    end
  end

endmodule
