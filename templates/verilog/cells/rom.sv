// rom: read-only memory with two registers in the read path, filled from a hex file.
//
// data_o follows addr_i by two cycles: the memory's own read register, then an output register.
// Both are what a block RAM has inside, so a deep memory costs no logic; a shallow one becomes
// LUTs. File holds Depth words of Width bits, one hexadecimal word a line ($readmemh).

module rom #(
  parameter int Width = 8,
  parameter int Depth = 256,
  parameter     File  = "rom.hex",
  localparam int AddrWidth = (Depth > 1) ? $clog2(Depth) : 1
) (
  input  logic                 clk_i,
  input  logic [AddrWidth-1:0] addr_i,
  output logic [Width-1:0]     data_o
);

  logic [Width-1:0] mem [0:Depth-1];
  logic [Width-1:0] read_q;

  initial $readmemh(File, mem);

  always_ff @(posedge clk_i) begin
    read_q <= mem[addr_i];
    data_o <= read_q;
  end

  initial begin
    if (Width < 1 || Depth < 1) begin
      $fatal(1, "rom: Width (%0d) and Depth (%0d) must be at least 1", Width, Depth);
    end
  end

endmodule
