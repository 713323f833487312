// dot_product: Outputs independent dot products over Steps cycles, Terms multiplications a cycle
// each.
//
//   sum_o[o] = sum over steps and terms of a[o][term] * b[o][term]
//
// With Broadcast = 1 all outputs share one a vector (pointwise); otherwise each has its own
// (depthwise). A dot product is the beats from one with first_i to one with last_i; beats need not
// follow each other without a gap. valid_o comes 2 + clog2(Terms) cycles after last_i: a register
// behind the product, one behind each level of the adder tree, one in the accumulator.
// SumWidth bits must hold the result; sums in between may wrap, which two's complement undoes.
//
// With Packed = 1 (Broadcast only) a multiplier serves two outputs: b_i is then what packed_weights
// gives. Terms products of an output with a carry (packed_multiplier) meet Terms adders, the tree's
// and the accumulator's: each takes one carry, of its left operand, and passes the other on.

module dot_product #(
  parameter int Outputs   = 1,
  parameter int Terms     = 9,
  parameter bit Broadcast = 1'b0,
  parameter bit Packed    = 1'b0,
  parameter int AWidth    = 8,
  parameter int BWidth    = 8,
  parameter int SumWidth  = 32,
  localparam int AVectors = Broadcast ? 1 : Outputs,
  localparam int BBits    = Packed ? Outputs/2*Terms*(2*BWidth + 1) : Outputs*Terms*BWidth
) (
  input  logic                               clk_i,
  input  logic                               rst_ni,

  input  logic                               valid_i,
  input  logic                               first_i,
  input  logic                               last_i,
  input  logic [AVectors*Terms*AWidth-1:0]   a_i,
  input  logic [BBits-1:0]                   b_i,

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

  // ---- Products ----

  logic [Outputs*Terms*ProductWidth-1:0] products;
  logic [Outputs*Terms-1:0]              carries;

  if (Packed) begin : gen_packed
    localparam int PairWidth = 2*BWidth + 1;

    for (genvar p = 0; p < Outputs/2; p++) begin : gen_pair
      for (genvar t = 0; t < Terms; t++) begin : gen_term
        localparam int Low  = 2*p*Terms + t;
        localparam int High = Low + Terms;

        packed_multiplier #(
          .AWidth (AWidth),
          .BWidth (BWidth)
        ) u_multiplier (
          .clk_i    (clk_i),
          .a_i      (a_i[t*AWidth +: AWidth]),
          .packed_i (b_i[(p*Terms+t)*PairWidth +: PairWidth]),
          .low_o    (products[Low*ProductWidth +: ProductWidth]),
          .high_o   (products[High*ProductWidth +: ProductWidth]),
          .carry_o  (carries[High])
        );

        assign carries[Low] = 1'b0;
      end
    end
  end else begin : gen_plain
    assign carries = '0;

    // A register for each product and not one for all of an output: yosys 0.23 loses products when
    // it takes a part of a register into an SB_MAC16. It also loses one with just two registers
    // behind it, as the odd one has that the second level of the tree takes: where the first is
    // kept, the second stays outside.
    for (genvar o = 0; o < Outputs; o++) begin : gen_products
      for (genvar t = 0; t < Terms; t++) begin : gen_term
        localparam int A    = (Broadcast ? 0 : o*Terms) + t;
        localparam int B    = o*Terms + t;
        localparam bit Kept = (t == Terms - 1) && (Terms % 4 == 3);
        logic [ProductWidth-1:0] product;

        assign product = ProductWidth'($signed(a_i[A*AWidth +: AWidth])) *
                         ProductWidth'($signed(b_i[B*BWidth +: BWidth]));

        if (Kept) begin : gen_kept
          (* keep *)
          logic [ProductWidth-1:0] product_q;
          assign products[B*ProductWidth +: ProductWidth] = product_q;

          always_ff @(posedge clk_i) begin
            product_q <= product;
          end
        end else begin : gen_free
          logic [ProductWidth-1:0] product_q;
          assign products[B*ProductWidth +: ProductWidth] = product_q;

          always_ff @(posedge clk_i) begin
            product_q <= product;
          end
        end
      end
    end
  end

  // ---- Sums ----

  // A variable, since Icarus converts a net of so many drivers anew for each of its readers.
  logic [Outputs*Terms*ProductWidth-1:0] terms;

  always_comb begin
    terms = products;
  end

  for (genvar o = 0; o < Outputs; o++) begin : gen_output
    localparam bit Carry = Packed && o % 2 == 1;

    logic signed [SumWidth-1:0] root, sum_q;
    logic                       root_carry;

    assign sum_o[o*SumWidth +: SumWidth] = sum_q;

    // Level v holds ceil(Terms / 2^v) sums of neighbours; an odd one out passes through.
    for (genvar v = 0; v <= Levels; v++) begin : gen_level
      localparam int Sums = (Terms + (1 << v) - 1) >> v;
      logic [Sums*SumWidth-1:0] sums;
      logic [Sums-1:0]          carry;

      for (genvar s = 0; s < Sums; s++) begin : gen_sum
        if (v == 0) begin : gen_product
          assign sums[s*SumWidth +: SumWidth] =
              SumWidth'($signed(terms[(o*Terms+s)*ProductWidth +: ProductWidth]));
          assign carry[s] = carries[o*Terms+s];
        end else begin : gen_add
          localparam int Below = (Terms + (1 << (v-1)) - 1) >> (v-1);
          logic [SumWidth-1:0] add_q;

          if (2*s + 1 < Below) begin : gen_pair
            logic [SumWidth-1:0] left, right, total;

            assign left  = gen_level[v-1].sums[2*s*SumWidth +: SumWidth];
            assign right = gen_level[v-1].sums[(2*s+1)*SumWidth +: SumWidth];

            if (Carry) begin : gen_carry
              logic unused_half, carry_q;

              // A carry in, written so that every tool makes one chain of it.
              assign {total, unused_half} = {left, 1'b1} + {right, gen_level[v-1].carry[2*s]};
              assign carry[s]             = carry_q;

              always_ff @(posedge clk_i) begin
                carry_q <= gen_level[v-1].carry[2*s+1];
              end
            end else begin : gen_no_carry
              logic [1:0] unused_carry;

              assign unused_carry = gen_level[v-1].carry[2*s +: 2];
              assign total        = left + right;
              assign carry[s]     = 1'b0;
            end

            always_ff @(posedge clk_i) begin
              add_q <= total;
            end
          end else begin : gen_odd
            logic carry_q;

            assign carry[s] = carry_q;

            always_ff @(posedge clk_i) begin
              add_q   <= gen_level[v-1].sums[2*s*SumWidth +: SumWidth];
              carry_q <= gen_level[v-1].carry[2*s];
            end
          end
          assign sums[s*SumWidth +: SumWidth] = add_q;
        end
      end
    end

    assign root       = gen_level[Levels].sums;
    assign root_carry = gen_level[Levels].carry;

    // The running sum is masked in front of the adder and not selected behind it: one LUT a bit.
    logic [SumWidth-1:0] kept, total;

    assign kept = first_q[Levels] ? '0 : sum_q;

    if (Carry) begin : gen_carry
      logic unused_half;
      assign {total, unused_half} = {root, 1'b1} + {kept, root_carry};
    end else begin : gen_no_carry
      logic unused_carry;
      assign unused_carry = root_carry;
      assign total        = root + kept;
    end

    always_ff @(posedge clk_i) begin
      if (valid_q[Levels]) begin
        sum_q <= total;
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
    if (Packed && (!Broadcast || Outputs % 2 != 0)) begin
      $fatal(1, "dot_product: Packed needs Broadcast (%0d) and an even number of Outputs (%0d)",
             Broadcast, Outputs);
    end
  end

endmodule
