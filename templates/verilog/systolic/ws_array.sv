// ws_array: Rows x Columns processing elements that hold weights, with the skew of its edges.
//
// Load:   with load_i[i] row i takes the weights of the row above, row 0 weight_i. The weights of
//         the lowest row go first, and a row begins to shift only when the front has reached it
//         (load_i is 1, 11, 111, ...), so that the rows below keep theirs for a stream that is
//         about to start.
// Stream: one operand a row and cycle at data_i, first_i with the first vector. A row that is not
//         used is fed zeros.
// Out:    the sum of column j, in its last row's register, Rows + j cycles after the vector was at
//         data_i; one more with ProductRegister.
//
// Vectors enter unskewed; lane i of an edge waits i cycles here.

module ws_array #(
  parameter int Rows            = 4,
  parameter int Columns         = 4,
  parameter int OperandWidth    = 8,
  parameter int SumWidth        = 32,
  parameter bit DoubleBuffer    = 1'b1,
  parameter bit ProductRegister = 1'b0
) (
  input  logic                            clk_i,
  input  logic                            rst_ni,

  input  logic [Rows-1:0]                 load_i,
  input  logic [Columns*OperandWidth-1:0] weight_i,

  input  logic                            first_i,
  input  logic [Rows*OperandWidth-1:0]    data_i,

  output logic [Columns*SumWidth-1:0]     sum_o
);

  logic [Rows*OperandWidth-1:0]    left;
  logic [Rows-1:0]                 first;
  logic [Columns*OperandWidth-1:0] top;

  skew_registers #(
    .Lanes (Rows),
    .Width (OperandWidth)
  ) u_left_skew (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .data_i (data_i),
    .data_o (left)
  );

  skew_registers #(
    .Lanes (Rows),
    .Width (1),
    .Reset (1'b1)
  ) u_first_skew (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .data_i ({Rows{first_i}}),
    .data_o (first)
  );

  skew_registers #(
    .Lanes (Columns),
    .Width (OperandWidth)
  ) u_top_skew (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .data_i (weight_i),
    .data_o (top)
  );

  // What crosses from column j - 1 to column j of a row, and from row i - 1 to row i of a column.
  logic [Rows*(Columns+1)*OperandWidth-1:0] data;
  logic [Rows*(Columns+1)-1:0]              mark, load;
  logic [(Rows+1)*Columns*OperandWidth-1:0] weight;
  logic [(Rows+1)*Columns*SumWidth-1:0]     sum;

  assign weight[Columns*OperandWidth-1:0] = top;
  assign sum[Columns*SumWidth-1:0]        = '0;
  assign sum_o                            = sum[Rows*Columns*SumWidth +: Columns*SumWidth];

  // What would move on below the last row.
  logic unused_below;
  assign unused_below = ^weight[Rows*Columns*OperandWidth +: Columns*OperandWidth];

  for (genvar i = 0; i < Rows; i++) begin : gen_row
    localparam int Row = i * (Columns + 1);

    assign data[Row*OperandWidth +: OperandWidth] = left[i*OperandWidth +: OperandWidth];
    assign mark[Row]                              = first[i];
    assign load[Row]                              = load_i[i];

    // What would move on to the right of the last column.
    logic unused_edge;
    assign unused_edge = mark[Row+Columns] ^ load[Row+Columns] ^
                         (^data[(Row+Columns)*OperandWidth +: OperandWidth]);

    for (genvar j = 0; j < Columns; j++) begin : gen_column
      ws_element #(
        .OperandWidth    (OperandWidth),
        .SumWidth        (SumWidth),
        .DoubleBuffer    (DoubleBuffer),
        .ProductRegister (ProductRegister)
      ) u_element (
        .clk_i    (clk_i),
        .rst_ni   (rst_ni),
        .data_i   (data[(Row+j)*OperandWidth +: OperandWidth]),
        .first_i  (mark[Row+j]),
        .load_i   (load[Row+j]),
        .data_o   (data[(Row+j+1)*OperandWidth +: OperandWidth]),
        .first_o  (mark[Row+j+1]),
        .load_o   (load[Row+j+1]),
        .weight_i (weight[(i*Columns+j)*OperandWidth +: OperandWidth]),
        .sum_i    (sum[(i*Columns+j)*SumWidth +: SumWidth]),
        .weight_o (weight[((i+1)*Columns+j)*OperandWidth +: OperandWidth]),
        .sum_o    (sum[((i+1)*Columns+j)*SumWidth +: SumWidth])
      );
    end
  end

  initial begin
    if (Rows < 1 || Columns < 1) begin
      $fatal(1, "ws_array: Rows (%0d) and Columns (%0d) must be at least 1", Rows, Columns);
    end
  end

endmodule
