namespace AccelSim.Graph.Training;

/// <summary>A constant that training changes.</summary>
/// <param name="Name">The constant.</param>
/// <param name="Decays">Whether weight decay applies: to matrices and kernels, but not to depthwise kernels, which have too few weights (Howard et al., arXiv:1704.04861, section 3.2).</param>
public sealed record LearnedConstant(string Name, bool Decays);

public static class LearnedConstants
{
    /// <summary>What training by back-propagation changes, in the order of the layers.</summary>
    public static IEnumerable<LearnedConstant> Of(LayerGraph graph)
    {
        foreach (var layer in graph.Layers)
        {
            bool depthwise = layer.Operator is Convolution convolution && convolution.IsDepthwise(graph.TypeOf(layer.Inputs[0]));
            foreach (string constant in layer.Constants.Take(layer.Operator.LearnedConstants).Where(graph.Constants.ContainsKey))
                yield return new LearnedConstant(constant, graph.TypeOf(constant).Shape.Rank > 1 && !depthwise);
        }
    }
}
