// control_port: AXI4-Lite port of a pipeline: identification, status, counters and the reloading of
// memories.
//
// AW and W are taken in any order and together; one write and one read are in flight. Writes of
// whole words only: one with a byte strobe missing, to a register that is not written, or to
// LOAD_DATA while a frame is inside or before a select, is answered with SLVERR and changes
// nothing. A read of a place without a register gives 0 and SLVERR.
//
//   0x00 MAGIC      r   0x4c454341, "ACEL"
//   0x04 VERSION    r   Version: of this register map
//   0x08 HASH_LOW   r   Hash: of the network's structure, foldings and constants
//   0x0c HASH_HIGH  r
//   0x10 STATUS     r   bit 0 a frame is inside, 1 TLAST of the image was wrong, 2 TLAST of
//                       weights was, 3 a write of a memory was refused, a frame being inside
//   0x14 CONTROL    w   bit 0 clears the counters, bit 1 clears STATUS bit 3
//   0x18 FRAMES_IN  r   frames taken whole
//   0x1c FRAMES_OUT r   frames given whole
//   0x20 CYCLES_LOW r   cycles in which a frame was inside; reading the low half keeps the high one
//   0x24 CYCLES_HIGH r  as kept
//   0x28 IN_STALL   r   cycles in which an image beat was offered and not taken
//   0x2c IN_IDLE    r   cycles in which a frame was inside, the pipeline ready and no beat offered
//   0x30 OUT_STALL  r   cycles in which a result was offered and not taken
//   0x34 MEMORIES   r   Memories: stages whose memories can be written; 0 when none
//   0x40 LOAD_SELECT w  4*stage + kind (0 weights, 1 requantization, 2 scalars, 3 table): what is
//                       written next, from its first word on
//   0x44 LOAD_DATA  w   32 bits of it, the lowest of a word first; every word begins a new one
//
// load_o is the bus to the memories (see rom): {start, valid, select [9:0], data [31:0]}, one cycle
// after the write.

module control_port #(
  parameter logic [63:0] Hash     = 64'h0,
  parameter int          Version  = 1,
  parameter int          Memories = 0
) (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        s_axil_awvalid,
  output logic        s_axil_awready,
  input  logic [6:0]  s_axil_awaddr,
  input  logic        s_axil_wvalid,
  output logic        s_axil_wready,
  input  logic [31:0] s_axil_wdata,
  input  logic [3:0]  s_axil_wstrb,
  output logic        s_axil_bvalid,
  input  logic        s_axil_bready,
  output logic [1:0]  s_axil_bresp,
  input  logic        s_axil_arvalid,
  output logic        s_axil_arready,
  input  logic [6:0]  s_axil_araddr,
  output logic        s_axil_rvalid,
  input  logic        s_axil_rready,
  output logic [31:0] s_axil_rdata,
  output logic [1:0]  s_axil_rresp,

  // The ends of the pipeline, as they move.
  input  logic        in_valid_i,
  input  logic        in_ready_i,
  input  logic        in_last_i,
  input  logic        out_valid_i,
  input  logic        out_ready_i,
  input  logic        out_last_i,
  input  logic        in_error_i,
  input  logic        weight_error_i,

  output logic [43:0] load_o
);

  localparam logic [31:0] Magic = 32'h4c45_4341;
  localparam logic [1:0]  Okay = 2'b00, SlaveError = 2'b10;

  // Word addresses.
  localparam logic [4:0] AddrMagic = 5'h00, AddrVersion = 5'h01, AddrHashLow = 5'h02,
                         AddrHashHigh = 5'h03, AddrStatus = 5'h04, AddrControl = 5'h05,
                         AddrFramesIn = 5'h06, AddrFramesOut = 5'h07, AddrCyclesLow = 5'h08,
                         AddrCyclesHigh = 5'h09, AddrInStall = 5'h0a, AddrInIdle = 5'h0b,
                         AddrOutStall = 5'h0c, AddrMemories = 5'h0d, AddrLoadSelect = 5'h10,
                         AddrLoadData = 5'h11;

  // ---- Counters ----

  logic        in_take, out_take, entering, busy, clear_counters, clear_refused;
  logic [31:0] frames_in_q, frames_out_q, in_stall_q, in_idle_q, out_stall_q;
  logic [63:0] cycles_q;
  logic        part_in_q, refused_q, refuse;
  // Frames that have come whole and not left whole; more than the pipeline can hold.
  logic [31:0] inside_q;

  assign in_take  = in_valid_i && in_ready_i;
  assign out_take = out_valid_i && out_ready_i;
  assign entering = part_in_q || in_take;
  assign busy     = entering || (inside_q != '0);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      part_in_q <= 1'b0;
      inside_q  <= '0;
      refused_q <= 1'b0;
    end else begin
      if (in_take) begin
        part_in_q <= !in_last_i;
      end
      inside_q  <= inside_q + 32'(in_take && in_last_i) - 32'(out_take && out_last_i);
      refused_q <= (refused_q && !clear_refused) || refuse;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_counters) begin
      frames_in_q  <= '0;
      frames_out_q <= '0;
      cycles_q     <= '0;
      in_stall_q   <= '0;
      in_idle_q    <= '0;
      out_stall_q  <= '0;
    end else begin
      frames_in_q  <= frames_in_q + 32'(in_take && in_last_i);
      frames_out_q <= frames_out_q + 32'(out_take && out_last_i);
      cycles_q     <= cycles_q + 64'(busy);
      in_stall_q   <= in_stall_q + 32'(in_valid_i && !in_ready_i);
      in_idle_q    <= in_idle_q + 32'(busy && in_ready_i && !in_valid_i);
      out_stall_q  <= out_stall_q + 32'(out_valid_i && !out_ready_i);
    end
  end

  // ---- Writes: address and data are kept as they come, and used when both are there ----

  logic        aw_full_q, w_full_q, whole_q, write, select, attempt, data, control;
  logic [4:0]  aw_addr_q;
  logic [31:0] w_data_q;
  logic [9:0]  selected_q;
  logic        any_selected_q;

  assign s_axil_awready = !aw_full_q;
  assign s_axil_wready  = !w_full_q;
  assign write          = aw_full_q && w_full_q && (!s_axil_bvalid || s_axil_bready);

  assign control        = write && whole_q && aw_addr_q == AddrControl;
  assign select         = write && whole_q && aw_addr_q == AddrLoadSelect && Memories != 0;
  assign attempt        = write && whole_q && aw_addr_q == AddrLoadData && Memories != 0;
  assign data           = attempt && any_selected_q && !busy;
  assign refuse         = attempt && busy;
  assign clear_counters = control && w_data_q[0];
  assign clear_refused  = control && w_data_q[1];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      aw_full_q      <= 1'b0;
      w_full_q       <= 1'b0;
      any_selected_q <= 1'b0;
      s_axil_bvalid  <= 1'b0;
    end else begin
      aw_full_q      <= write ? 1'b0 : (aw_full_q || s_axil_awvalid);
      w_full_q       <= write ? 1'b0 : (w_full_q || s_axil_wvalid);
      any_selected_q <= any_selected_q || select;
      if (write) begin
        s_axil_bvalid <= 1'b1;
      end else if (s_axil_bready) begin
        s_axil_bvalid <= 1'b0;
      end
    end
  end

  logic unused_byte_address;
  assign unused_byte_address = ^{s_axil_awaddr[1:0], s_axil_araddr[1:0]};

  always_ff @(posedge clk_i) begin
    if (!aw_full_q) begin
      aw_addr_q <= s_axil_awaddr[6:2];
    end
    if (!w_full_q) begin
      w_data_q <= s_axil_wdata;
      whole_q  <= &s_axil_wstrb;
    end
    if (write) begin
      s_axil_bresp <= (control || select || data) ? Okay : SlaveError;
    end
    if (select) begin
      selected_q <= w_data_q[9:0];
    end
    load_o[42:0] <= {data, select ? w_data_q[9:0] : selected_q, w_data_q};
    load_o[43]   <= select;
    if (!rst_ni) begin
      load_o[43:42] <= '0;
    end
  end

  // ---- Reads ----

  logic        read, known;
  logic [4:0]  r_addr;
  logic [31:0] value, cycles_high_q;

  assign s_axil_arready = !s_axil_rvalid || s_axil_rready;
  assign read           = s_axil_arvalid && s_axil_arready;
  assign r_addr         = s_axil_araddr[6:2];

  always_comb begin
    known = 1'b1;
    value = '0;
    unique case (r_addr)
      AddrMagic:      value = Magic;
      AddrVersion:    value = Version;
      AddrHashLow:    value = Hash[31:0];
      AddrHashHigh:   value = Hash[63:32];
      AddrStatus:     value = {28'h0, refused_q, weight_error_i, in_error_i, busy};
      AddrFramesIn:   value = frames_in_q;
      AddrFramesOut:  value = frames_out_q;
      AddrCyclesLow:  value = cycles_q[31:0];
      AddrCyclesHigh: value = cycles_high_q;
      AddrInStall:    value = in_stall_q;
      AddrInIdle:     value = in_idle_q;
      AddrOutStall:   value = out_stall_q;
      AddrMemories:   value = Memories;
      default:        known = 1'b0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      s_axil_rvalid <= 1'b0;
    end else if (read) begin
      s_axil_rvalid <= 1'b1;
    end else if (s_axil_rready) begin
      s_axil_rvalid <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (read) begin
      s_axil_rdata <= value;
      s_axil_rresp <= known ? Okay : SlaveError;
      if (r_addr == AddrCyclesLow) begin
        cycles_high_q <= cycles_q[63:32];
      end
    end
  end

  initial begin
    if (Memories < 0 || Memories > 256) begin
      $fatal(1, "control_port: Memories (%0d) must be 0 to 256 stages", Memories);
    end
  end

endmodule
