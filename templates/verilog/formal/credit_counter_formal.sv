// credit_counter_formal: what credit_counter promises, for a model checker.
//
// A user that spends only what is available, and gives back only what it spent, never finds a
// credit too many or too few: what is left and what is out are Credits together.

module credit_counter_formal #(
  parameter int Credits = 5,
  parameter int Spend   = 2
) (
  input logic clk_i,
  input logic wants_i,
  input logic returns_i
);

  logic rst_n;
  initial rst_n = 1'b0;
  always @(posedge clk_i) rst_n <= 1'b1;

  logic       available, spend, give_back;
  logic [7:0] spent;

  initial spent = '0;
  assign spend     = wants_i && available;
  assign give_back = returns_i && spent != '0;

  credit_counter #(
    .Credits (Credits),
    .Spend   (Spend)
  ) u_dut (
    .clk_i       (clk_i),
    .rst_ni      (rst_n),
    .available_o (available),
    .spend_i     (rst_n && spend),
    .return_i    (rst_n && give_back)
  );

  always @(posedge clk_i) begin
    if (rst_n) begin
      spent <= spent + (spend ? 8'(Spend) : 8'd0) - 8'(give_back);
      assert (32'(spent) <= Credits);
      assert (available == (Credits - 32'(spent) >= Spend));
`ifdef COVER
      assert (!(32'(spent) == Credits));
`endif
    end
  end

endmodule
