// ws_element: processing element of an array that holds weights.
//
// Right moves an operand with two bits of control, down move a partial sum and, through a chain of
// its own, weights. While load_i, the chain takes the weight from above. With first_i, the mark of
// a stream's first vector, the chain's weight becomes the active one, in time for that vector: so
// the chain may fill for the next stream while this one still multiplies. Without DoubleBuffer the
// chain itself is what multiplies, and loading must wait.
//
// One multiplier. Its product is added to the sum from above in the same cycle, or, with
// ProductRegister, in the next one: every sum is then a cycle later, and no path is longer than a
// multiply or an add.

module ws_element #(
  parameter int OperandWidth    = 8,
  parameter int SumWidth        = 32,
  parameter bit DoubleBuffer    = 1'b1,
  parameter bit ProductRegister = 1'b0
) (
  input  logic                           clk_i,
  input  logic                           rst_ni,

  input  logic signed [OperandWidth-1:0] data_i,
  input  logic                           first_i,
  input  logic                           load_i,
  output logic signed [OperandWidth-1:0] data_o,
  output logic                           first_o,
  output logic                           load_o,

  input  logic signed [OperandWidth-1:0] weight_i,
  input  logic signed [SumWidth-1:0]     sum_i,
  output logic signed [OperandWidth-1:0] weight_o,
  output logic signed [SumWidth-1:0]     sum_o
);

  localparam int ProductWidth = 2 * OperandWidth;

  logic signed [OperandWidth-1:0] weight;
  logic signed [ProductWidth-1:0] product, added;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      first_o <= 1'b0;
      load_o  <= 1'b0;
    end else begin
      first_o <= first_i;
      load_o  <= load_i;
    end
  end

  always_ff @(posedge clk_i) begin
    data_o <= data_i;
  end

  // Reset, for what a simulator makes of it: a row that no fold has used yet is fed zeros, and zero
  // times an unknown weight is unknown there.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      weight_o <= '0;
    end else if (load_i) begin
      weight_o <= weight_i;
    end
  end

  if (DoubleBuffer) begin : gen_active
    logic signed [OperandWidth-1:0] active_q;

    assign weight = first_i ? weight_o : active_q;

    always_ff @(posedge clk_i) begin
      if (first_i) begin
        active_q <= weight_o;
      end
    end
  end else begin : gen_chain
    assign weight = weight_o;
  end

  assign product = ProductWidth'(data_i) * ProductWidth'(weight);

  if (ProductRegister) begin : gen_product_register
    logic signed [ProductWidth-1:0] product_q;

    assign added = product_q;

    always_ff @(posedge clk_i) begin
      product_q <= product;
    end
  end else begin : gen_no_product_register
    assign added = product;
  end

  always_ff @(posedge clk_i) begin
    sum_o <= sum_i + SumWidth'(added);
  end

  initial begin
    if (OperandWidth < 2 || SumWidth < 2*OperandWidth) begin
      $fatal(1, "ws_element: SumWidth (%0d) must hold a product of two operands of %0d bits",
             SumWidth, OperandWidth);
    end
  end

endmodule
