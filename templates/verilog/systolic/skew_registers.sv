// skew_registers: the triangle of registers at an edge of a systolic array; lane i leaves i cycles
// after it came, so that a vector meets the wave that moves through the array.
//
// Lane 0 is a wire. With Reset the registers start at zero.

module skew_registers #(
  parameter int Lanes = 4,
  parameter int Width = 8,
  parameter bit Reset = 1'b0
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,

  input  logic [Lanes*Width-1:0] data_i,
  output logic [Lanes*Width-1:0] data_o
);

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    delay_line #(
      .Width (Width),
      .Depth (l),
      .Reset (Reset)
    ) u_delay (
      .clk_i  (clk_i),
      .rst_ni (rst_ni),
      .data_i (data_i[l*Width +: Width]),
      .data_o (data_o[l*Width +: Width])
    );
  end

  initial begin
    if (Lanes < 1 || Width < 1) begin
      $fatal(1, "skew_registers: Lanes (%0d) and Width (%0d) must be at least 1", Lanes, Width);
    end
  end

endmodule
