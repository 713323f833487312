// control_port_formal: what control_port promises of AXI4-Lite, for a model checker. The master's valids hold until they are taken.
//
// - An answer that is offered and not taken is offered unchanged.
// - There is an answer for every pair of address and data, never more and never one before both came: the excess of addresses,
//   and of data, over answers is 0, 1 or 2 (one that waits for the other, one whose answer waits).
// - A read answer comes in the cycle after its address, once.
// - Memories are written on the load bus only when no frame is inside and something was selected.

module control_port_formal (
  input logic        clk_i,
  input logic        awvalid_i,
  input logic        wvalid_i,
  input logic        bready_i,
  input logic        arvalid_i,
  input logic        rready_i,
  input logic [6:0]  awaddr_i,
  input logic [6:0]  araddr_i,
  input logic [31:0] wdata_i,
  input logic [3:0]  wstrb_i,
  input logic [5:0]  stream_i,
  input logic        in_error_i
);

  logic rst_n;
  initial rst_n = 1'b0;
  always @(posedge clk_i) rst_n <= 1'b1;

  logic        awvalid, awready, wvalid, wready, bvalid, arvalid, arready, rvalid;
  logic [1:0]  bresp, rresp;
  logic [31:0] rdata;
  logic [43:0] load;

  // A valid that was not taken stays.
  logic aw_held, w_held, ar_held;
  initial {aw_held, w_held, ar_held} = '0;
  assign awvalid = awvalid_i || aw_held;
  assign wvalid  = wvalid_i || w_held;
  assign arvalid = arvalid_i || ar_held;
  always @(posedge clk_i) begin
    aw_held <= rst_n && awvalid && !awready;
    w_held  <= rst_n && wvalid && !wready;
    ar_held <= rst_n && arvalid && !arready;
  end

  control_port #(.Memories (3)) u_dut (
    .clk_i (clk_i), .rst_ni (rst_n),
    .s_axil_awvalid (awvalid), .s_axil_awready (awready), .s_axil_awaddr (awaddr_i),
    .s_axil_wvalid (wvalid), .s_axil_wready (wready), .s_axil_wdata (wdata_i), .s_axil_wstrb (wstrb_i),
    .s_axil_bvalid (bvalid), .s_axil_bready (bready_i), .s_axil_bresp (bresp),
    .s_axil_arvalid (arvalid), .s_axil_arready (arready), .s_axil_araddr (araddr_i),
    .s_axil_rvalid (rvalid), .s_axil_rready (rready_i), .s_axil_rdata (rdata), .s_axil_rresp (rresp),
    .in_valid_i (stream_i[0]), .in_ready_i (stream_i[1]), .in_last_i (stream_i[2]),
    .out_valid_i (stream_i[3]), .out_ready_i (stream_i[4]), .out_last_i (stream_i[5]),
    .in_error_i (in_error_i), .weight_error_i (1'b0),
    .load_o (load)
  );

  logic        b_waits, r_waits, read, selected;
  logic [1:0]  b_was, r_was, addresses, data;
  logic [31:0] data_was;
  initial begin
    {b_waits, r_waits, read, selected} = '0;
    addresses = '0;
    data      = '0;
  end

  always @(posedge clk_i) begin
    if (rst_n) begin
      b_waits   <= bvalid && !bready_i;
      b_was     <= bresp;
      r_waits   <= rvalid && !rready_i;
      r_was     <= rresp;
      data_was  <= rdata;
      read      <= arvalid && arready;
      selected  <= selected || load[43];
      addresses <= addresses + 2'(awvalid && awready) - 2'(bvalid && bready_i);
      data      <= data + 2'(wvalid && wready) - 2'(bvalid && bready_i);
      if (b_waits) assert (bvalid && bresp == b_was);
      if (r_waits) assert (rvalid && rresp == r_was && rdata == data_was);
      if (read) assert (rvalid);
      if (!read && !r_waits) assert (!rvalid);
      assert (addresses != 2'd3 && data != 2'd3);
      if (bvalid) assert (addresses != 2'd0 && data != 2'd0);
      if (load[42]) assert (selected);
      assert (!(load[43] && load[42]));
    end
  end

endmodule
