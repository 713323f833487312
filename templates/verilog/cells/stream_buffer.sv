// stream_buffer: pixel_buffer behind a ready/valid stream: it holds the credits for the places.
//
// In:  WriteLanes bytes a beat; an item is Bytes bytes. The first beat of an item is taken once the
//      item has one of Items places, the others at once.
// Out: as of pixel_buffer: every read_i gives the next ReadLanes bytes of the oldest item, two
//      cycles later, again from its start after its end, unless release_i came with the last read.
//
// An item can be read from the cycle after its last beat on; its place can be taken again from the
// cycle after its last read on.

module stream_buffer #(
  parameter int Bytes      = 8,
  parameter int Items      = 2,
  parameter int WriteLanes = 1,
  parameter int ReadLanes  = 4
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,

  input  logic                    valid_i,
  output logic                    ready_o,
  input  logic [8*WriteLanes-1:0] data_i,

  output logic                    available_o,
  input  logic                    read_i,
  input  logic                    release_i,
  output logic [8*ReadLanes-1:0]  data_o
);

  localparam int Beats     = Bytes / WriteLanes;
  localparam int BeatWidth = (Beats > 1) ? $clog2(Beats) : 1;

  logic [BeatWidth-1:0] beat_q;
  logic                 first_beat, take, place;

  assign first_beat = (beat_q == '0);
  assign ready_o    = place || !first_beat;
  assign take       = valid_i && ready_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      beat_q <= '0;
    end else if (take) begin
      beat_q <= (beat_q == BeatWidth'(Beats - 1)) ? '0 : beat_q + 1'b1;
    end
  end

  credit_counter #(
    .Credits (Items)
  ) u_places (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .available_o (place),
    .spend_i     (take && first_beat),
    .return_i    (release_i)
  );

  pixel_buffer #(
    .Channels   (Bytes),
    .Pixels     (Items),
    .WriteLanes (WriteLanes),
    .ReadLanes  (ReadLanes)
  ) u_pixel_buffer (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .valid_i     (take),
    .data_i      (data_i),
    .available_o (available_o),
    .read_i      (read_i),
    .release_i   (release_i),
    .data_o      (data_o)
  );

endmodule
