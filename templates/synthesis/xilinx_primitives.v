// Primitives of which Yosys has the ports alone, for the simulation of netlists: RAMB18E1 and RAMB36E1 (7 series),
// RAMB18E2, RAMB36E2 and DSP48E2 (UltraScale+), in the modes that Yosys 0.23 writes (UG473, UG573, UG579).
// Ports and parameters that it does not write are not there, so that Icarus refuses a netlist that has them.

`define P16(P, H, BITS) \
  parameter [BITS-1:0] P``H``0 = 0, P``H``1 = 0, P``H``2 = 0, P``H``3 = 0, P``H``4 = 0, P``H``5 = 0, \
                       P``H``6 = 0, P``H``7 = 0, P``H``8 = 0, P``H``9 = 0, P``H``A = 0, P``H``B = 0, \
                       P``H``C = 0, P``H``D = 0, P``H``E = 0, P``H``F = 0;
`define V16(P, H) \
  P``H``F, P``H``E, P``H``D, P``H``C, P``H``B, P``H``A, P``H``9, P``H``8, \
  P``H``7, P``H``6, P``H``5, P``H``4, P``H``3, P``H``2, P``H``1, P``H``0

`define P_LOW  `P16(INIT_, 0, 256) `P16(INIT_, 1, 256) `P16(INIT_, 2, 256) `P16(INIT_, 3, 256)
`define P_HIGH `P16(INIT_, 4, 256) `P16(INIT_, 5, 256) `P16(INIT_, 6, 256) `P16(INIT_, 7, 256)
`define V_LOW  `V16(INIT_, 3), `V16(INIT_, 2), `V16(INIT_, 1), `V16(INIT_, 0)
`define V_HIGH `V16(INIT_, 7), `V16(INIT_, 6), `V16(INIT_, 5), `V16(INIT_, 4)

// A RAM of HALF units a side; the names are those of its data ports. Where it is as wide as both sides, port B writes
// the data of both and port A reads to both. The module says in Data and Parity what it holds at first.
`define RAM_BODY(UNITS, HALF, DIA, DIPA, DIB, DIPB, DOA, DOPA, DOB, DOPB) \
  parameter integer DOA_REG = 0, DOB_REG = 0; \
  parameter integer READ_WIDTH_A = 0, READ_WIDTH_B = 0, WRITE_WIDTH_A = 0, WRITE_WIDTH_B = 0; \
  parameter WRITE_MODE_A = "WRITE_FIRST"; \
  parameter WRITE_MODE_B = "WRITE_FIRST"; \
  parameter RAM_MODE = "TDP"; \
  parameter [71:0] INIT_A = 0, INIT_B = 0, SRVAL_A = 0, SRVAL_B = 0; \
  function [71:0] weave(input [31:0] data, input [3:0] parity); \
    integer i; \
    begin \
      weave = 0; \
      for (i = 0; i < 4; i = i + 1) weave[9*i +: 9] = {parity[i], data[8*i +: 8]}; \
    end \
  endfunction \
  wire [71:0] dout_a, dout_b; \
  wire [71:0] upper = (READ_WIDTH_A == 18*HALF) ? dout_a >> 9*HALF : dout_b; \
  genvar g; \
  for (g = 0; g < HALF; g = g + 1) begin : gen_out \
    assign DOA[8*g +: 8] = dout_a[9*g +: 8]; \
    assign DOPA[g]       = dout_a[9*g + 8]; \
    assign DOB[8*g +: 8] = upper[9*g +: 8]; \
    assign DOPB[g]       = upper[9*g + 8]; \
  end \
  block_ram_model #( \
    .Units  (UNITS), \
    .ReadA  (READ_WIDTH_A), \
    .WriteA (WRITE_WIDTH_A), \
    .ModeA  (WRITE_MODE_A == "READ_FIRST" ? 1 : WRITE_MODE_A == "WRITE_FIRST" ? 2 : 0), \
    .ReadB  (READ_WIDTH_B), \
    .WriteB (WRITE_WIDTH_B), \
    .ModeB  (WRITE_MODE_B == "READ_FIRST" ? 1 : WRITE_MODE_B == "WRITE_FIRST" ? 2 : 0) \
  ) u_model ( \
    .clk_a  (CLKARDCLK), \
    .en_a   (ENARDEN), \
    .rst_a  (RSTRAMARSTRAM), \
    .addr_a ({2'b0, ADDRARDADDR[13:0]} | (HALF == 4 ? ADDRARDADDR & 16'h4000 : 16'h0)), \
    .we_a   (8'h0 | WEA), \
    .din_a  (weave(DIA, DIPA)), \
    .dout_a (dout_a), \
    .clk_b  (CLKBWRCLK), \
    .en_b   (ENBWREN), \
    .rst_b  (RSTRAMB), \
    .addr_b ({2'b0, ADDRBWRADDR[13:0]} | (HALF == 4 ? ADDRBWRADDR & 16'h4000 : 16'h0)), \
    .we_b   (8'h0 | WEBWE), \
    .din_b  (WRITE_WIDTH_B == 18*HALF ? weave(DIB, DIPB) << 9*HALF | weave(DIA, DIPA) : weave(DIB, DIPB)), \
    .dout_b (dout_b) \
  ); \
  integer u; \
  initial begin \
    for (u = 0; u < UNITS; u = u + 1) u_model.mem[u] = {Parity[u], Data[8*u +: 8]}; \
    if (DOA_REG != 0 || DOB_REG != 0 || (SRVAL_A | SRVAL_B | INIT_A | INIT_B) != 0) begin \
      $display("%m: an output register, or a value of reset, that the model does not have"); \
      $finish; \
    end \
  end

`define RAM_CONTROL(SIDE) \
  input CLKARDCLK, ENARDEN, RSTRAMARSTRAM, RSTREGARSTREG, REGCEAREGCE, \
  input CLKBWRCLK, ENBWREN, RSTRAMB, RSTREGB, REGCEB, \
  input [SIDE-1:0] WEA, \
  input [2*SIDE-1:0] WEBWE

module RAMB18E1 (
  `RAM_CONTROL(2),
  input [13:0] ADDRARDADDR, ADDRBWRADDR,
  input [15:0] DIADI, DIBDI, input [1:0] DIPADIP, DIPBDIP,
  output [15:0] DOADO, DOBDO, output [1:0] DOPADOP, DOPBDOP
);
  `P_LOW
  parameter [255:0] INITP_00 = 0, INITP_01 = 0, INITP_02 = 0, INITP_03 = 0, INITP_04 = 0, INITP_05 = 0, INITP_06 = 0, INITP_07 = 0;
  localparam [16383:0] Data = {`V_LOW};
  localparam [2047:0] Parity = {INITP_07, INITP_06, INITP_05, INITP_04, INITP_03, INITP_02, INITP_01, INITP_00};
  `RAM_BODY(2048, 2, DIADI, DIPADIP, DIBDI, DIPBDIP, DOADO, DOPADOP, DOBDO, DOPBDOP)
endmodule

module RAMB36E1 (
  `RAM_CONTROL(4),
  input [15:0] ADDRARDADDR, ADDRBWRADDR,
  input [31:0] DIADI, DIBDI, input [3:0] DIPADIP, DIPBDIP,
  output [31:0] DOADO, DOBDO, output [3:0] DOPADOP, DOPBDOP
);
  `P_LOW
  `P_HIGH
  `P16(INITP_, 0, 256)
  localparam [32767:0] Data = {`V_HIGH, `V_LOW};
  localparam [4095:0] Parity = {`V16(INITP_, 0)};
  `RAM_BODY(4096, 4, DIADI, DIPADIP, DIBDI, DIPBDIP, DOADO, DOPADOP, DOBDO, DOPBDOP)
endmodule

module RAMB18E2 (
  `RAM_CONTROL(2),
  input ADDRENA, ADDRENB, SLEEP,
  input [13:0] ADDRARDADDR, ADDRBWRADDR,
  input [15:0] DINADIN, DINBDIN, input [1:0] DINPADINP, DINPBDINP,
  output [15:0] DOUTADOUT, DOUTBDOUT, output [1:0] DOUTPADOUTP, DOUTPBDOUTP
);
  `P_LOW
  parameter [255:0] INITP_00 = 0, INITP_01 = 0, INITP_02 = 0, INITP_03 = 0, INITP_04 = 0, INITP_05 = 0, INITP_06 = 0, INITP_07 = 0;
  localparam [16383:0] Data = {`V_LOW};
  localparam [2047:0] Parity = {INITP_07, INITP_06, INITP_05, INITP_04, INITP_03, INITP_02, INITP_01, INITP_00};
  `RAM_BODY(2048, 2, DINADIN, DINPADINP, DINBDIN, DINPBDINP, DOUTADOUT, DOUTPADOUTP, DOUTBDOUT, DOUTPBDOUTP)
endmodule

module RAMB36E2 (
  `RAM_CONTROL(4),
  input ADDRENA, ADDRENB, SLEEP,
  input [14:0] ADDRARDADDR, ADDRBWRADDR,
  input [31:0] DINADIN, DINBDIN, input [3:0] DINPADINP, DINPBDINP,
  output [31:0] DOUTADOUT, DOUTBDOUT, output [3:0] DOUTPADOUTP, DOUTPBDOUTP
);
  `P_LOW
  `P_HIGH
  `P16(INITP_, 0, 256)
  localparam [32767:0] Data = {`V_HIGH, `V_LOW};
  localparam [4095:0] Parity = {`V16(INITP_, 0)};
  `RAM_BODY(4096, 4, DINADIN, DINPADINP, DINBDIN, DINPBDINP, DOUTADOUT, DOUTPADOUTP, DOUTBDOUT, DOUTPBDOUTP)
endmodule

// A multiplier without registers: 27 by 18 bits.
module DSP48E2 (
  input  [29:0] A, ACIN,
  input  [17:0] B, BCIN,
  input  [47:0] C, PCIN,
  input  [26:0] D,
  input  [4:0]  INMODE,
  input  [3:0]  ALUMODE,
  input  [8:0]  OPMODE,
  input  [2:0]  CARRYINSEL,
  input         CARRYIN,
  output [47:0] P
);
  parameter integer ACASCREG = 1, ADREG = 1, ALUMODEREG = 1, AREG = 1, BCASCREG = 1, BREG = 1, CARRYINREG = 1, CARRYINSELREG = 1,
                    CREG = 1, DREG = 1, INMODEREG = 1, MREG = 1, OPMODEREG = 1, PREG = 1;
  parameter AMULTSEL = "A";
  parameter BMULTSEL = "B";
  parameter A_INPUT  = "DIRECT";
  parameter B_INPUT  = "DIRECT";
  parameter USE_MULT = "MULTIPLY";
  parameter USE_SIMD = "ONE48";

  wire signed [47:0] a = $signed(A[26:0]);
  wire signed [47:0] b = $signed(B);

  assign P = a * b;

  initial begin
    #0;
    if (AREG + ADREG + BREG + CREG + DREG + MREG + PREG + ALUMODEREG + INMODEREG + OPMODEREG + CARRYINREG + CARRYINSELREG != 0 ||
        OPMODE !== 9'b101 || ALUMODE !== 0 || INMODE !== 0 || CARRYIN !== 0 || CARRYINSEL !== 0 ||
        AMULTSEL != "A" || BMULTSEL != "B" || A_INPUT != "DIRECT" || B_INPUT != "DIRECT" || USE_MULT != "MULTIPLY") begin
      $display("%m: more than the product of A and B, which is all that the model has");
      $finish;
    end
  end
endmodule
