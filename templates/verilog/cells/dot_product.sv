// dot_product: Outputs independent dot products over Steps cycles, Terms multiplications a cycle
// each.
//
//   sum_o[o] = sum over steps and terms of a[o][term] * b[o][term]
//
// With Broadcast = 1 all outputs share one a vector (pointwise); otherwise each has its own
// (depthwise). A dot product is the beats from one with first_i to one with last_i; beats need not
// X SumWidth bits must hold the result; sums in between may wrap, which two's
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
  localparam int Levels       = $clog2(Terms);

  // Bit 0 goes with the products, bit Levels with the root of the tree, the last with the sums.
  logic [Levels+1:0] last_q;
  logic [Levels:0]   first_q, valid_q;

  assign valid_o = last_q[Levels+1];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      last_q  <= '0;
    end else begin
      valid_q <= (Levels+1)'({valid_q, valid_i});
      last_q  <= {last_q[Levels:0], valid_i && last_i};
    end
  end

  always_ff @(posedge clk_i) begin
    first_q <= (Levels+1)'({first_q, first_i});
  end

  for (genvar o = 0; o < Outputs; o++) begin : gen_output
    logic        [Terms*AWidth-1:0]       a;
    logic        [Terms*BWidth-1:0]       b;
    logic        [Terms*ProductWidth-1:0] product_q;
    logic signed [SumWidth-1:0]           root, sum_q;

    assign a = a_i[(Broadcast ? 0 : o)*Terms*AWidth +: Terms*AWidth];
    assign b = b_i[o*Terms*BWidth +: Terms*BWidth];
    assign sum_o[o*SumWidth +: SumWidth] = sum_q;

    always_ff @(posedge clk_i) begin
      for (int t = 0; t < Terms; t++) begin
        product_q[t*ProductWidth +: ProductWidth] <=
            ProductWidth'($signed(a[t*AWidth +: AWidth])) *
            ProductWidth'($signed(b[t*BWidth +: BWidth]));
      end
    end

    // Level v holds ceil(Terms / 2^v) sums of neighbours; an odd one out passes through.
    for (genvar v = 0; v <= Levels; v++) begin : gen_level
      localparam int Sums = (Terms + (1 << v) - 1) >> v;
      logic [Sums*SumWidth-1:0] sums;

      for (genvar s = 0; s < Sums; s++) begin : gen_sum
        if (v == 0) begin : gen_product
          assign sums[s*SumWidth +: SumWidth] =
              SumWidth'($signed(product_q[s*ProductWidth +: ProductWidth]));
        end else begin : gen_add
          localparam int Below = (Terms + (1 << (v-1)) - 1) >> (v-1);
          logic [SumWidth-1:0] add_q;
          if (2*s + 1 < Below) begin : gen_pair
            always_ff @(posedge clk_i) begin
              add_q <= gen_level[v-1].sums[2*s*SumWidth +: SumWidth] +
                       gen_level[v-1].sums[(2*s+1)*SumWidth +: SumWidth];
            end
          end else begin : gen_odd
            always_ff @(posedge clk_i) begin
              add_q <= gen_level[v-1].sums[2*s*SumWidth +: SumWidth];
            end
          end
          assign sums[s*SumWidth +: SumWidth] = add_q;
        end
      end
    end

    assign root = gen_level[Levels].sums;

    always_ff @(posedge clk_i) begin
      if (valid_q[Levels]) begin
        sum_q <= first_q[Levels] ? root : sum_q + root;
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
