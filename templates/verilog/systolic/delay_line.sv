// delay_line: Width bits, Depth cycles later; with a Depth of 0 a wire.
//
// With Reset the registers start at zero, which is what a bit of control needs and data do not.

module delay_line #(
  parameter int Width = 8,
  parameter int Depth = 1,
  parameter bit Reset = 1'b0
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  input  logic [Width-1:0] data_i,
  output logic [Width-1:0] data_o
);

  if (Depth == 0) begin : gen_wire
    logic unused_clock;

    assign unused_clock = clk_i ^ rst_ni;
    assign data_o       = data_i;
  end else begin : gen_registers
    logic [Width*Depth-1:0] data_q;

    assign data_o = data_q[Width*(Depth-1) +: Width];

    always_ff @(posedge clk_i) begin
      if (Reset && !rst_ni) begin
        data_q <= '0;
      end else begin
        data_q <= (Width*Depth)'({data_q, data_i});
      end
    end
  end

  initial begin
    if (Width < 1 || Depth < 0) begin
      $fatal(1, "delay_line: Width (%0d) must be at least 1 and Depth (%0d) not negative",
             Width, Depth);
    end
  end

endmodule
