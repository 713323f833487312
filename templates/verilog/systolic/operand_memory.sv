// operand_memory: Depth words of Width bits, one write and one read a cycle, the read word a cycle
// later.
//
// What block RAM is. A word that is written and read in the same cycle reads as it was before.

module operand_memory #(
  parameter int Width = 32,
  parameter int Depth = 256,
  localparam int AddrWidth = (Depth > 1) ? $clog2(Depth) : 1
) (
  input  logic                 clk_i,

  input  logic                 write_i,
  input  logic [AddrWidth-1:0] write_address_i,
  input  logic [Width-1:0]     write_data_i,

  input  logic                 read_i,
  input  logic [AddrWidth-1:0] read_address_i,
  output logic [Width-1:0]     read_data_o
);

  logic [Width-1:0] mem [0:Depth-1];

  always_ff @(posedge clk_i) begin
    if (write_i) begin
      mem[write_address_i] <= write_data_i;
    end
    if (read_i) begin
      read_data_o <= mem[read_address_i];
    end
  end

  initial begin
    if (Width < 1 || Depth < 1) begin
      $fatal(1, "operand_memory: Width (%0d) and Depth (%0d) must be at least 1", Width, Depth);
    end
  end

endmodule
