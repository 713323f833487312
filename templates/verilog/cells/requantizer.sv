// requantizer: accumulator to int8, Lanes channels at once, with constants that belong to the
// channel.
//
//   y = clamp(z + RoundShift((acc + bias)*M, S), low, high)
//   RoundShift(v, S) = (v + 2^(S-1)) >> S = ((v >> (S-1)) + 1) >> 1     (half goes up)
//
// Beats arrive in channel order, all channels of a pixel before the next pixel; a counter follows
// them, so the stream carries no index. With Repeats > 1 each run of RunBeats beats comes so often
// before the next run: the same channels of as many pixels. Word w of the file serves lanes w*Lanes
// and up. A lane is {S-1 [6], M [MultiplierWidth], bias [32]}, lane 0 in the lowest bits. Bias sums
// wrap at 32 bits: the quantizer proves that the result does not.
//
// Nine cycles: two to read the constants, then bias, multiply, and five in round_clamp; no path
// between registers is longer than the multiply. No stall: one beat a cycle.

module requantizer #(
  parameter bit Loadable        = 1'b0,
  parameter int Lanes           = 1,
  parameter int Channels        = 8,
  parameter int SumWidth        = 20,
  parameter int MultiplierWidth = 16,
  parameter int RunBeats        = 1,
  parameter int Repeats         = 1,
  parameter     File            = "requant.hex"
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic [35:0]               load_i,

  input  logic signed [7:0]         zero_point_i,
  input  logic signed [7:0]         low_i,
  input  logic signed [7:0]         high_i,

  input  logic                      valid_i,
  input  logic [Lanes*SumWidth-1:0] sum_i,

  output logic                      valid_o,
  output logic [Lanes*8-1:0]        data_o
);

  localparam int Latency      = 9;
  localparam int LaneWidth    = 32 + MultiplierWidth + 6;
  localparam int ProductWidth = 32 + MultiplierWidth;
  localparam int Words        = Channels / Lanes;
  localparam int AddrWidth    = (Words > 1) ? $clog2(Words) : 1;

  localparam logic [AddrWidth-1:0] LastAddr = AddrWidth'(Words - 1);

  logic [Latency-1:0]         valid_q;
  logic [AddrWidth-1:0]       addr_q;
  logic                       again;
  logic [Lanes*LaneWidth-1:0] constants;

  assign valid_o = valid_q[Latency-1];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      addr_q  <= '0;
    end else begin
      valid_q <= {valid_q[Latency-2:0], valid_i};
      if (valid_i) begin
        addr_q <= again ? addr_q - AddrWidth'(RunBeats - 1) :
                  (addr_q == LastAddr) ? '0 : addr_q + 1'b1;
      end
    end
  end

  if (Repeats > 1) begin : gen_repeats
    localparam int RunWidth    = $clog2(RunBeats + 1);
    localparam int RepeatWidth = $clog2(Repeats + 1);

    logic [RunWidth-1:0]    run_q;
    logic [RepeatWidth-1:0] repeat_q;
    logic                   last_beat, last_repeat;

    assign last_beat   = (run_q == RunWidth'(RunBeats - 1));
    assign last_repeat = (repeat_q == RepeatWidth'(Repeats - 1));
    assign again       = last_beat && !last_repeat;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        run_q    <= '0;
        repeat_q <= '0;
      end else if (valid_i) begin
        run_q <= last_beat ? '0 : run_q + 1'b1;
        if (last_beat) begin
          repeat_q <= last_repeat ? '0 : repeat_q + 1'b1;
        end
      end
    end
  end else begin : gen_once
    assign again = 1'b0;
  end

  rom #(
    .Loadable (Loadable),
    .LoadKind (2'd1),
    .Width    (Lanes*LaneWidth),
    .Depth    (Words),
    .File     (File)
  ) u_constants (
    .clk_i  (clk_i),
    .load_i (load_i),
    .addr_i (addr_q),
    .data_o (constants)
  );

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic signed [31:0]                bias;
    logic        [MultiplierWidth-1:0] multiplier;
    logic        [5:0]                 shift;

    logic signed [SumWidth-1:0]        read_q, wait_q;
    logic signed [31:0]                biased_q;
    logic        [MultiplierWidth-1:0] multiplier_q;
    logic        [5:0]                 shift_q, shift2_q;
    logic signed [ProductWidth-1:0]    product_q;

    assign {shift, multiplier, bias} = constants[l*LaneWidth +: LaneWidth];

    always_ff @(posedge clk_i) begin
      read_q <= $signed(sum_i[l*SumWidth +: SumWidth]);
      wait_q <= read_q;

      biased_q     <= 32'(wait_q) + bias;
      multiplier_q <= multiplier;
      shift_q      <= shift;

      product_q <= ProductWidth'(biased_q) * ProductWidth'($signed({1'b0, multiplier_q}));
      shift2_q  <= shift_q;
    end

    round_clamp #(
      .Width (ProductWidth)
    ) u_round_clamp (
      .clk_i        (clk_i),
      .value_i      (product_q),
      .shift_i      (shift2_q),
      .zero_point_i (zero_point_i),
      .low_i        (low_i),
      .high_i       (high_i),
      .data_o       (data_o[8*l +: 8])
    );
  end

  initial begin
    if (Lanes < 1 || Channels < 1 || Channels % Lanes != 0) begin
      $fatal(1, "requantizer: Lanes (%0d) must divide Channels (%0d)", Lanes, Channels);
    end
    if (Repeats < 1 || RunBeats < 1 || Words % RunBeats != 0) begin
      $fatal(1, "requantizer: RunBeats (%0d) must divide the %0d beats, Repeats (%0d) be 1 or more",
             RunBeats, Words, Repeats);
    end
    if (SumWidth < 1 || SumWidth > 32) begin
      $fatal(1, "requantizer: SumWidth (%0d) must be 1 to 32", SumWidth);
    end
    if (MultiplierWidth < 8 || MultiplierWidth > 31) begin
      $fatal(1, "requantizer: MultiplierWidth (%0d) must be 8 to 31", MultiplierWidth);
    end
  end

endmodule
