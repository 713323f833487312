// block_ram_model: what the block RAMs of Xilinx and Lattice chips have in common, for the simulation of
// netlists; xilinx_primitives.v and ecp5_primitives.v give it their names.
//
// Units of nine bits, the ninth of which narrow ports do not see. An address counts bits without the ninth. Ports
// of 9, 18, 36 and 72 bits move so many units at once, each with an enable of its own; ports of 1, 2 and 4 bits are
// parts of a unit. Width 0 is a port that does not read or write. What a port gives when it writes: its old value
// (Mode 0), what was stored (1) or what is written (2). A port that reads what the other writes gives what was stored.

module block_ram_model #(
  parameter integer Units  = 2048,
  parameter integer ReadA  = 0,
  parameter integer WriteA = 0,
  parameter integer ModeA  = 0,
  parameter integer ReadB  = 0,
  parameter integer WriteB = 0,
  parameter integer ModeB  = 0
) (
  input             clk_a,
  input             en_a,
  input             rst_a,
  input      [15:0] addr_a,
  input      [7:0]  we_a,
  input      [71:0] din_a,
  output reg [71:0] dout_a,

  input             clk_b,
  input             en_b,
  input             rst_b,
  input      [15:0] addr_b,
  input      [7:0]  we_b,
  input      [71:0] din_b,
  output reg [71:0] dout_b
);

  reg [8:0] mem [0:Units-1];

  initial begin
    dout_a = 0;
    dout_b = 0;
  end

  function integer first_unit(input integer width, input [15:0] addr);
    first_unit = (width >= 9) ? ((addr >> 3) / (width/9) * (width/9)) % Units : (addr >> 3) % Units;
  endfunction

  function integer first_bit(input integer width, input [15:0] addr);
    first_bit = (addr & 7) / width * width;
  endfunction

  function [71:0] stored(input integer width, input [15:0] addr);
    integer i;
    begin
      stored = 0;
      if (width >= 9) begin
        for (i = 0; i < width/9; i = i + 1) stored[9*i +: 9] = mem[first_unit(width, addr) + i];
      end else begin
        stored = (mem[first_unit(width, addr)] >> first_bit(width, addr)) & ((1 << width) - 1);
      end
    end
  endfunction

  task store(input integer width, input [15:0] addr, input [7:0] enable, input [71:0] data);
    integer   i;
    reg [8:0] unit, mask;
    begin
      if (width >= 9) begin
        for (i = 0; i < width/9; i = i + 1) begin
          if (enable[i]) mem[first_unit(width, addr) + i] <= data[9*i +: 9];
        end
      end else if (enable[0]) begin
        unit = mem[first_unit(width, addr)];
        mask = ((1 << width) - 1) << first_bit(width, addr);
        mem[first_unit(width, addr)] <= (unit & ~mask) | ((data << first_bit(width, addr)) & mask);
      end
    end
  endtask

  always @(posedge clk_a) begin
    if (en_a) begin
      if (WriteA != 0 && we_a != 0) store(WriteA, addr_a, we_a, din_a);
      if (ReadA != 0) begin
        if (rst_a) dout_a <= 0;
        else if (WriteA == 0 || we_a == 0 || ModeA == 1) dout_a <= stored(ReadA, addr_a);
        else if (ModeA == 2) dout_a <= din_a;
      end
    end
  end

  always @(posedge clk_b) begin
    if (en_b) begin
      if (WriteB != 0 && we_b != 0) store(WriteB, addr_b, we_b, din_b);
      if (ReadB != 0) begin
        if (rst_b) dout_b <= 0;
        else if (WriteB == 0 || we_b == 0 || ModeB == 1) dout_b <= stored(ReadB, addr_b);
        else if (ModeB == 2) dout_b <= din_b;
      end
    end
  end

endmodule
