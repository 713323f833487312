// global_pool_unit: sum of each channel over a whole frame, without the zero point.
//
// In:  ready/valid, Lanes channels a beat, NHWC order, frames back to back; a beat a cycle.
// Out: Lanes sums at once, in channel order, one cycle after each beat of a frame's last pixel. No
//      ready: the unit holds Credits credits, needs one for such a beat and gets it back with
//      credit_i.

module global_pool_unit #(
  parameter int Pixels   = 4,
  parameter int Channels = 8,
  parameter int Lanes    = 1,
  parameter int Credits  = 2,
  parameter int SumWidth = 10
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic                      valid_i,
  output logic                      ready_o,
  input  logic [8*Lanes-1:0]        data_i,

  output logic                      valid_o,
  output logic [Lanes*SumWidth-1:0] sum_o,
  input  logic                      credit_i
);

  localparam int Groups     = Channels / Lanes;
  localparam int GroupWidth = (Groups > 1) ? $clog2(Groups) : 1;
  localparam int PixelWidth = (Pixels > 1) ? $clog2(Pixels) : 1;

  logic [GroupWidth-1:0] group_q;
  logic [PixelWidth-1:0] pixel_q;
  logic                  credit, take, first_pixel, last_pixel, last_group;

  assign first_pixel = (pixel_q == '0);
  assign last_pixel  = (pixel_q == PixelWidth'(Pixels - 1));
  assign last_group  = (group_q == GroupWidth'(Groups - 1));
  assign ready_o     = credit || !last_pixel;
  assign take        = valid_i && ready_o;

  credit_counter #(
    .Credits (Credits)
  ) u_credits (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .available_o (credit),
    .spend_i     (take && last_pixel),
    .return_i    (credit_i)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      group_q <= '0;
      pixel_q <= '0;
      valid_o <= 1'b0;
    end else begin
      valid_o <= take && last_pixel;
      if (take) begin
        group_q <= last_group ? '0 : group_q + 1'b1;
        if (last_group) begin
          pixel_q <= last_pixel ? '0 : pixel_q + 1'b1;
        end
      end
    end
  end

  // One sum a channel, read and written in the same cycle: LUT RAM.
  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic signed [SumWidth-1:0] sums [0:Groups-1];
    logic signed [SumWidth-1:0] code, sum;

    assign code = SumWidth'($signed(data_i[8*l +: 8]));
    assign sum  = first_pixel ? code : sums[group_q] + code;

    always_ff @(posedge clk_i) begin
      if (take) begin
        sums[group_q] <= sum;
      end
      sum_o[l*SumWidth +: SumWidth] <= sum;
    end
  end

  initial begin
    if (Lanes < 1 || Channels % Lanes != 0) begin
      $fatal(1, "global_pool_unit: Lanes (%0d) must divide Channels (%0d)", Lanes, Channels);
    end
    if (Pixels < 1 || SumWidth < 8 || SumWidth > 32) begin
      $fatal(1, "global_pool_unit: Pixels (%0d) must be at least 1, SumWidth (%0d) 8 to 32",
             Pixels, SumWidth);
    end
  end

endmodule
