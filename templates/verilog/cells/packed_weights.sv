// packed_weights: rom of weights whose second register holds them in pairs for packed_multiplier;
// two cycles of latency, as rom.
//
// File holds Depth words as a rom's: Outputs x Terms weights, output lane 0 lowest, within a lane
// term 0 lowest. data_o holds, for each pair of output lanes 2p and 2p + 1 and each term, {high -
// (low < 0), low}: BWidth + 1 and BWidth bits, low of lane 2p. The subtraction is all that packing
// costs, BWidth + 1 LUTs a pair, and lies between the memory and a register.

module packed_weights #(
  parameter int Outputs = 2,
  parameter int Terms   = 1,
  parameter int BWidth  = 8,
  parameter int Depth   = 256,
  parameter     File    = "rom.hex",
  localparam int AddrWidth = (Depth > 1) ? $clog2(Depth) : 1,
  localparam int Pairs     = Outputs/2 * Terms,
  localparam int PairWidth = 2*BWidth + 1
) (
  input  logic                       clk_i,
  input  logic [AddrWidth-1:0]       addr_i,
  output logic [Pairs*PairWidth-1:0] data_o
);

  logic [Outputs*Terms*BWidth-1:0] mem [0:Depth-1];
  logic [Outputs*Terms*BWidth-1:0] read_q;

  initial $readmemh(File, mem);

  always_ff @(posedge clk_i) begin
    read_q <= mem[addr_i];
  end

  for (genvar p = 0; p < Outputs/2; p++) begin : gen_pair
    for (genvar t = 0; t < Terms; t++) begin : gen_term
      logic [BWidth-1:0] low;
      logic [BWidth:0]   high;

      assign low  = read_q[BWidth*(2*p*Terms+t) +: BWidth];
      assign high = (BWidth+1)'($signed(read_q[BWidth*((2*p+1)*Terms+t) +: BWidth])) -
                    (BWidth+1)'(low[BWidth-1]);

      always_ff @(posedge clk_i) begin
        data_o[PairWidth*(p*Terms+t) +: PairWidth] <= {high, low};
      end
    end
  end

  initial begin
    if (Outputs < 2 || Outputs % 2 != 0) begin
      $fatal(1, "packed_weights: Outputs (%0d) must be even, since weights are packed in pairs",
             Outputs);
    end
    if (Terms < 1 || Depth < 1) begin
      $fatal(1, "packed_weights: Terms (%0d) and Depth (%0d) must be at least 1", Terms, Depth);
    end
  end

endmodule
