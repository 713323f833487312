// os_array: Rows x Columns processing elements that hold outputs, with the skew of its edges.
//
// Stream: with valid_i[i] an operand for row i at left_i; at the same time one for every column at
//         top_i. first_i goes with a fold's first vector, odd_i names its accumulator.
// Drain:  Rows cycles of drain_i shift the accumulators that drain_odd_i names out at the bottom,
//         the last row's first. A fold may drain from r cycles after its last vector, r being the
//         highest row that was valid; one more with ProductRegister.
// Out:    sum_o of column j is registered, 1 + j cycles after drain_i.
//
// Vectors enter unskewed; lane i of an edge waits i cycles here.

module os_array #(
  parameter int Rows            = 4,
  parameter int Columns         = 4,
  parameter int OperandWidth    = 8,
  parameter int SumWidth        = 32,
  parameter bit DoubleBuffer    = 1'b1,
  parameter bit ProductRegister = 1'b0
) (
  input  logic                            clk_i,
  input  logic                            rst_ni,

  input  logic [Rows-1:0]                 valid_i,
  input  logic                            first_i,
  input  logic                            odd_i,
  input  logic [Rows*OperandWidth-1:0]    left_i,
  input  logic [Columns*OperandWidth-1:0] top_i,

  input  logic                            drain_i,
  input  logic                            drain_odd_i,
  output logic [Columns*SumWidth-1:0]     sum_o
);

  // Operand, first and odd go with valid, which alone needs a reset.
  localparam int LeftWidth = OperandWidth + 2;

  logic [Rows*LeftWidth-1:0]       left_in, left;
  logic [Rows-1:0]                 valid;
  logic [Columns*OperandWidth-1:0] top;

  for (genvar i = 0; i < Rows; i++) begin : gen_left
    assign left_in[i*LeftWidth +: LeftWidth] =
        {odd_i, first_i, left_i[i*OperandWidth +: OperandWidth]};
  end

  skew_registers #(
    .Lanes (Rows),
    .Width (LeftWidth)
  ) u_left_skew (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .data_i (left_in),
    .data_o (left)
  );

  skew_registers #(
    .Lanes (Rows),
    .Width (1),
    .Reset (1'b1)
  ) u_valid_skew (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .data_i (valid_i),
    .data_o (valid)
  );

  skew_registers #(
    .Lanes (Columns),
    .Width (OperandWidth)
  ) u_top_skew (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .data_i (top_i),
    .data_o (top)
  );

  // What crosses from column j - 1 to column j of a row, and from row i - 1 to row i of a column.
  // A column drains as a whole: every row has the command from the left at the same time.
  logic [Rows*(Columns+1)*OperandWidth-1:0] across;
  logic [Rows*(Columns+1)-1:0]              present, first, odd, drain, drain_odd;
  logic [(Rows+1)*Columns*OperandWidth-1:0] down;
  logic [(Rows+1)*Columns*SumWidth-1:0]     sum;

  assign down[Columns*OperandWidth-1:0] = top;
  assign sum[Columns*SumWidth-1:0]      = '0;

  always_ff @(posedge clk_i) begin
    sum_o <= sum[Rows*Columns*SumWidth +: Columns*SumWidth];
  end

  // What would move on below the last row.
  logic unused_below;
  assign unused_below = ^down[Rows*Columns*OperandWidth +: Columns*OperandWidth];

  for (genvar i = 0; i < Rows; i++) begin : gen_row
    localparam int Row = i * (Columns + 1);

    assign {odd[Row], first[Row], across[Row*OperandWidth +: OperandWidth]} =
        left[i*LeftWidth +: LeftWidth];
    assign present[Row]   = valid[i];
    assign drain[Row]     = drain_i;
    assign drain_odd[Row] = drain_odd_i;

    // What would move on to the right of the last column.
    logic unused_edge;
    assign unused_edge = present[Row+Columns] ^ first[Row+Columns] ^ odd[Row+Columns] ^
                         drain[Row+Columns] ^ drain_odd[Row+Columns] ^
                         (^across[(Row+Columns)*OperandWidth +: OperandWidth]);

    for (genvar j = 0; j < Columns; j++) begin : gen_column
      os_element #(
        .OperandWidth    (OperandWidth),
        .SumWidth        (SumWidth),
        .DoubleBuffer    (DoubleBuffer),
        .ProductRegister (ProductRegister)
      ) u_element (
        .clk_i       (clk_i),
        .rst_ni      (rst_ni),
        .left_i      (across[(Row+j)*OperandWidth +: OperandWidth]),
        .valid_i     (present[Row+j]),
        .first_i     (first[Row+j]),
        .odd_i       (odd[Row+j]),
        .drain_i     (drain[Row+j]),
        .drain_odd_i (drain_odd[Row+j]),
        .left_o      (across[(Row+j+1)*OperandWidth +: OperandWidth]),
        .valid_o     (present[Row+j+1]),
        .first_o     (first[Row+j+1]),
        .odd_o       (odd[Row+j+1]),
        .drain_o     (drain[Row+j+1]),
        .drain_odd_o (drain_odd[Row+j+1]),
        .top_i       (down[(i*Columns+j)*OperandWidth +: OperandWidth]),
        .sum_i       (sum[(i*Columns+j)*SumWidth +: SumWidth]),
        .top_o       (down[((i+1)*Columns+j)*OperandWidth +: OperandWidth]),
        .sum_o       (sum[((i+1)*Columns+j)*SumWidth +: SumWidth])
      );
    end
  end

  initial begin
    if (Rows < 1 || Columns < 1) begin
      $fatal(1, "os_array: Rows (%0d) and Columns (%0d) must be at least 1", Rows, Columns);
    end
  end

endmodule
