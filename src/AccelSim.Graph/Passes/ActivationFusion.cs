namespace AccelSim.Graph.Passes;

/// <summary>ReLU and ReLU6 become the clamp of the layer before them, when nothing else reads the unclamped value.</summary>
internal static class ActivationFusion
{
    public static LayerGraph Apply(LayerGraph graph)
    {
        var rewriter = new GraphRewriter(graph);
        foreach (var layer in graph.Layers)
        {
            if (layer.Operator is Activation { Integer: null } activation
                && activation.Kind.AsClamp() is { } clamp
                && rewriter.Emitted(rewriter.Resolve(layer.Inputs[0])) is { Operator: IClamped { Clamp: ClampKind.None } clamped } producer
                && rewriter.HasOneReader(layer.Inputs[0]))
            {
                rewriter.Replace(producer, producer with { Operator = clamped.WithClamp(clamp) });
                rewriter.Rename(layer.Name, producer.Name);
            }
            else
            {
                rewriter.Emit(layer);
            }
        }
        return rewriter.Build();
    }
}
