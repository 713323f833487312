// dot_product: Outputs independent dot products over Steps cycles, Terms multiplications a cycle
// each.
//
//   sum_o[o] = sum over steps and terms of a[o][term] * b[o][term]
//
// With Broadcast = 1 all outputs share one a vector (pointwise); otherwise each has its own
// (depthwise). A dot product is the beats from one with first_i to one with last_i; beats need not
// be adjacent. Three cycles from the last beat to valid_o: products, adder tree, accumulator. One
// multiplier a term. SumWidth bits must hold the result; sums in between may wrap, which two's
// complement undoes.

module dot_product #(
  parameter int Outputs   = 1,
  parameter int Terms     = 9,
  parameter bit Broadcast = 1'b0,
  parameter int AWidth    = 8,
  parameter int BWidth    = 8,
  parameter int SumWidth  = 32,
  localparam int AVectors = Broadcast ? 1 : Outputs
) (
  input  logic                               clk_i,
  input  logic                               rst_ni,

  input  logic                               valid_i,
  input  logic                               first_i,
  input  logic                               last_i,
  input  logic [AVectors*Terms*AWidth-1:0]   a_i,
  input  logic [Outputs*Terms*BWidth-1:0]    b_i,

  output logic                               valid_o,
  output logic [Outputs*SumWidth-1:0]        sum_o
);

  localparam int ProductWidth = AWidth + BWidth;

  // Bit 0 goes with the products, bit 1 with the tree sums, bit 2 with the accumulators.
  logic [2:0] last_q;
  logic [1:0] first_q, valid_q;

  assign valid_o = last_q[2];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      last_q  <= '0;
    end else begin
      valid_q <= {valid_q[0], valid_i};
      last_q  <= {last_q[1:0], valid_i && last_i};
    end
  end

  always_ff @(posedge clk_i) begin
    first_q <= {first_q[0], first_i};
  end

  for (genvar o = 0; o < Outputs; o++) begin : gen_output
    logic        [Terms*AWidth-1:0]       a;
    logic        [Terms*BWidth-1:0]       b;
    logic        [Terms*ProductWidth-1:0] product_q;
    logic signed [SumWidth-1:0]           tree_q, sum_q;

    assign a = a_i[(Broadcast ? 0 : o)*Terms*AWidth +: Terms*AWidth];
    assign b = b_i[o*Terms*BWidth +: Terms*BWidth];
    assign sum_o[o*SumWidth +: SumWidth] = sum_q;

    // Adds neighbours, then sums of neighbours: a chain of additions would become a chain of DSP
    // slices or carry paths, as long as Terms.
    function automatic logic signed [SumWidth-1:0] tree(
      input logic [Terms*ProductWidth-1:0] products
    );
      logic [Terms*SumWidth-1:0] sums;
      for (int t = 0; t < Terms; t++) begin
        sums[t*SumWidth +: SumWidth] =
            SumWidth'($signed(products[t*ProductWidth +: ProductWidth]));
      end
      for (int span = 1; span < Terms; span = 2*span) begin
        for (int t = 0; t + span < Terms; t = t + 2*span) begin
          sums[t*SumWidth +: SumWidth] =
              sums[t*SumWidth +: SumWidth] + sums[(t+span)*SumWidth +: SumWidth];
        end
      end
      tree = sums[SumWidth-1:0];
    endfunction

    always_ff @(posedge clk_i) begin
      for (int t = 0; t < Terms; t++) begin
        product_q[t*ProductWidth +: ProductWidth] <=
            ProductWidth'($signed(a[t*AWidth +: AWidth])) *
            ProductWidth'($signed(b[t*BWidth +: BWidth]));
      end
      tree_q <= tree(product_q);
      if (valid_q[1]) begin
        sum_q <= first_q[1] ? tree_q : sum_q + tree_q;
      end
    end
  end

  initial begin
    if (Outputs < 1 || Terms < 1) begin
      $fatal(1, "dot_product: Outputs (%0d) and Terms (%0d) must be at least 1", Outputs, Terms);
    end
    if (SumWidth < ProductWidth) begin
      $fatal(1, "dot_product: SumWidth (%0d) must hold a product of %0d bits",
             SumWidth, ProductWidth);
    end
  end

endmodule
