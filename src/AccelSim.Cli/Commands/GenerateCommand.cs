using System.CommandLine;
using System.Globalization;
using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Rtl;
using AccelSim.Rtl.Network;
using AccelSim.Rtl.Resources;
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
        var layer = new Option<string>("--layer") { Description = "One depthwise-separable block alone: its number from 1, or the name of one of its layers" };
        var target = new Option<HardwareLanguage>("--target") { Description = "Verilog, or hls: C++ for Vitis HLS", DefaultValueFactory = _ => HardwareLanguage.Verilog };
        var output = new Option<string>("--out") { Description = "Folder to write", Required = true };
        var device = new Option<string>("--device") { Description = "The FPGA that the whole network is folded for", DefaultValueFactory = _ => "zcu102" };
        var fps = new Option<double?>("--fps") { Description = "Frames a second to reach at least cost, instead of the most that fit the device" };
        var multipliers = new Option<long>("--multipliers") { Description = "Budget of multipliers for the folding search of a block", DefaultValueFactory = _ => 64 };
        var folding = new Option<string?>("--folding") { Description = "Parallelism instead of a search: of a block dwChannels,dwTaps,pwIn,pwOut; of a network a file such as the folding.json that generate writes" };
        var weights = new Option<WeightPlacement>("--weights") { Description = "Where the weights of pointwise and fully connected layers are: chip, stream (from DRAM), or auto (on the chip, and where they do not fit the largest streamed)", DefaultValueFactory = _ => WeightPlacement.Auto };
        var control = new Option<bool>("--axi-lite") { Description = "An AXI4-Lite port on the network: identification, status, counters, and the writing of its memories" };
        var packed = new Option<bool>("--packed") { Description = "Two int8 products a DSP slice in the pointwise layer of a block (UltraScale+ and 7 series), in either language; of a network see folding.json" };
        var frames = new Option<int>("--frames") { Description = "Images that become golden vectors", DefaultValueFactory = _ => 2 };
        var simulate = new Option<bool>("--simulate") { Description = "Also run the network in Verilator: every byte against the reference, every stream's cycles against the model (minutes for 1.0/224)" };
        var seed = new Option<ulong?>("--seed") { Description = "Seed of random weights, instead of trained ones" };
        var arguments = new NetworkArguments();
        var command = new Command("generate", """
            Write the Verilog of a whole network as one streaming pipeline, or of one depthwise-separable block (--layer), as a folder
            to take away: sources, memories, golden vectors, testbench, and a Makefile that runs Verilator and Yosys without AccelSim.
            With --target hls the same in C++ for Vitis HLS: cells, constants, testbench, Tcl script, and a Makefile that runs g++ or clang.

            Examples:
              accelsim generate mobilenet_v1 --width 0.25 --resolution 32 --device zcu102 --fps 200 --out mobilenet
              accelsim generate lenet5 --device zcu102 --out lenet
              accelsim generate mobilenet_v2 --device zcu102 --fps 200 --out v2
              accelsim generate mobilenet_v2 --device zcu104 --weights auto --out v2s
              accelsim generate mobilenet_v1 --width 0.25 --resolution 32 --axi-lite --out v1
              accelsim generate lenet5 --folding lenet/folding.json --out lenet2
              accelsim generate mobilenet_v3_small --device alveo-u250 --fps 300 --frames 1 --simulate --out v3
              accelsim generate mobilenet_v1 --width 0.25 --resolution 32 --layer 3 --out block3
              accelsim generate mobilenet_v2 --layer block5/depthwise --multipliers 256 --out block5
              accelsim generate mobilenet_v1 --layer 2 --folding 8,9,16,8 --packed --out block2
              accelsim generate mobilenet_v1 --width 0.25 --resolution 32 --device zcu102 --fps 200 --target hls --out mobilenet_hls
              accelsim generate mobilenet_v2 --device zcu102 --fps 200 --target hls --out v2_hls
              accelsim generate mobilenet_v1 --width 0.25 --resolution 32 --layer 3 --device zynq-7020 --target hls --packed --out block3_hls
            """) { network, layer, target, output, device, fps, multipliers, folding, weights, control, packed, frames, simulate, seed };
        arguments.AddTo(command);
        command.SetAction((result, cancellation) => Terminal.RunAsync(async () =>
        {
            var request = new NetworkRequest
            {
                NetworkOrFile = result.GetValue(network)!,
                Options = arguments.Read(result),
                Dimensions = arguments.Dimensions(result),
                Seed = result.GetValue(seed),
                SampleCount = result.GetValue(frames),
            };
            GeneratedFolder.RequireOurs(result.GetValue(output)!);
            var prepared = PreparedNetwork.Prepare(request, cancellation: cancellation);
            if (result.GetValue(layer) is not { } block)
            {
                var language = result.GetValue(target);
                if (result.GetValue(packed))
                    throw new GraphException($"--packed is of one block (--layer): in a network, write \"packed\": true beside a layer's numbers in its {FoldingFile.Name} and give that with --folding.");
                if (language == HardwareLanguage.Hls && result.GetValue(simulate))
                    throw new GraphException("--simulate runs Verilog in Verilator: leave it out, and run make in the folder of the C++.");
                var generated = NetworkGeneration.Write(
                    prepared, PlatformCatalog.Open().Find(result.GetValue(device)!), result.GetValue(fps), result.GetValue(output)!,
                    new PipelineRequest
                    {
                        Language = language,
                        Weights = result.GetValue(weights),
                        File = result.GetValue(folding),
                        ControlPort = result.GetValue(control),
                        Network = request,
                    },
                    cancellation);
                Print(generated, language, result.GetValue(output)!);
                return result.GetValue(simulate)
                    ? Print(await Terminal.WithProgressAsync(progress => NetworkGeneration.SimulateAsync(generated, progress, cancellation)))
                    : Terminal.Success;
            }
            if (result.GetValue(simulate))
                throw new GraphException("--simulate runs a whole network: leave --layer out, or run make in the block's folder.");
            if (result.GetValue(target) == HardwareLanguage.Hls)
            {
                var asked = NetworkGeneration.HlsTargetOf(PlatformCatalog.Open().Find(result.GetValue(device)!));
                var (netlist, verilog) = BlockGeneration.WriteHls(
                    prepared, block, result.GetValue(multipliers), result.GetValue(folding), result.GetValue(packed), asked, result.GetValue(output)!, cancellation);
                Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
                    $"{result.GetValue(output)}: foldings {string.Join(", ", netlist.Stages.Select(stage => stage.Folding))}, {netlist.Stages.Sum(stage => stage.MacMultipliers)} int8 multipliers, for {asked.Part}");
                PrintHls(verilog, result.GetValue(output)!);
                return Terminal.Success;
            }
            var design = BlockGeneration.Write(
                prepared, block, result.GetValue(multipliers), result.GetValue(folding), result.GetValue(packed), result.GetValue(output)!, cancellation);
            var family = NetworkGeneration.FamilyOf(PlatformCatalog.Open().Find(result.GetValue(device)!));
            var cycles = CycleModel.Predict(design, prepared.Samples.Count);
            var resources = BlockResources.Of(design);
            Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
                $"{result.GetValue(output)}: folding {design.Folding}, {resources.MacMultipliers} int8 multipliers and {resources.RequantizeMultipliers} requantizers, {resources.MemoryBits / 8.0 / 1024:f1} KiB of memory");
            Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
                $"predicted (modelled; Verilator must count the same): first output after {cycles.FirstOutput} cycles, a frame in {cycles.Frame}, then one every {cycles.Interval}");
            Terminal.Output.MarkupLineInterpolated(
                $"predicted for {family}, as Yosys 0.23 maps it: {FabricEstimate.Of(design, family)} (modelled; make synth sets them beside the synthesized)");
            Terminal.Output.MarkupLineInterpolated($"try: make -C {result.GetValue(output)}");
            return Terminal.Success;
        }));
        return command;
    }

    private static void PrintHls(PipelineCycles verilog, string folder)
    {
        Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"the same pipeline in Verilog gives a frame every {verilog.Interval} cycles (modelled); what HLS synthesis reaches is for Vitis HLS to say");
        Terminal.Output.MarkupLineInterpolated($"try: make -C {folder}; make -C {folder} turns");
    }

    private static int Print(NetworkCoSimulationReport report)
    {
        var differences = report.Differences.ToList();
        Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"counted by Verilator (cycle-accurate): first output after {report.Measured.FirstOutput} cycles, a frame in {report.Measured.Frame}; built in {report.BuildTime.TotalSeconds:0.#} s, run in {report.RunTime.TotalSeconds:0.#} s (wall, measured)");
        Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"{report.Elements} bytes compared with the reference, {report.Mismatches} differ; cycles as predicted on {report.Measured.Streams.Length - differences.Count} of {report.Measured.Streams.Length} streams");
        foreach (var (measured, predicted) in differences)
            Terminal.Output.MarkupLineInterpolated($"  counted {measured}, predicted {predicted}");
        bool agrees = report.Passed && differences.Count == 0;
        Terminal.Output.MarkupLineInterpolated($"{(agrees ? "AGREE" : $"DISAGREE: {report.Verdict}")}");
        return agrees ? Terminal.Success : Terminal.Mismatch;
    }

    private static void Print(GeneratedNetwork network, HardwareLanguage language, string folder)
    {
        var (folding, cycles) = (network.Folding, network.Cycles);
        Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"{folder}: {network.Netlist.Stages.Length} stages, {folding.Resources.DspSlices} DSP slices, {folding.Resources.BlockRams:0.#} blocks of RAM, {folding.Resources.Luts} look-up tables, {folding.Resources.Registers} registers (modelled as Yosys 0.23 maps them to {network.Family})");
        if (language == HardwareLanguage.Hls)
        {
            if (network.Streams is { } ports)
                Terminal.Output.MarkupLineInterpolated($"{ports}");
            PrintHls(cycles, folder);
            return;
        }
        Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"predicted (modelled; Verilator must count the same): first output after {cycles.FirstOutput} cycles, a frame in {cycles.Frame}, then one every {cycles.Interval}");
        Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"at {network.ClockHertz / 1e6:0.#} MHz, if place and route reach it: {network.FramesPerSecond:0.#} frames a second");
        Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"{network.Netlist.MacMultipliers} int8 multipliers, in use {network.MultiplierUse:0.0%} of the time (multiply-accumulates / (cycles x multipliers))");
        if (network.Streams is { } streams)
            Terminal.Output.MarkupLineInterpolated($"{streams}");
        Terminal.Output.MarkupLineInterpolated($"the bottleneck is {folding.Bottleneck}");
        Print(network.NextFasterFits ? "next faster" : "next faster, which does not fit", network.NextFaster, folding);
        Print("next cheaper", network.NextCheaper, folding);
        Terminal.Output.MarkupLineInterpolated($"try: make -C {folder}");
    }

    private static void Print(string what, NetworkFolding? other, NetworkFolding chosen)
    {
        if (other is null)
            return;
        Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"{what}: a frame every {other.Interval} cycles ({(double)chosen.Interval / other.Interval - 1:+0.0%;-0.0%} frames) takes {other.Resources.DspSlices} DSP slices ({Change(other.Resources.DspSlices, chosen.Resources.DspSlices)}) and {other.Resources.BlockRams:0.#} blocks of RAM ({Change(other.Resources.BlockRams, chosen.Resources.BlockRams)}), multipliers in use {other.MultiplierUse:0.0%}");

        static string Change(double other, double chosen) => string.Create(CultureInfo.InvariantCulture, $"{other - chosen:+0.#;-0.#;±0}");
    }
}
