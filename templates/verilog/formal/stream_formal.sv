// stream_formal: what a whole generated pipeline promises at its ends, for a model checker.
//
// - A beat that is offered and not taken stays, TLAST with it.
// - TLAST goes with the last of OutBeats beats and with no other; the source's is found right.
// - With COUNTED: its data stay as well; no beat is invented, the last beat of a frame leaves only
//   after all of the frame has come; and none is lost, all frames that came are out when the source
//   has been quiet at a frame's end and the sink ready for Quiet cycles.
// Frames are counted modulo 16, more than are ever inside. The checks of the cells themselves (a
// queue that overflows, a credit that is not there, a row released that is not held) come with it:
// the caller turns them into assertions.

module stream_formal #(
  parameter int InLanes  = 1,
  parameter int InBeats  = 4,
  parameter int OutLanes = 1,
  parameter int OutBeats = 4,
  parameter int Quiet    = 60
) (
  input logic                 clk_i,
  input logic                 valid_i,
  input logic [8*InLanes-1:0] data_i,
  input logic                 ready_i
);

  logic rst_n;
  initial rst_n = 1'b0;
  always @(posedge clk_i) rst_n <= 1'b1;

  logic                  ready, valid, last, frame_error;
  logic [8*OutLanes-1:0] data;
  logic [7:0]            in_beat, out_beat, quiet;
  logic [3:0]            in_frame, out_frame, frames_ahead;
  logic                  waiting, waiting_last;
  logic [8*OutLanes-1:0] waiting_data;

  initial begin
    in_beat   = '0;
    out_beat  = '0;
    in_frame  = '0;
    out_frame = '0;
    quiet     = '0;
    waiting   = 1'b0;
  end
  assign frames_ahead = in_frame - out_frame;

  net_top u_dut (
    .clk_i         (clk_i),
    .rst_ni        (rst_n),
    .s_axis_tvalid (valid_i && rst_n),
    .s_axis_tready (ready),
    .s_axis_tdata  (data_i),
    .s_axis_tlast  (32'(in_beat) == InBeats - 1),
    .m_axis_tvalid (valid),
    .m_axis_tready (ready_i),
    .m_axis_tdata  (data),
    .m_axis_tlast  (last),
    .frame_error_o (frame_error)
  );

  always @(posedge clk_i) begin
    if (rst_n) begin
      if (valid_i && ready) begin
        in_beat <= in_beat + 1'b1;
        if (32'(in_beat) == InBeats - 1) begin
          in_beat  <= '0;
          in_frame <= in_frame + 1'b1;
        end
      end
      if (valid && ready_i) begin
        out_beat <= out_beat + 1'b1;
        if (32'(out_beat) == OutBeats - 1) begin
          out_beat  <= '0;
          out_frame <= out_frame + 1'b1;
        end
      end
      quiet        <= (valid_i || !ready_i) ? '0 : (32'(quiet) == Quiet) ? quiet : quiet + 1'b1;
      waiting      <= valid && !ready_i;
      waiting_data <= data;
      waiting_last <= last;

      if (waiting) assert (valid && last == waiting_last);
      assert (last == (32'(out_beat) == OutBeats - 1));
      assert (!frame_error);
`ifdef COUNTED
      if (waiting) assert (data == waiting_data);
      if (valid && last) assert (frames_ahead != '0);
      if (32'(quiet) == Quiet && in_beat == '0) assert (frames_ahead == '0 && out_beat == '0);
`endif
`ifdef COVER
      assert (!(out_frame == 4'd1));
`endif
    end
  end

endmodule
