using System.CommandLine;
using System.Globalization;
using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Studies.Generate;
using AccelSim.Studies.Networks;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim generate</c></summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var network = new Argument<string>("network") { Description = NetworkArguments.NetworkHelp };
        var layer = new Option<string>("--layer") { Description = "The block: its number from 1, or the name of one of its layers", Required = true };
        var output = new Option<string>("--out") { Description = "Folder to write", Required = true };
        var multipliers = new Option<long>("--multipliers") { Description = "Budget of multipliers for the folding search", DefaultValueFactory = _ => 64 };
        var folding = new Option<string?>("--folding") { Description = "Parallelism instead of a search: dwChannels,dwTaps,pwIn,pwOut" };
        var frames = new Option<int>("--frames") { Description = "Images whose activations become golden vectors", DefaultValueFactory = _ => 2 };
        var seed = new Option<ulong?>("--seed") { Description = "Seed of random weights, instead of trained ones" };
        var arguments = new NetworkArguments();
        var command = new Command("generate", """
            Write the Verilog of a depthwise-separable block as a folder to take away: sources, memories, golden vectors,
            testbench, and a Makefile that runs Verilator and Yosys without AccelSim.

            Examples:
              accelsim generate mobilenet_v1 --width 0.25 --resolution 32 --layer 3 --out block3
              accelsim generate mobilenet_v2 --layer block5/depthwise --multipliers 256 --out block5
              accelsim generate mobilenet_v1 --layer 2 --folding 8,9,16,8 --out block2
            """) { network, layer, output, multipliers, folding, frames, seed };
        arguments.AddTo(command);
        command.SetAction((result, cancellation) => Terminal.Run(() =>
        {
            var prepared = PreparedNetwork.Prepare(new NetworkRequest
            {
                NetworkOrFile = result.GetValue(network)!,
                Options = arguments.Read(result),
                Dimensions = arguments.Dimensions(result),
                Seed = result.GetValue(seed),
                SampleCount = result.GetValue(frames),
            }, cancellation: cancellation);
            var design = BlockGeneration.Write(
                prepared, result.GetValue(layer)!, result.GetValue(multipliers), result.GetValue(folding), result.GetValue(output)!, cancellation);
            var cycles = CycleModel.Predict(design, prepared.Samples.Count);
            var resources = BlockResources.Of(design);
            Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
                $"{result.GetValue(output)}: folding {design.Folding}, {resources.MacMultipliers} int8 multipliers and {resources.RequantizeMultipliers} requantizers, {resources.MemoryBits / 8.0 / 1024:f1} KiB of memory");
            Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
                $"predicted (modelled; Verilator must count the same): first output after {cycles.FirstOutput} cycles, a frame in {cycles.Frame}, then one every {cycles.Interval}");
            Terminal.Output.MarkupLineInterpolated($"try: make -C {result.GetValue(output)}");
            return Terminal.Success;
        }));
        return command;
    }
}
