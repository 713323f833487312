// activation_table: replaces each int8 lane by an entry of a 256-entry table; two cycles of
// latency.
//
// Entry q + 128 of the file belongs to the value q, so the first line is the image of -128. Each
// lane has a copy of the table (2 Kibit: LUTs or half a small block RAM).

module activation_table #(
  parameter bit Loadable = 1'b0,
  parameter int Lanes = 1,
  parameter     File  = "table.hex"
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic [35:0]        load_i,

  input  logic               valid_i,
  input  logic [8*Lanes-1:0] data_i,

  output logic               valid_o,
  output logic [8*Lanes-1:0] data_o
);

  logic [1:0] valid_q;

  assign valid_o = valid_q[1];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
    end else begin
      valid_q <= {valid_q[0], valid_i};
    end
  end

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic [7:0] addr;
    // q + 128 for an eight-bit two's complement number is its sign bit turned over.
    assign addr = {!data_i[8*l+7], data_i[8*l +: 7]};

    rom #(
      .Loadable (Loadable),
      .LoadKind (2'd3),
      .Width    (8),
      .Depth    (256),
      .File     (File)
    ) u_table (
      .clk_i  (clk_i),
      .load_i (load_i),
      .addr_i (addr),
      .data_o (data_o[8*l +: 8])
    );
  end

  initial begin
    if (Lanes < 1) begin
      $fatal(1, "activation_table: Lanes (%0d) must be at least 1", Lanes);
    end
  end

endmodule
