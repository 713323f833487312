using System.Collections.Immutable;

namespace AccelSim.Graph.Training;

/// <summary>The layers of a network as a training step has them: constants are values, clamps layers of their own, and some operators are expanded.</summary>
internal static class ForwardPass
{
    /// <summary>Emits the layers up to the graph's first output.</summary>
    /// <param name="builder">Has the graph's inputs already.</param>
    /// <param name="graph">A float graph.</param>
    /// <param name="constants">The value of the step that stands for each constant.</param>
    /// <param name="statistics">Where moving statistics go, or null to use those that there are.</param>
    /// <returns>The first output.</returns>
    public static string Emit(StepBuilder builder, LayerGraph graph, IReadOnlyDictionary<string, string> constants, StatisticsUpdates? statistics)
    {
        var values = graph.Inputs.ToDictionary(input => input.Name, input => input.Name);
        foreach (var (constant, value) in constants)
            values[constant] = value;
        foreach (var layer in graph.Layers)
        {
            var here = layer with { Inputs = [.. layer.Inputs.Select(name => values[name])], Constants = [.. layer.Constants.Select(name => values[name])] };
            values[layer.Name] = Emit(builder, here, statistics);
        }
        return values[graph.Outputs[0]];
    }

    private static string Emit(StepBuilder builder, Layer layer, StatisticsUpdates? statistics)
    {
        if (layer.Operator is IClamped { Clamp: not ClampKind.None } clamped)
        {
            string unclamped = Emit(builder, layer with { Operator = clamped.WithClamp(ClampKind.None) }, statistics);
            var kind = clamped.Clamp == ClampKind.Relu ? ActivationKind.Relu : ActivationKind.Relu6;
            return builder.Emit($"{layer.Name}/{clamped.Clamp.ToString().ToLowerInvariant()}", new Activation(kind), [unclamped], []);
        }
        return DifferentiableOperators.Expansions.TryGetValue(layer.Operator.GetType(), out var expansion)
            ? expansion.Expand(new LayerExpansion(builder, layer, statistics))
            : builder.Emit(layer.Name, layer.Operator, layer.Inputs, layer.Constants);
    }
}
