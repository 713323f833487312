using System.Collections.Immutable;

namespace AccelSim.Graph.Training;

/// <summary>
/// The backward half of differentiation alone: from the gradient of a graph's first output to the gradients of some of its inputs and constants.
/// </summary>
/// <param name="Graph">Its inputs are the graph's, its constants, and <see cref="OutputGradientName"/>.</param>
/// <param name="Gradients">For each value asked for, the layer with its gradient; values that the output does not depend on are absent.</param>
public sealed record VectorJacobianProduct(LayerGraph Graph, ImmutableDictionary<string, string> Gradients)
{
    /// <summary>The input with the gradient of the graph's first output.</summary>
    public const string OutputGradientName = "output_gradient";

    /// <param name="graph">A float graph; batch normalization uses its moving statistics.</param>
    /// <param name="values">Inputs and constants of the graph.</param>
    /// <exception cref="GraphException">A layer on the way cannot be differentiated.</exception>
    public static VectorJacobianProduct Of(LayerGraph graph, IReadOnlyList<string> values)
    {
        var builder = new StepBuilder($"{graph.Name}-gradients");
        foreach (var input in graph.Inputs)
            builder.Input(input.Name, input.Type.Shape);
        foreach (string constant in graph.Layers.SelectMany(layer => layer.Constants).Where(graph.Constants.ContainsKey))
            builder.Input(constant, graph.TypeOf(constant).Shape);
        builder.Input(OutputGradientName, graph.TypeOf(graph.Outputs[0]).Shape);
        string output = ForwardPass.Emit(builder, graph, graph.Constants.Keys.ToDictionary(name => name), null);
        var backward = new BackwardPass(builder, values);
        backward.Run(output, OutputGradientName);
        var gradients = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (string value in values)
        {
            if (backward.GradientOf(value) is { } gradient)
                // A layer of its own, for the gradient may be an input or that of two values.
                gradients[value] = builder.Emit($"{value}/gradient", new Reshape([.. builder.ShapeOf(gradient)]), [gradient], []);
        }
        return new VectorJacobianProduct(builder.Build(gradients.Values), gradients.ToImmutable());
    }
}
