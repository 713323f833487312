// systolic_bench: runs matrix products on systolic_ws or systolic_os and checks every sum, every
// cycle count and that nothing else comes out; runs under Verilator and Icarus Verilog.
//
// Reads from Folder: jobs.txt, a line a product: pixels depth filters left_words top_words cycles;
// left.hex, top.hex and golden.hex, the products' words one after another, the golden sums with a
// line for each pixel and filter, filter fastest.
//
// Prints a line a product, job=.. cycles=.. predicted=.. mismatches=.., and last PASS or FAIL with
// the reason, each with Name in front. Cycles are counted from the one in which the first vector
// enters the array to the one in which its last sum stands below it.

module systolic_bench #(
  parameter bit WeightStationary = 1'b1,
  parameter int Rows             = 4,
  parameter int Columns          = 4,
  parameter int SumDepth         = 64,
  parameter int LeftDepth        = 256,
  parameter int TopDepth         = 256,
  parameter int GoldenDepth      = 256,
  parameter bit Pipelined        = 1'b1,
  parameter bit ProductRegister  = 1'b0,
  parameter     Name             = "bench",
  parameter     Folder           = "."
) (
  output logic done_o,
  output logic passed_o
);

  localparam int LeftAddrWidth = (LeftDepth > 1) ? $clog2(LeftDepth) : 1;
  localparam int TopAddrWidth  = (TopDepth > 1) ? $clog2(TopDepth) : 1;

  // Idle cycles after a product, for a sum too many.
  localparam int Drain = 8;

  logic clk   = 1'b0;
  logic rst_n = 1'b0;

  always #5 clk = !clk;

  logic                     left_write = 1'b0;
  logic                     top_write  = 1'b0;
  logic                     start      = 1'b0;
  logic [LeftAddrWidth-1:0] left_address = '0;
  logic [TopAddrWidth-1:0]  top_address  = '0;
  logic [8*Rows-1:0]        left_data = '0;
  logic [8*Columns-1:0]     top_data  = '0;
  logic [15:0]              pixels = '0;
  logic [15:0]              depth = '0;
  logic [15:0]              filters = '0;
  logic                     busy, enters;
  logic [Columns-1:0]       valid, leaves;
  logic [32*Columns-1:0]    sums;

  if (WeightStationary) begin : gen_ws
    systolic_ws #(
      .Rows            (Rows),
      .Columns         (Columns),
      .SumDepth        (SumDepth),
      .LeftDepth       (LeftDepth),
      .TopDepth        (TopDepth),
      .Pipelined       (Pipelined),
      .ProductRegister (ProductRegister)
    ) u_dut (
      .clk_i          (clk),
      .rst_ni         (rst_n),
      .left_write_i   (left_write),
      .left_address_i (left_address),
      .left_data_i    (left_data),
      .top_write_i    (top_write),
      .top_address_i  (top_address),
      .top_data_i     (top_data),
      .start_i        (start),
      .pixels_i       (pixels),
      .depth_i        (depth),
      .filters_i      (filters),
      .busy_o         (busy),
      .valid_o        (valid),
      .sum_o          (sums),
      .enters_o       (enters),
      .leaves_o       (leaves)
    );
  end else begin : gen_os
    systolic_os #(
      .Rows            (Rows),
      .Columns         (Columns),
      .LeftDepth       (LeftDepth),
      .TopDepth        (TopDepth),
      .Pipelined       (Pipelined),
      .ProductRegister (ProductRegister)
    ) u_dut (
      .clk_i          (clk),
      .rst_ni         (rst_n),
      .left_write_i   (left_write),
      .left_address_i (left_address),
      .left_data_i    (left_data),
      .top_write_i    (top_write),
      .top_address_i  (top_address),
      .top_data_i     (top_data),
      .start_i        (start),
      .pixels_i       (pixels),
      .depth_i        (depth),
      .filters_i      (filters),
      .busy_o         (busy),
      .valid_o        (valid),
      .sum_o          (sums),
      .enters_o       (enters),
      .leaves_o       (leaves)
    );
  end

  // ---- State: plain variables of the testbench, in program order ----

  localparam int Reset = 0, NextJob = 1, WriteLeft = 2, WriteTop = 3, Begin = 4, Run = 5;

  int state = Reset;
  int reset_left = 4;
  int jobs_file, left_file, top_file, golden_file;
  int read;
  int job = 0;
  int failures = 0;
  int left_words, top_words, predicted, written, idle;
  int now, first_enter, last_leave, seen, mismatches;
  int job_pixels, job_depth, job_filters;

  // Where the next sum of each column belongs.
  int tile  [0:Columns-1];
  int pixel [0:Columns-1];
  int base  [0:Columns-1];
  int at, height;

  logic [8*Rows-1:0]    left_word;
  logic [8*Columns-1:0] top_word;
  logic [31:0]          golden_word;
  logic [31:0]          golden [0:GoldenDepth-1];

  initial begin
    done_o      = 1'b0;
    passed_o    = 1'b0;
    jobs_file   = $fopen({Folder, "/jobs.txt"}, "r");
    left_file   = $fopen({Folder, "/left.hex"}, "r");
    top_file    = $fopen({Folder, "/top.hex"}, "r");
    golden_file = $fopen({Folder, "/golden.hex"}, "r");
    // A handle that only $fscanf reads Verilator 5.006 keeps in a local variable, and loses it.
    if (jobs_file == 0 || left_file == 0 || top_file == 0 || golden_file == 0) begin
      finish("FAIL jobs.txt, left.hex, top.hex or golden.hex is missing");
    end
  end

  task automatic finish(input string verdict);
    $display("%0s %0s", Name, verdict);
    passed_o = (verdict == "PASS");
    done_o   = 1'b1;
  endtask

  task automatic rewind(input int column);
    height        = (job_pixels < Rows) ? job_pixels : Rows;
    tile[column]  = 0;
    base[column]  = 0;
    pixel[column] = WeightStationary ? 0 : height - 1;
  endtask

  // Weight-stationary: all pixels of a filter tile. Output-stationary: the pixels of a row tile,
  // last first, for each filter tile.
  task automatic advance(input int column);
    if (WeightStationary) begin
      pixel[column] = pixel[column] + 1;
      if (pixel[column] == job_pixels) begin
        pixel[column] = 0;
        tile[column]  = tile[column] + 1;
      end
    end else begin
      pixel[column] = pixel[column] - 1;
      if (pixel[column] < base[column]) begin
        tile[column] = tile[column] + 1;
        if (tile[column]*Columns + column >= job_filters) begin
          tile[column] = 0;
          base[column] = base[column] + Rows;
        end
        height        = (job_pixels - base[column] < Rows) ? job_pixels - base[column] : Rows;
        pixel[column] = base[column] + height - 1;
      end
    end
  endtask

  always @(posedge clk) begin
    start      <= 1'b0;
    left_write <= 1'b0;
    top_write  <= 1'b0;

    // Whatever leaves is checked, whether a product runs or not.
    for (int j = 0; j < Columns; j++) begin
      if (rst_n && valid[j] && !done_o) begin
        at = pixel[j]*job_filters + tile[j]*Columns + j;
        if (state != Run || seen >= job_pixels*job_filters || at < 0 || at >= GoldenDepth ||
            tile[j]*Columns + j >= job_filters) begin
          finish("FAIL a sum too many");
        end else if (sums[32*j +: 32] !== golden[at]) begin
          mismatches = mismatches + 1;
        end
        seen = seen + 1;
        advance(j);
      end
    end

    case (state)
      Reset: begin
        reset_left = reset_left - 1;
        if (reset_left == 0) begin
          rst_n <= 1'b1;
          state = NextJob;
        end
      end

      NextJob: if (!done_o) begin
        read = $fscanf(jobs_file, "%d %d %d %d %d %d", job_pixels, job_depth, job_filters,
                       left_words, top_words, predicted);
        if (read != 6) begin
          if (failures == 0 && job != 0) begin
            finish("PASS");
          end else begin
            finish("FAIL");
          end
        end else if (left_words > LeftDepth || top_words > TopDepth ||
                     job_pixels*job_filters > GoldenDepth) begin
          finish("FAIL a product does not fit the memories");
        end else begin
          for (int i = 0; i < job_pixels*job_filters; i++) begin
            read = $fscanf(golden_file, "%h", golden_word);
            golden[i] = golden_word;
          end
          for (int j = 0; j < Columns; j++) begin
            rewind(j);
          end
          written = 0;
          state   = WriteLeft;
        end
      end

      WriteLeft: begin
        read = $fscanf(left_file, "%h", left_word);
        left_write   <= 1'b1;
        left_address <= LeftAddrWidth'(written);
        left_data    <= left_word;
        written = written + 1;
        if (written == left_words) begin
          written = 0;
          state   = WriteTop;
        end
      end

      WriteTop: begin
        read = $fscanf(top_file, "%h", top_word);
        top_write   <= 1'b1;
        top_address <= TopAddrWidth'(written);
        top_data    <= top_word;
        written = written + 1;
        if (written == top_words) begin
          state = Begin;
        end
      end

      Begin: begin
        start   <= 1'b1;
        pixels  <= 16'(job_pixels);
        depth   <= 16'(job_depth);
        filters <= 16'(job_filters);
        now         = 0;
        idle        = 0;
        first_enter = -1;
        last_leave  = -1;
        seen        = 0;
        mismatches  = 0;
        state       = Run;
      end

      default: begin
        now = now + 1;
        if (enters && first_enter < 0) first_enter = now;
        if (leaves != '0) last_leave = now;
        idle = (busy || start) ? 0 : idle + 1;
        if (now > predicted + 1000) begin
          finish("FAIL a product takes too long");
          state = NextJob;
        end else if (idle == Drain) begin
          $display("%0s job=%0d cycles=%0d predicted=%0d mismatches=%0d", Name, job,
                   last_leave - first_enter, predicted, mismatches);
          if (last_leave - first_enter != predicted || mismatches != 0 ||
              seen != job_pixels*job_filters) begin
            failures = failures + 1;
          end
          job   = job + 1;
          state = NextJob;
        end
      end
    endcase
  end

endmodule
