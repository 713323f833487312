// pool_unit: largest value or sum of each channel over a Kernel x Kernel window of a frame stream.
//
// In:  ready/valid, Lanes channels a beat, NHWC order, frames back to back.
// Out: Lanes results at once, channel groups in order, then pixels in raster order: with Max the
//      largest code, else the sum of Kernel*Kernel codes, without the zero point. No ready: the
//      unit holds Credits credits, spends GroupBeats of them for each group of channels and gets
//      one back with credit_i.
//
// One tap a cycle (window_reader, Taps = 1). Taps outside the frame read as pad_i: -128 is neutral
// for Max, the zero point for a mean that counts padding. Three cycles from a read to the result
// that it completes.

module pool_unit #(
  parameter int Height      = 8,
  parameter int Width       = 8,
  parameter int Channels    = 8,
  parameter int Kernel      = 2,
  parameter int Stride      = 2,
  parameter int PadTop      = 0,
  parameter int PadLeft     = 0,
  parameter int OutHeight   = 4,
  parameter int OutWidth    = 4,
  parameter int Lanes       = 1,
  parameter bit Max         = 1'b0,
  parameter int GroupBeats  = 1,
  parameter int Credits     = 2,
  parameter int ResultWidth = 10
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,

  input  logic [7:0]                   pad_i,

  input  logic                         valid_i,
  output logic                         ready_o,
  input  logic [8*Lanes-1:0]           data_i,

  output logic                         valid_o,
  output logic [Lanes*ResultWidth-1:0] result_o,
  input  logic                         credit_i
);

  localparam int AddrWidth = $clog2((Channels/Lanes) * Kernel*Kernel);

  logic                 credit, read, first, last;
  logic [8*Lanes-1:0]   tap;
  logic [AddrWidth-1:0] unused_address;

  credit_counter #(
    .Credits (Credits),
    .Spend   (GroupBeats)
  ) u_credits (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .available_o (credit),
    .spend_i     (read && first),
    .return_i    (credit_i)
  );

  window_reader #(
    .Height    (Height),
    .Width     (Width),
    .Channels  (Channels),
    .Kernel    (Kernel),
    .Stride    (Stride),
    .PadTop    (PadTop),
    .PadLeft   (PadLeft),
    .OutHeight (OutHeight),
    .OutWidth  (OutWidth),
    .Lanes     (Lanes),
    .Taps      (1)
  ) u_reader (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .pad_i     (pad_i),
    .valid_i   (valid_i),
    .ready_o   (ready_o),
    .data_i    (data_i),
    .permit_i  (credit || !first),
    .read_o    (read),
    .first_o   (first),
    .last_o    (last),
    .address_o (unused_address),
    .taps_o    (tap)
  );

  logic [1:0] valid_q, first_q, last_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      valid_o <= 1'b0;
    end else begin
      valid_q <= {valid_q[0], read};
      valid_o <= valid_q[1] && last_q[1];
    end
  end

  always_ff @(posedge clk_i) begin
    first_q <= {first_q[0], first};
    last_q  <= {last_q[0], last};
  end

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic signed [ResultWidth-1:0] code, result_q;

    assign code = ResultWidth'($signed(tap[8*l +: 8]));
    assign result_o[l*ResultWidth +: ResultWidth] = result_q;

    always_ff @(posedge clk_i) begin
      if (valid_q[1]) begin
        if (first_q[1]) begin
          result_q <= code;
        end else if (Max) begin
          result_q <= (code > result_q) ? code : result_q;
        end else begin
          result_q <= result_q + code;
        end
      end
    end
  end

  initial begin
    if (ResultWidth < 8 || (!Max && (1 << (ResultWidth - 8)) < Kernel*Kernel)) begin
      $fatal(1, "pool_unit: ResultWidth (%0d) must hold %0d codes", ResultWidth, Kernel*Kernel);
    end
  end

endmodule
