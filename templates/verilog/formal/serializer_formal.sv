// serializer_formal: what serializer promises, for a model checker.
//
// Given words that leave the gaps it asks for, it gives out each word's beats, lowest first, in the
// Ratio cycles that follow, and nothing else: the word that came last is kept here and compared.

module serializer_formal #(
  parameter int LaneWidth = 2,
  parameter int OutLanes  = 1,
  parameter int Ratio     = 3
) (
  input logic                                clk_i,
  input logic                                valid_i,
  input logic [LaneWidth*OutLanes*Ratio-1:0] data_i
);

  localparam int OutWidth = LaneWidth * OutLanes;

  logic rst_n;
  initial rst_n = 1'b0;
  always @(posedge clk_i) rst_n <= 1'b1;

  logic                      valid;
  logic [OutWidth-1:0]       data;
  logic [OutWidth*Ratio-1:0] word;
  logic [3:0]                age;   // cycles since the last word, Ratio and more being none

  initial age = 4'd15;
  always @* if (rst_n) assume (!valid_i || 32'(age) >= Ratio - 1);

  serializer #(
    .LaneWidth (LaneWidth),
    .OutLanes  (OutLanes),
    .Ratio     (Ratio)
  ) u_dut (
    .clk_i   (clk_i),
    .rst_ni  (rst_n),
    .valid_i (valid_i),
    .data_i  (data_i),
    .valid_o (valid),
    .data_o  (data)
  );

  always @(posedge clk_i) begin
    if (rst_n) begin
      age <= valid_i ? '0 : (age == 4'd15) ? age : age + 1'b1;
      if (valid_i) word <= data_i;
      assert (valid == (32'(age) < Ratio));
      for (int b = 0; b < Ratio; b++) begin
        if (32'(age) == b) assert (data == word[OutWidth*b +: OutWidth]);
      end
`ifdef COVER
      assert (!(valid_i && 32'(age) == Ratio - 1 && word != data_i));
`endif
    end
  end

endmodule
