using System.CommandLine;
using System.Globalization;
using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Graph.Serialization;
using AccelSim.Studies.Networks;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim show</c></summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var network = new Argument<string>("network") { Description = NetworkArguments.NetworkHelp };
        var arguments = new NetworkArguments();
        var batch = new Option<int>("--batch") { Description = "Images at once", DefaultValueFactory = _ => 1 };
        var dump = new Option<string?>("--dump-after") { Description = $"Print the graph as YAML after a pass instead: {string.Join(", ", PassNames)}" };
        var yaml = new Option<string?>("--yaml") { Description = "Also save the graph to this file" };
        var json = new Option<bool>("--json") { Description = "The same as JSON" };
        var command = new Command("show", """
            Print a network: a row a layer with shape, parameters, MACs and activation bytes, then totals.

            Examples:
              accelsim show mobilenet_v2
              accelsim show mobilenet_v1 --width 0.5 --resolution 128 --json
              accelsim show resnet50 --option stride=1x1 --option shortcut=c
              accelsim show lenet5 --dump-after fold-batch-norm
            """) { network, batch, dump, yaml, json };
        arguments.AddTo(command);
        command.SetAction((result, cancellation) => Terminal.Run(() =>
        {
            var graph = PreparedNetwork.Structure(result.GetValue(network)!, arguments.Read(result, result.GetValue(batch)));
            if (result.GetValue(yaml) is { } file)
                GraphYaml.Save(graph, file);
            if (result.GetValue(dump) is { } pass)
                Console.Out.Write(GraphYaml.Text(After(pass, result.GetValue(network)!, arguments.Read(result), cancellation)));
            else if (result.GetValue(json))
                Terminal.WriteJson("-", Summary(graph));
            else
                Print(graph);
            return Terminal.Success;
        }));
        return command;
    }

    private static IEnumerable<string> PassNames => [.. FloatPasses.All.Select(pass => pass.Name), Quantizer.PassName];

    private static LayerGraph After(string pass, string network, Models.NetworkOptions options, CancellationToken cancellation)
    {
        if (!PassNames.Contains(pass))
            throw new GraphException($"There is no pass '{pass}' (there are {string.Join(", ", PassNames)}).");
        LayerGraph? dumped = null;
        if (pass == Quantizer.PassName)
            return PreparedNetwork.Prepare(new NetworkRequest { NetworkOrFile = network, Options = options }, cancellation: cancellation).Quantized;
        FloatPasses.Run(PreparedNetwork.Structure(network, options), (done, graph) => dumped = done.Name == pass ? graph : dumped);
        return dumped!;
    }

    private static void Print(LayerGraph graph)
    {
        var table = new Table().Border(TableBorder.Simple).Title(Markup.Escape(graph.Name)).AddColumns("layer", "operator", "", "output", "parameters", "MACs", "activation bytes");
        foreach (int column in (int[])[4, 5, 6])
            table.Columns[column].RightAligned();
        foreach (var layer in graph.Layers)
        {
            var cost = graph.CostOf(layer);
            table.AddRow(
                Markup.Escape(layer.Name), layer.Operator.Name, Markup.Escape(layer.Operator.Describe()), graph.TypeOf(layer.Name).Shape.ToString(),
                cost.Parameters == 0 ? "" : Count(cost.Parameters), cost.Macs == 0 ? "" : Count(cost.Macs), Count(cost.OutputBytes));
        }
        Terminal.Output.Write(table);
        var total = graph.TotalCost();
        Terminal.Output.MarkupLineInterpolated(
            $"{graph.Layers.Length} layers, {graph.WeightedLayers()} with weights; [bold]{Count(total.Parameters)}[/] parameters, [bold]{Count(total.Macs)}[/] MACs, {Count(total.OutputBytes)} bytes of activations in {(graph.IsQuantized ? "int8" : "float32")}, at most {Count(graph.PeakActivationBytes())} alive at once");
    }

    private static object Summary(LayerGraph graph)
    {
        var total = graph.TotalCost();
        return new
        {
            name = graph.Name,
            batch = graph.Batch,
            parameters = total.Parameters,
            macs = total.Macs,
            weighted_layers = graph.WeightedLayers(),
            activation_bytes = total.OutputBytes,
            peak_activation_bytes = graph.PeakActivationBytes(),
            layers = graph.Layers.Select(layer =>
            {
                var cost = graph.CostOf(layer);
                return new
                {
                    name = layer.Name,
                    @operator = layer.Operator.Name,
                    attributes = layer.Operator.Describe(),
                    inputs = layer.Inputs,
                    shape = graph.TypeOf(layer.Name).Shape.ToArray(),
                    parameters = cost.Parameters,
                    macs = cost.Macs,
                    activation_bytes = cost.OutputBytes,
                };
            }),
        };
    }

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
