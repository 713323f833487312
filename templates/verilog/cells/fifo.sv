// fifo: first-in first-out queue of Depth words between two ready/valid streams.
//
// One word in and one word out a cycle, one cycle from input to output. The memory is read without
// a clock, which suits the LUT RAM that queues of this size become.
// A full queue is not ready even in a cycle in which a word leaves, so ready_o depends on registers
// only.

module fifo #(
  parameter int Width = 8,
  parameter int Depth = 4
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

  localparam int AddrWidth  = (Depth > 1) ? $clog2(Depth) : 1;
  localparam int CountWidth = $clog2(Depth + 1);

  localparam logic [AddrWidth-1:0]  LastAddr = AddrWidth'(Depth - 1);
  localparam logic [CountWidth-1:0] Full     = CountWidth'(Depth);

  logic [Width-1:0]      mem [0:Depth-1];
  logic [AddrWidth-1:0]  write_addr_q, read_addr_q;
  logic [CountWidth-1:0] count_q;
  logic                  write, read;

  assign ready_o = (count_q != Full);
  assign valid_o = (count_q != '0);
  assign data_o  = mem[read_addr_q];
  assign write   = valid_i && ready_o;
  assign read    = valid_o && ready_i;

  always_ff @(posedge clk_i) begin
    if (write) begin
      mem[write_addr_q] <= data_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_addr_q <= '0;
      read_addr_q  <= '0;
      count_q      <= '0;
    end else begin
      if (write) begin
        write_addr_q <= (write_addr_q == LastAddr) ? '0 : write_addr_q + 1'b1;
      end
      if (read) begin
        read_addr_q <= (read_addr_q == LastAddr) ? '0 : read_addr_q + 1'b1;
      end
      count_q <= count_q + CountWidth'(write) - CountWidth'(read);
    end
  end

  initial begin
    if (Width < 1 || Depth < 1) begin
      $fatal(1, "fifo: Width (%0d) and Depth (%0d) must be at least 1", Width, Depth);
    end
  end

endmodule
