// frame_marker: AXI4-Stream's TLAST from a count of beats, and a check of the source's.
//
// last_o is high with the last of Beats beats; error_o stays high from the first beat whose last_i
// said something else until reset. The data do not pass through.

module frame_marker #(
  parameter int Beats = 4
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic take_i,
  input  logic last_i,
  output logic last_o,
  output logic error_o
);

  localparam int Width = (Beats > 1) ? $clog2(Beats) : 1;

  logic [Width-1:0] beat_q;

  assign last_o = (beat_q == Width'(Beats - 1));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      beat_q  <= '0;
      error_o <= 1'b0;
    end else if (take_i) begin
      beat_q  <= last_o ? '0 : beat_q + 1'b1;
      error_o <= error_o || (last_i != last_o);
    end
  end

  initial begin
    if (Beats < 1) begin
      $fatal(1, "frame_marker: Beats (%0d) must be at least 1", Beats);
    end
  end

endmodule
