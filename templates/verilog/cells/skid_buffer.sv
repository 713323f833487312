// skid_buffer: register slice for a ready/valid stream; cuts the valid, data and ready paths.
//
// One beat a cycle, one cycle of latency. valid_o, data_o and ready_o come straight from
// flip-flops. ready_o is given before it is known that the sink takes the current beat; the one
// beat that may arrive then is kept in the spare register.

module skid_buffer #(
  parameter int Width = 8
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  input  logic             valid_i,
  output logic             ready_o,
  input  logic [Width-1:0] data_i,

  output logic             valid_o,
  input  logic             ready_i,
  output logic [Width-1:0] data_o
);

  logic             valid_q, spare_valid_q;
  logic [Width-1:0] data_q, spare_q;

  assign ready_o = !spare_valid_q;
  assign valid_o = valid_q;
  assign data_o  = data_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q       <= 1'b0;
      spare_valid_q <= 1'b0;
    end else if (ready_i || !valid_q) begin
      valid_q       <= valid_i || spare_valid_q;
      spare_valid_q <= 1'b0;
    end else if (valid_i) begin
      spare_valid_q <= 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (ready_i || !valid_q) begin
      data_q <= spare_valid_q ? spare_q : data_i;
    end
    if (!spare_valid_q) begin
      spare_q <= data_i;
    end
  end

  initial begin
    if (Width < 1) begin
      $fatal(1, "skid_buffer: Width (%0d) must be at least 1", Width);
    end
  end

endmodule
