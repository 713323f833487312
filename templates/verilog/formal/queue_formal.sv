// queue_formal: what fifo and skid_buffer promise, for a model checker; UseFifo chooses which.
//
// - A beat that is offered and not taken is offered unchanged.
// - Beats leave in the order in which they came, none lost, none twice: any one beat, chosen by the checker, is
//   followed. Indices are counted modulo 16, which is more than can be inside at once, so the proof has no bound.
// - No more than Depth are inside; with room it is ready; with a beat inside it offers one.

module queue_formal #(
  parameter bit UseFifo = 1'b0,
  parameter int Depth   = 2
) (
  input logic clk_i,
  input logic valid_i,
  input logic data_i,
  input logic ready_i
);

  logic rst_n, ready, valid, data;
  initial rst_n = 1'b0;
  always @(posedge clk_i) rst_n <= 1'b1;

  if (UseFifo) begin : gen_fifo
    fifo #(.Width (1), .Depth (Depth)) u_dut (
      .clk_i (clk_i), .rst_ni (rst_n),
      .valid_i (valid_i), .ready_o (ready), .data_i (data_i),
      .valid_o (valid), .ready_i (ready_i), .data_o (data)
    );
  end else begin : gen_skid_buffer
    skid_buffer #(.Width (1)) u_dut (
      .clk_i (clk_i), .rst_ni (rst_n),
      .valid_i (valid_i), .ready_o (ready), .data_i (data_i),
      .valid_o (valid), .ready_i (ready_i), .data_o (data)
    );
  end

  (* anyconst *) logic [3:0] chosen;
  logic [3:0] entered, left, inside;

  logic chosen_data, waiting, waiting_data;
  initial begin
    entered = '0;
    left    = '0;
    waiting = 1'b0;
  end
  assign inside = entered - left;

  always @(posedge clk_i) begin
    if (rst_n) begin
      if (valid_i && ready) begin
        entered <= entered + 1'b1;
        if (entered == chosen) chosen_data <= data_i;
      end
      if (valid && ready_i) begin
        left <= left + 1'b1;
        assert (left != chosen || data == chosen_data);
      end
      waiting      <= valid && !ready_i;
      waiting_data <= data;
      if (waiting) assert (valid && data == waiting_data);
      assert (32'(inside) <= Depth);
      assert (ready == (32'(inside) != Depth));
      assert (valid == (inside != '0));
    end
  end

endmodule
