using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;

namespace AccelSim.Tests.Systolic;

/// <summary>Graphs whose time matters and whose values do not.</summary>
internal static class TimedGraphs
{
    /// <summary>The int8 graph, with the same range for every value.</summary>
    public static LayerGraph Quantized(LayerGraph graph)
    {
        graph = graph.HasWeights ? graph : graph.WithSeededWeights(1);
        var ranges = graph.Inputs.Select(input => input.Name).Concat(graph.Layers.Select(layer => layer.Name)).ToDictionary(name => name, _ => (-8.0, 8.0));
        return new Quantizer(new ActivationRanges(ranges, RangeChoice.MinMax, "none")).Apply(graph);
    }

    /// <summary>One layer on float inputs x0, x1, … with constants of these shapes and no data.</summary>
    public static LayerGraph Layer(Operator @operator, Shape[] inputs, params (string Role, Shape Shape)[] constants)
    {
        var builder = new GraphBuilder("one");
        string[] names = [.. inputs.Select((shape, i) => builder.Input($"x{i}", shape))];
        return builder.Build(builder.Layer("layer", @operator, names, constants));
    }
}
