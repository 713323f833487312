namespace AccelSim.Graph.Passes;

/// <summary>Keeps the layers that an output depends on.</summary>
internal static class DeadLayerRemoval
{
    public static LayerGraph Apply(LayerGraph graph)
    {
        var live = graph.Outputs.ToHashSet();
        foreach (var layer in graph.Layers.Reverse())
        {
            if (live.Contains(layer.Name))
                live.UnionWith(layer.Operands);
        }
        var rewriter = new GraphRewriter(graph);
        foreach (var layer in graph.Layers.Where(layer => live.Contains(layer.Name)))
            rewriter.Emit(layer);
        return rewriter.Build();
    }
}
