// width_converter: the same bytes in wider or narrower beats; one of InLanes and OutLanes divides
// the other.
//
// Wider: collects OutLanes/InLanes beats, the first lowest, and offers them one cycle after the
// last. Narrower: offers the parts of a beat, lowest first, from the cycle after it came. One word
// is kept; the next one may begin in the cycle in which the last of it leaves, so that a beat a
// cycle passes on the narrow side. Equal: a register.

module width_converter #(
  parameter int InLanes  = 1,
  parameter int OutLanes = 4
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,

  input  logic                  valid_i,
  output logic                  ready_o,
  input  logic [8*InLanes-1:0]  data_i,

  output logic                  valid_o,
  input  logic                  ready_i,
  output logic [8*OutLanes-1:0] data_o
);

  localparam int Ratio = (OutLanes > InLanes) ? OutLanes / InLanes : InLanes / OutLanes;
  localparam int Width = $clog2(Ratio + 1);

  // Parts in the word that are collected, or that are left.
  logic [Width-1:0] count_q;

  if (OutLanes > InLanes) begin : gen_wider
    logic [8*OutLanes-1:0] data_q;
    logic                  full, taken;

    assign full    = (count_q == Width'(Ratio));
    assign valid_o = full;
    assign ready_o = !full || ready_i;
    assign taken   = valid_i && ready_o;
    assign data_o  = data_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        count_q <= '0;
      end else if (full && ready_i) begin
        count_q <= Width'(taken);
      end else begin
        count_q <= count_q + Width'(taken);
      end
    end

    always_ff @(posedge clk_i) begin
      if (taken) begin
        data_q <= {data_i, data_q[8*OutLanes-1:8*InLanes]};
      end
    end
  end else begin : gen_narrower
    logic [8*InLanes-1:0] data_q;
    logic                 load;

    assign valid_o = (count_q != '0);
    // From registers only, which keeps valid_i and ready_i out of every bit's multiplexer: what is
    // loaded without a beat is not offered.
    assign load    = !valid_o || count_q == Width'(1);
    assign ready_o = !valid_o || (ready_i && count_q == Width'(1));
    assign data_o  = data_q[8*OutLanes-1:0];

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        count_q <= '0;
      end else if (valid_i && ready_o) begin
        count_q <= Width'(Ratio);
      end else if (valid_o && ready_i) begin
        count_q <= count_q - 1'b1;
      end
    end

    always_ff @(posedge clk_i) begin
      if ((valid_i && ready_o) || (valid_o && ready_i)) begin
        data_q <= load ? data_i : data_q >> (8*OutLanes);
      end
    end
  end

  initial begin
    if (InLanes < 1 || OutLanes < 1 ||
        (InLanes % OutLanes != 0 && OutLanes % InLanes != 0)) begin
      $fatal(1, "width_converter: one of InLanes (%0d) and OutLanes (%0d) must divide the other",
             InLanes, OutLanes);
    end
  end

endmodule
