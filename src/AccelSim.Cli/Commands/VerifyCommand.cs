using System.CommandLine;
using System.Globalization;
using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Graph.Serialization;
using AccelSim.Models.Data;
using AccelSim.Studies.Networks;
using AccelSim.Studies.Verify;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim verify</c></summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var network = new Argument<string?>("network")
        {
            Description = NetworkArguments.NetworkHelp + " (default: the trained mobilenet_v1 0.25/32)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var arguments = new NetworkArguments();
        var image = new Option<string?>("--image") { Description = "A picture (PNG, JPEG, BMP) to run and calibrate on" };
        var samples = new Option<int?>("--samples") { Description = "How many of the 256 photographs that come with AccelSim to run (default: as many as take about 2 GMAC)" };
        var device = new Option<string>("--device") { Description = "The GPU executor's device (accelsim devices lists them)", DefaultValueFactory = _ => "auto" };
        var hardware = new Option<string>("--hw") { Description = "The platform that the systolic simulator simulates (accelsim hw lists them)", DefaultValueFactory = _ => "generic_32x32" };
        var rtl = new Option<string>("--rtl") { Description = "Blocks whose Verilog runs: all, none, or layers, comma-separated", DefaultValueFactory = _ => "all" };
        var trained = new Option<string?>("--weights") { Description = "A folder that accelsim train wrote" };
        var seed = new Option<ulong?>("--seed") { Description = "Seed of random weights, instead of trained ones" };
        var ranges = new Option<RangeChoice>("--ranges") { Description = "How calibration chooses ranges", DefaultValueFactory = _ => RangeChoice.MinMax };
        ranges.AcceptOnlyFromAmong(Enum.GetNames<RangeChoice>());
        var preprocess = new Option<string?>("--preprocess")
        {
            Description = $"From pixels to inputs: {string.Join(", ", ImagePreprocessing.Named.Keys.Order(StringComparer.Ordinal))} (default: what the network was trained with; for a quantized input, its codes are the pixels; else symmetric)",
        };
        var labels = new Option<string?>("--labels") { Description = "A text file with the name of a class on each line, for the classes in the report" };
        var dump = new Option<string?>("--dump-after") { Description = "Print the graph as YAML after this pass" };
        var json = new Option<string?>("--json") { Description = "Also write the report to this file (- for stdout alone)" };
        var command = new Command("verify", """
            Run a network on the reference, the GPU executor, the systolic simulator and, block by block, the generated Verilog,
            and compare every layer: int8 to the byte, float32 to 1e-5.

            Examples:
              accelsim verify
              accelsim verify lenet5
              accelsim verify mobilenet_v1 --resolution 224 --width 1.0 --samples 1
              accelsim verify mobilenet_v2 --image cat.png --rtl block2/depthwise --hw tpu_v1
              accelsim verify resnet50 --option stride=1x1 --resolution 64 --samples 1
              accelsim verify model.onnx --image cat.png --labels classes.txt
              accelsim verify model.onnx --dim N=1 --preprocess imagenet
            """) { network, image, samples, preprocess, labels, device, hardware, rtl, trained, seed, ranges, dump, json };
        arguments.AddTo(command);
        command.SetAction((result, cancellation) => Terminal.RunAsync(async () =>
        {
            string? named = result.GetValue(network);
            var request = new NetworkRequest
            {
                NetworkOrFile = named ?? PreparedNetwork.DefaultNetwork,
                Options = arguments.Read(result) is var options && named is null
                    ? options with { Width = options.Width ?? PreparedNetwork.DefaultWidth, Resolution = options.Resolution ?? PreparedNetwork.DefaultResolution }
                    : options,
                Dimensions = arguments.Dimensions(result),
                TrainedFolder = result.GetValue(trained),
                Seed = result.GetValue(seed),
                Ranges = result.GetValue(ranges),
                ImageFile = result.GetValue(image),
                Preprocessing = result.GetValue(preprocess),
                SampleCount = result.GetValue(samples),
            };
            if (request.TrainedFolder is not null && (named is not null || request.Seed is not null))
                throw new GraphException("--weights names a folder with a network and its weights of its own: leave the network and --seed out.");
            if (request is { ImageFile: not null, SampleCount: not null })
                throw new GraphException("--image and --samples both choose what to run: give one of them.");
            string? asked = result.GetValue(dump);
            if (asked is not null && result.GetValue(json) == "-")
                throw new GraphException("--dump-after and --json - both write to stdout: give --json a file.");
            Terminal.RequireFolderOf(result.GetValue(json));
            string[]? classNames = result.GetValue(labels) is { } list ? ReadLabels(list) : null;
            if (asked is not null && asked != Quantizer.PassName && FloatPasses.All.All(pass => pass.Name != asked))
                throw new GraphException($"There is no pass '{asked}' (there are {string.Join(", ", FloatPasses.All.Select(pass => pass.Name).Append(Quantizer.PassName))}).");
            var report = await Terminal.WithProgressAsync(progress => Task.Run(async () =>
            {
                var prepared = PreparedNetwork.Prepare(request, (pass, graph) =>
                {
                    if (pass == asked)
                        Console.Out.Write(GraphYaml.Text(graph));
                }, cancellation);
                using var backends = VerificationBackends.Open(result.GetValue(device)!, result.GetValue(hardware)!, result.GetValue(rtl)!);
                return await backends.Verifier.RunAsync(prepared, progress, cancellation);
            }, cancellation));
            if (result.GetValue(json) is { } file)
                Terminal.WriteJson(file, report);
            if (result.GetValue(json) != "-")
                VerificationTable.Print(Terminal.Output, report, classNames);
            return report.Agrees ? Terminal.Success : report.Disagreeing.Any() ? Terminal.Mismatch : Terminal.MissingTool;
        }));
        return command;
    }

    private static string[] ReadLabels(string file) => File.Exists(file) ? File.ReadAllLines(file) : throw new GraphException($"There is no file {file}.");
}
