// serializer: takes one word of OutLanes*Ratio lanes and gives it out as Ratio beats, lowest lanes
// first.
//
// It has no ready: the source must leave at least Ratio - 1 idle cycles between two words, which a
// multiply-accumulate engine of Ratio or more steps does by itself. This is what lets a few
// requantizers serve many accumulators. The first beat appears one cycle after the word, the others
// follow without a gap.

module serializer #(
  parameter int LaneWidth = 32,
  parameter int OutLanes  = 1,
  parameter int Ratio     = 4
) (
  input  logic                                clk_i,
  input  logic                                rst_ni,

  input  logic                                valid_i,
  input  logic [LaneWidth*OutLanes*Ratio-1:0] data_i,

  output logic                                valid_o,
  output logic [LaneWidth*OutLanes-1:0]       data_o
);

  localparam int OutWidth   = LaneWidth * OutLanes;
  localparam int CountWidth = $clog2(Ratio + 1);

  logic [OutWidth*Ratio-1:0] data_q;
  logic [CountWidth-1:0]     left_q;

  assign valid_o = (left_q != '0);
  assign data_o  = data_q[OutWidth-1:0];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      left_q <= '0;
    end else if (valid_i) begin
      left_q <= CountWidth'(Ratio);
    end else if (left_q != '0) begin
      left_q <= left_q - 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    data_q <= valid_i ? data_i : (data_q >> OutWidth);
  end

  initial begin
    if (LaneWidth < 1 || OutLanes < 1 || Ratio < 1) begin
      $fatal(1, "serializer: LaneWidth (%0d), OutLanes (%0d) and Ratio (%0d) must be at least 1",
             LaneWidth, OutLanes, Ratio);
    end
  end

`ifndef SYNTHESIS
  always @(posedge clk_i) begin
    if (!rst_ni) begin
      // Nothing holds before the first clock edge out of reset.
    end else if (valid_i && left_q != '0 && left_q != CountWidth'(1)) begin
      $fatal(1, "serializer: a word arrived while %0d beats of the last one were left", left_q);
    end
  end
`endif

endmodule
