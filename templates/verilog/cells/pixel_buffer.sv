// pixel_buffer: ring of Pixels whole pixels between an engine that writes channels and one that
// reads them often.
//
// In:  WriteLanes channels a beat in channel order. No ready: the writer holds a credit for each
//      pixel it begins and gets it back when release_o pulses.
// Out: every read_i gives the next ReadLanes channels of the oldest pixel, two cycles later. After
//      its last channels it starts again, unless release_i came with that read: then the pixel's
//      place is free and the next pixel follows. available_o is high while the oldest pixel is
//      complete.
// One of WriteLanes and ReadLanes divides the other, so a beat is a whole number of memory words or
// part of one.

module pixel_buffer #(
  parameter int Channels   = 8,
  parameter int Pixels     = 2,
  parameter int WriteLanes = 1,
  parameter int ReadLanes  = 4
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,

  input  logic                    valid_i,
  input  logic [8*WriteLanes-1:0] data_i,

  output logic                    available_o,
  input  logic                    read_i,
  input  logic                    release_i,
  output logic [8*ReadLanes-1:0]  data_o
);

  // Memories side by side for a wide reader; parts of a word, one after another, for a narrow one.
  localparam int Banks      = (ReadLanes > WriteLanes) ? ReadLanes / WriteLanes : 1;
  localparam int Parts      = (WriteLanes > ReadLanes) ? WriteLanes / ReadLanes : 1;
  localparam int Words      = Channels / (WriteLanes * Banks);
  localparam int Depth      = Words * Pixels;
  localparam int BankWidth  = $clog2(Banks + 1);
  localparam int PartWidth  = $clog2(Parts + 1);
  localparam int WordWidth  = $clog2(Words + 1);
  localparam int AddrWidth  = (Depth > 1) ? $clog2(Depth) : 1;
  localparam int CountWidth = $clog2(Pixels + 1);

  // ---- Writer ----

  logic [BankWidth-1:0] bank_q;
  logic [WordWidth-1:0] write_word_q;
  logic [AddrWidth-1:0] write_addr_q;
  logic                 last_bank, complete;

  assign last_bank = (bank_q == BankWidth'(Banks - 1));
  assign complete  = valid_i && last_bank && (write_word_q == WordWidth'(Words - 1));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      bank_q       <= '0;
      write_word_q <= '0;
      write_addr_q <= '0;
    end else if (valid_i) begin
      bank_q <= last_bank ? '0 : bank_q + 1'b1;
      if (last_bank) begin
        write_word_q <= complete ? '0 : write_word_q + 1'b1;
        write_addr_q <= (write_addr_q == AddrWidth'(Depth - 1)) ? '0 : write_addr_q + 1'b1;
      end
    end
  end

  // ---- Reader ----

  logic [PartWidth-1:0]  part_q;
  logic [WordWidth-1:0]  read_word_q;
  logic [AddrWidth-1:0]  base_q, read_addr_q, next_base;
  logic [CountWidth-1:0] count_q;
  logic                  last_part, last_read;

  assign available_o = (count_q != '0);
  assign last_part   = (part_q == PartWidth'(Parts - 1));
  assign last_read   = last_part && (read_word_q == WordWidth'(Words - 1));
  assign next_base   = (read_addr_q == AddrWidth'(Depth - 1)) ? '0 : read_addr_q + 1'b1;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      part_q      <= '0;
      read_word_q <= '0;
      base_q      <= '0;
      read_addr_q <= '0;
      count_q     <= '0;
    end else begin
      count_q <= count_q + CountWidth'(complete) - CountWidth'(release_i);
      if (read_i) begin
        part_q <= last_part ? '0 : part_q + 1'b1;
        if (last_read) begin
          read_word_q <= '0;
          read_addr_q <= release_i ? next_base : base_q;
          base_q      <= release_i ? next_base : base_q;
        end else if (last_part) begin
          read_word_q <= read_word_q + 1'b1;
          read_addr_q <= read_addr_q + 1'b1;
        end
      end
    end
  end

  // ---- Memories ----

  logic [8*WriteLanes*Banks-1:0] word;
  logic [PartWidth-1:0]          part2_q;

  for (genvar b = 0; b < Banks; b++) begin : gen_bank
    // Only complete pixels are read and only an incomplete one is written, so no word is read that
    // is being written: yosys need not add logic that keeps its old value.
    (* no_rw_check *)
    logic [8*WriteLanes-1:0] mem [0:Depth-1];
    logic [8*WriteLanes-1:0] read_q;

    always_ff @(posedge clk_i) begin
      if (valid_i && bank_q == BankWidth'(b)) begin
        mem[write_addr_q] <= data_i;
      end
      if (read_i) begin
        read_q <= mem[read_addr_q];
      end
    end

    assign word[8*WriteLanes*b +: 8*WriteLanes] = read_q;
  end

  function automatic logic [8*ReadLanes-1:0] part_of(
    input logic [8*WriteLanes*Banks-1:0] whole,
    input logic [PartWidth-1:0]          part
  );
    part_of = whole[8*ReadLanes-1:0];
    for (int p = 1; p < Parts; p++) begin
      if (part == PartWidth'(p)) begin
        part_of = whole[8*ReadLanes*p +: 8*ReadLanes];
      end
    end
  endfunction

  always_ff @(posedge clk_i) begin
    part2_q <= part_q;
    data_o  <= part_of(word, part2_q);
  end

  initial begin
    if (WriteLanes % ReadLanes != 0 && ReadLanes % WriteLanes != 0) begin
      $fatal(1, "pixel_buffer: one of WriteLanes (%0d) and ReadLanes (%0d) must divide the other",
             WriteLanes, ReadLanes);
    end
    if (Channels % WriteLanes != 0 || Channels % ReadLanes != 0) begin
      $fatal(1, "pixel_buffer: WriteLanes (%0d) and ReadLanes (%0d) must divide Channels (%0d)",
             WriteLanes, ReadLanes, Channels);
    end
    if (Pixels < 2) begin
      $fatal(1, "pixel_buffer: Pixels (%0d) must be at least 2, else reading blocks writing",
             Pixels);
    end
  end

`ifndef SYNTHESIS
  always @(posedge clk_i) begin
    if (!rst_ni) begin
      // Nothing holds before the first clock edge out of reset.
    end else if (complete && !release_i && count_q == CountWidth'(Pixels)) begin
      $fatal(1, "pixel_buffer: a pixel was written without a credit");
    end else if (read_i && !available_o) begin
      $fatal(1, "pixel_buffer: read without a complete pixel");
    end
  end
`endif

endmodule
