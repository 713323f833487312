using System.CommandLine;
using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Graph.Serialization;
using AccelSim.Graph.Training;
using AccelSim.Models.Graphviz;
using AccelSim.Models.Onnx.Export;
using AccelSim.Studies.Networks;
using Google.Protobuf;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim show</c></summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var network = new Argument<string>("network") { Description = NetworkArguments.NetworkHelp };
        var arguments = new NetworkArguments();
        var batch = new Option<int>("--batch") { Description = "Images at once", DefaultValueFactory = _ => 1 };
        var quantized = new Option<bool>("--quantized") { Description = "The int8 network, after calibration on the photographs that come with AccelSim" };
        var training = new Option<bool>("--training") { Description = "The network's training step: forward, loss, backward and update as layers" };
        var dump = new Option<string?>("--dump-after") { Description = $"Print the graph as YAML after a pass instead: {string.Join(", ", PassNames)}" };
        var json = new Option<bool>("--json") { Description = "The table as JSON" };
        var yaml = new Option<string?>("--yaml") { Description = "Save the graph as YAML to this file (- for stdout)" };
        var onnx = new Option<string?>("--onnx") { Description = "Save the network with weights as ONNX to this file (- for stdout); with --quantized as QDQ" };
        var beside = new Option<bool>("--external-data") { Description = "Put the weights of --onnx into a file beside it (always so above 1 GiB)" };
        var dot = new Option<string?>("--dot") { Description = "Save the graph in Graphviz's language to this file (- for stdout)" };
        var command = new Command("show", """
            Print a network, a row a layer with shape, parameters, MACs and activation bytes, then totals; or save it in other formats.

            Examples:
              accelsim show mobilenet_v2
              accelsim show mobilenet_v1 --width 0.5 --resolution 128 --json
              accelsim show resnet50 --option stride=1x1 --option shortcut=c
              accelsim show mobilenet_v1 --width 0.25 --resolution 32 --quantized --onnx mobilenet.onnx
              accelsim show googlenet --dot - | dot -Tsvg -o googlenet.svg
              accelsim show lenet5 --dump-after fold-batch-norm
              accelsim show lenet5 --training --batch 32
            """) { network, batch, quantized, training, dump, json, yaml, onnx, beside, dot };
        arguments.AddTo(command);
        command.SetAction((result, cancellation) => Terminal.Run(() =>
        {
            var request = new NetworkRequest
            {
                NetworkOrFile = result.GetValue(network)!,
                Options = arguments.Read(result, result.GetValue(batch)),
                Dimensions = arguments.Dimensions(result),
            };
            string[] files = [.. ((string?[])[result.GetValue(yaml), result.GetValue(onnx), result.GetValue(dot)]).OfType<string>()];
            if (files.Count(file => file == "-") + (result.GetValue(json) ? 1 : 0) + (result.GetValue(dump) is null ? 0 : 1) > 1)
                throw new GraphException("Only one of --json, --dump-after and the formats with - can write to stdout: give the others a file.");
            if (result.GetValue(beside) && result.GetValue(onnx) is null or "-")
                throw new GraphException("--external-data puts the weights of --onnx FILE into a file beside it: give --onnx a file.");
            foreach (string file in files)
                Terminal.RequireFolderOf(file);
            if (result.GetValue(dump) is { } pass)
            {
                Console.Out.Write(GraphYaml.Text(After(pass, request, cancellation)));
                return Terminal.Success;
            }
            if (result.GetValue(training) && (result.GetValue(quantized) || result.GetValue(onnx) is not null))
                throw new GraphException("A training step is in float and has layers that ONNX lacks: leave --quantized and --onnx out.");
            var shown = result.GetValue(training) ? (TrainingStepOf(request, cancellation), null) : result.GetValue(quantized) ? Quantized(request, cancellation) : (Graph: PreparedNetwork.Structure(request.NetworkOrFile, request.Options, request.Dimensions), Weights: null);
            if (result.GetValue(yaml) is { } yamlFile)
                SaveYaml(shown.Graph, yamlFile);
            if (result.GetValue(dot) is { } dotFile)
                SaveText(GraphvizDot.Text(shown.Graph), dotFile);
            if (result.GetValue(onnx) is { } onnxFile)
            {
                var (graph, weights) = shown.Weights is { } known ? (FloatInterface.Apply(shown.Graph), known) : WithWeights(shown.Graph, request, cancellation);
                SaveOnnx(graph, weights, onnxFile, result.GetValue(beside), cancellation);
            }
            if (result.GetValue(json))
                Terminal.WriteJson("-", NetworkTable.Summary(shown.Graph));
            else if (files.Length == 0)
                NetworkTable.Print(Terminal.Output, shown.Graph);
            return Terminal.Success;
        }));
        return command;
    }

    private static LayerGraph TrainingStepOf(NetworkRequest request, CancellationToken cancellation) =>
        TrainingStep.Of(PreparedNetwork.WithWeights(request, cancellation).Graph.WithBatch(request.Options.Batch), new TrainingStepOptions()).Graph;

    private static IEnumerable<string> PassNames => [.. FloatPasses.All.Select(pass => pass.Name), Quantizer.PassName];

    private static LayerGraph After(string pass, NetworkRequest request, CancellationToken cancellation)
    {
        if (!PassNames.Contains(pass))
            throw new GraphException($"There is no pass '{pass}' (there are {string.Join(", ", PassNames)}).");
        if (pass == Quantizer.PassName)
            return Quantized(request, cancellation).Graph;
        LayerGraph? dumped = null;
        FloatPasses.Run(PreparedNetwork.Structure(request.NetworkOrFile, request.Options, request.Dimensions), (done, graph) => dumped = done.Name == pass ? graph : dumped);
        return dumped!;
    }

    private static (LayerGraph Graph, string? Weights) Quantized(NetworkRequest request, CancellationToken cancellation)
    {
        var prepared = PreparedNetwork.Prepare(request, cancellation: cancellation);
        return (prepared.Quantized.WithBatch(request.Options.Batch), $"weights {prepared.Weights}; calibrated on {prepared.Calibration}");
    }

    /// <summary>The structure shown, for its batch, with the weights that the other commands would use.</summary>
    private static (LayerGraph Graph, string Weights) WithWeights(LayerGraph structure, NetworkRequest request, CancellationToken cancellation)
    {
        var (graph, weights) = PreparedNetwork.WithWeights(request, cancellation);
        return (structure.WithData(graph.Constants.Values.ToDictionary(constant => constant.Name, constant => constant.Value)), $"weights {weights}");
    }

    private static void SaveYaml(LayerGraph graph, string file)
    {
        if (file == "-")
        {
            Console.Out.Write(GraphYaml.Text(graph));
            return;
        }
        GraphYaml.Save(graph, file);
        Terminal.Note($"wrote {file}: {graph.Layers.Length} layers{(graph.HasWeights ? ", weights beside it" : ", no weights")}");
    }

    private static void SaveText(string text, string file)
    {
        if (file == "-")
        {
            Console.Out.Write(text);
            return;
        }
        CompleteFile.Write(file, text);
        Terminal.Note($"wrote {file}");
    }

    private static void SaveOnnx(LayerGraph graph, string source, string file, bool beside, CancellationToken cancellation)
    {
        if (file == "-")
        {
            using var output = Console.OpenStandardOutput();
            OnnxExport.Model(graph, source).WriteTo(output);
            Terminal.Note($"wrote ONNX to stdout, operator set {OnnxExport.OperatorSet}; {source}");
            return;
        }
        var written = OnnxExport.Save(graph, file, source, beside, cancellation);
        string sizes = string.Join(" and ", written.Select(part => FormattableString.Invariant($"{part} ({new FileInfo(part).Length:N0} bytes)")));
        Terminal.Note($"wrote {sizes}, operator set {OnnxExport.OperatorSet}; {source}");
    }
}
