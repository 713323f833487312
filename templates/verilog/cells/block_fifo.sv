// block_fifo: queue of Depth words between two ready/valid streams, for depths that belong in block
// RAM: whole frames held for squeeze-and-excite, rows held beside a residual's other path.
//
// One word in and one word out a cycle, three cycles from input to output: the memory is written,
// read into its output register, and the word goes through a queue of three, which is what hides
// the read when words leave one a cycle. Depth counts every place, those in flight included; a
// place comes back the cycle after its word has left. ready_o depends on registers only.

module block_fifo #(
  parameter int Width = 8,
  parameter int Depth = 512
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

  // A read takes two cycles to the output and its place comes back in a third.
  localparam int OutputPlaces = 3;

  localparam int AddrWidth  = (Depth > 1) ? $clog2(Depth) : 1;
  localparam int CountWidth = $clog2(Depth + 1);

  localparam logic [AddrWidth-1:0]  LastAddr = AddrWidth'(Depth - 1);
  localparam logic [CountWidth-1:0] Full     = CountWidth'(Depth);

  // Only words that were written before are read, and only free places written, so no word is read
  // that is being written: yosys need not add logic that keeps its old value.
  (* no_rw_check *)
  logic [Width-1:0]      mem [0:Depth-1];
  logic [Width-1:0]      word_q;
  logic [AddrWidth-1:0]  write_addr_q, read_addr_q;
  logic [CountWidth-1:0] count_q, unread_q;
  logic                  write, fetch, fetched_q, leave, place, room;

  assign ready_o = (count_q != Full);
  assign write   = valid_i && ready_o;
  assign fetch   = (unread_q != '0) && place;
  assign leave   = valid_o && ready_i;

  always_ff @(posedge clk_i) begin
    if (write) begin
      mem[write_addr_q] <= data_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (fetch) begin
      word_q <= mem[read_addr_q];
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_addr_q <= '0;
      read_addr_q  <= '0;
      count_q      <= '0;
      unread_q     <= '0;
      fetched_q    <= 1'b0;
    end else begin
      if (write) begin
        write_addr_q <= (write_addr_q == LastAddr) ? '0 : write_addr_q + 1'b1;
      end
      if (fetch) begin
        read_addr_q <= (read_addr_q == LastAddr) ? '0 : read_addr_q + 1'b1;
      end
      count_q   <= count_q + CountWidth'(write) - CountWidth'(leave);
      unread_q  <= unread_q + CountWidth'(write) - CountWidth'(fetch);
      fetched_q <= fetch;
    end
  end

  credit_counter #(
    .Credits (OutputPlaces)
  ) u_places (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .available_o (place),
    .spend_i     (fetch),
    .return_i    (leave)
  );

  fifo #(
    .Width (Width),
    .Depth (OutputPlaces)
  ) u_output (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (fetched_q),
    .ready_o (room),
    .data_i  (word_q),
    .valid_o (valid_o),
    .ready_i (ready_i),
    .data_o  (data_o)
  );

  // The credits make the output queue's ready redundant.
  logic unused_room;
  assign unused_room = room;

  initial begin
    if (Width < 1 || Depth < OutputPlaces) begin
      $fatal(1, "block_fifo: Width (%0d) must be at least 1, Depth (%0d) at least %0d",
             Width, Depth, OutputPlaces);
    end
  end

endmodule
