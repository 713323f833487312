// width_converter_formal: what width_converter promises, for a model checker.
//
// Bytes leave in the order in which they came, none lost, none twice: any one byte, chosen by the
// checker by its number modulo Numbers, is followed. A beat that waits does not change. No more
// than one word of the wider side is inside.

module width_converter_formal #(
  parameter int InLanes  = 1,
  parameter int OutLanes = 3,
  parameter int Numbers  = 12
) (
  input logic                 clk_i,
  input logic                 valid_i,
  input logic [8*InLanes-1:0] data_i,
  input logic                 ready_i
);

  localparam int Widest = (InLanes > OutLanes) ? InLanes : OutLanes;

  logic rst_n;
  initial rst_n = 1'b0;
  always @(posedge clk_i) rst_n <= 1'b1;

  logic                  ready, valid;
  logic [8*OutLanes-1:0] data;

  width_converter #(
    .InLanes  (InLanes),
    .OutLanes (OutLanes)
  ) u_dut (
    .clk_i   (clk_i),
    .rst_ni  (rst_n),
    .valid_i (valid_i),
    .ready_o (ready),
    .data_i  (data_i),
    .valid_o (valid),
    .ready_i (ready_i),
    .data_o  (data)
  );

  (* anyconst *) logic [5:0] chosen;
  always @* assume (32'(chosen) < Numbers);

  logic [5:0]            entered, left, held;
  logic [7:0]            chosen_data;
  logic                  waiting;
  logic [8*OutLanes-1:0] waiting_data;

  initial begin
    entered = '0;
    left    = '0;
    held    = '0;
    waiting = 1'b0;
  end

  always @(posedge clk_i) begin
    if (rst_n) begin
      held <= held + ((valid_i && ready) ? 6'(InLanes) : 6'd0) -
              ((valid && ready_i) ? 6'(OutLanes) : 6'd0);
      if (valid_i && ready) begin
        entered <= (32'(entered) + InLanes == Numbers) ? '0 : entered + 6'(InLanes);
        for (int l = 0; l < InLanes; l++) begin
          if (32'(entered) + l == 32'(chosen)) chosen_data <= data_i[8*l +: 8];
        end
      end
      if (valid && ready_i) begin
        left <= (32'(left) + OutLanes == Numbers) ? '0 : left + 6'(OutLanes);
      end
      for (int l = 0; l < OutLanes; l++) begin
        if (valid && 32'(left) + l == 32'(chosen)) assert (data[8*l +: 8] == chosen_data);
      end
      waiting      <= valid && !ready_i;
      waiting_data <= data;
      if (waiting) assert (valid && data == waiting_data);
      assert (32'(held) <= Widest);
      assert (valid == (32'(held) >= OutLanes));
`ifdef COVER
      assert (!(32'(left) == Numbers - OutLanes && valid && ready_i));
`endif
    end
  end

endmodule
