using System.CommandLine;
using System.Globalization;
using AccelSim.Studies.Generate;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim generate-array</c></summary>
internal static class GenerateArrayCommand
{
    public static Command Create()
    {
        var array = new Argument<string>("array") { Description = "Rows and columns of processing elements, such as 16x16" };
        var output = new Option<string>("--out") { Description = "Folder to write", Required = true };
        var dataflow = new Option<string>("--dataflow") { Description = "ws (weight-stationary) or os (output-stationary)", DefaultValueFactory = _ => "ws" };
        var product = new Option<string>("--product") { Description = "The matrix product of the testbench: pixels,depth,filters", DefaultValueFactory = _ => "100,72,40" };
        var serial = new Option<bool>("--serial") { Description = "One register for what is held: a fold begins when the one before has left" };
        var fused = new Option<bool>("--fused") { Description = "Multiply and add in one cycle, as the simulator's arrays do: a longer path, a cycle less" };
        var sums = new Option<int>("--sums") { Description = "Partial sums kept for a column of a weight-stationary array", DefaultValueFactory = _ => 1024 };
        var seed = new Option<int>("--seed") { Description = "Seed of the operands", DefaultValueFactory = _ => 1 };
        var command = new Command("generate-array", """
            Write a systolic array as Verilog, with operand memories, controller and accumulators, as a folder to take away: sources, a
            matrix product with its sums, a testbench that checks sums and cycles, and a Makefile that runs Verilator and Yosys.

            Examples:
              accelsim generate-array 16x16 --dataflow ws --out array
              accelsim generate-array 8x8 --dataflow os --product 196,288,64 --out array
              accelsim generate-array 4x4 --serial --fused --out array
            """) { array, output, dataflow, product, serial, fused, sums, seed };
        command.SetAction((result, _) => Terminal.Run(() =>
        {
            var design = ArrayGeneration.Parse(result.GetValue(array)!, result.GetValue(dataflow)!) with
            {
                Pipelined = !result.GetValue(serial),
                ProductRegister = !result.GetValue(fused),
                SumDepth = result.GetValue(sums),
            };
            string folder = result.GetValue(output)!;
            var cycles = ArrayGeneration.Write(design, result.GetValue(product)!, result.GetValue(seed), folder);
            Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
                $"{folder}: {design.Cell}, {design.Rows}×{design.Columns} elements with a multiplier each");
            Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
                $"predicted (modelled; Verilator must count the same): {cycles.Total} cycles, {cycles.Compute} of which a vector enters");
            Terminal.Output.MarkupLineInterpolated($"try: make -C {folder}");
            return Terminal.Success;
        }));
        return command;
    }
}
