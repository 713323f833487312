namespace AccelSim.Graph.Passes;

/// <summary>Graph to graph. The result is verified by being made.</summary>
public sealed record GraphPass(string Name, string Description, Func<LayerGraph, LayerGraph> Apply);

public static class FloatPasses
{
    /// <summary>What every float graph goes through before it is executed or quantized, in order.</summary>
    public static IReadOnlyList<GraphPass> All { get; } =
    [
        new("fold-batch-norm", "multiply batch normalization into the layer before it", BatchNormFolding.Apply),
        new("fuse-activation", "make ReLU and ReLU6 the clamp of the layer before them", ActivationFusion.Apply),
        new("remove-dead-layers", "drop layers that no output depends on", DeadLayerRemoval.Apply),
    ];

    /// <summary>Applies all passes; <paramref name="after"/> sees the graph after each.</summary>
    public static LayerGraph Run(LayerGraph graph, Action<GraphPass, LayerGraph>? after = null)
    {
        foreach (var pass in All)
        {
            graph = pass.Apply(graph);
            after?.Invoke(pass, graph);
        }
        return graph;
    }
}
