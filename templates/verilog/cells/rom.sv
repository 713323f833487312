// rom: memory with two registers in the read path, filled from a hex file, and with Loadable also
// over a bus while nothing is read.
//
// data_o follows addr_i by two cycles: the memory's own read register, then an output register.
// Both are what a block RAM has inside, so a deep memory costs no logic; a shallow one becomes
// LUTs. File holds Depth words of Width bits, one hexadecimal word a line ($readmemh).
//
// load_i is {start, valid, kind [1:0], data [31:0]}. With start and this memory's LoadKind the next
// word is the first; each valid one of this kind brings 32 bits, the lowest of a word first, and a
// word is written with the last of them. Without Loadable the bus is not looked at.

module rom #(
  parameter int         Width    = 8,
  parameter int         Depth    = 256,
  parameter bit         Loadable = 1'b0,
  parameter logic [1:0] LoadKind = 2'd0,
  parameter             File     = "rom.hex",
  localparam int AddrWidth = (Depth > 1) ? $clog2(Depth) : 1
) (
  input  logic                 clk_i,
  input  logic [35:0]          load_i,
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

  if (Loadable) begin : gen_load
    localparam int Parts     = (Width + 31) / 32;
    localparam int PartWidth = $clog2(Parts + 1);

    logic [32*Parts-1:0]  word_q;
    logic [PartWidth-1:0] part_q;
    logic [AddrWidth-1:0] write_addr_q;
    logic                 start, part, last_part, write_q;

    assign start     = load_i[35] && (load_i[33:32] == LoadKind);
    assign part      = load_i[34] && (load_i[33:32] == LoadKind);
    assign last_part = (part_q == PartWidth'(Parts - 1));

    always_ff @(posedge clk_i) begin
      write_q <= part && last_part;
      if (start) begin
        part_q       <= '0;
        write_addr_q <= '0;
      end else begin
        if (part) begin
          part_q <= last_part ? '0 : part_q + 1'b1;
        end
        if (write_q) begin
          write_addr_q <= (write_addr_q == AddrWidth'(Depth - 1)) ? '0 : write_addr_q + 1'b1;
        end
      end
    end

    if (Parts > 1) begin : gen_parts
      always_ff @(posedge clk_i) begin
        if (part) begin
          word_q <= {load_i[31:0], word_q[32*Parts-1:32]};
        end
      end
    end else begin : gen_part
      always_ff @(posedge clk_i) begin
        if (part) begin
          word_q <= load_i[31:0];
        end
      end
    end

    if (32*Parts > Width) begin : gen_rest
      logic [32*Parts-Width-1:0] unused_rest;
      assign unused_rest = word_q[32*Parts-1:Width];
    end

    always_ff @(posedge clk_i) begin
      if (write_q) begin
        mem[write_addr_q] <= word_q[Width-1:0];
      end
    end
  end else begin : gen_fixed
    logic [35:0] unused_load;
    assign unused_load = load_i;
  end

  initial begin
    if (Width < 1 || Depth < 1) begin
      $fatal(1, "rom: Width (%0d) and Depth (%0d) must be at least 1", Width, Depth);
    end
  end

endmodule
