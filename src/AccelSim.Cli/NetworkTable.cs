using System.Globalization;
using AccelSim.Graph;
using Spectre.Console;

namespace AccelSim.Cli;

/// <summary>A network layer by layer with what each costs: as a table, and as JSON.</summary>
internal static class NetworkTable
{
    public static void Print(IAnsiConsole console, LayerGraph graph)
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
        console.Write(table);
        var total = graph.TotalCost();
        console.MarkupLineInterpolated(
            $"{graph.Layers.Length} layers, {graph.WeightedLayers()} with weights; [bold]{Count(total.Parameters)}[/] parameters, [bold]{Count(total.Macs)}[/] MACs, {Count(total.OutputBytes)} bytes of activations in {(graph.IsQuantized ? "int8" : "float32")}, at most {Count(graph.PeakActivationBytes())} alive at once");
    }

    public static object Summary(LayerGraph graph)
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
