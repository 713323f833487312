namespace AccelSim.Graph.Passes;

/// <summary>
/// A quantized graph that takes and gives reals, as programs expect that feed it images: a <see cref="Quantize"/> after each input of codes, a <see cref="Dequantize"/> before each
/// output of them.
/// </summary>
public static class FloatInterface
{
    /// <summary>The graph with float32 at its interface; inputs keep their names, an output of codes becomes <c>NAME/dequantized</c>.</summary>
    public static LayerGraph Apply(LayerGraph graph)
    {
        var rewriter = new GraphRewriter(graph);
        var inputs = new List<GraphInput>();
        foreach (var input in graph.Inputs)
        {
            if (input.Type.Quantization is { } codes)
            {
                string quantized = Unused($"{input.Name}/quantized");
                rewriter.Emit(new Layer(quantized, new Quantize(codes), input.Name));
                rewriter.Rename(input.Name, quantized);
            }
            inputs.Add(input.Type.Quantization is null ? input : input with { Type = new TensorType(ElementType.Float32, input.Type.Shape) });
        }
        foreach (var layer in graph.Layers)
            rewriter.Emit(layer);
        var outputs = graph.Outputs.Distinct().ToDictionary(output => output, output => output);
        foreach (string output in outputs.Keys.Where(output => graph.TypeOf(output).Quantization is not null))
        {
            outputs[output] = Unused($"{output}/dequantized");
            rewriter.Emit(new Layer(outputs[output], new Dequantize(), output));
        }
        return rewriter.Build(inputs, graph.Outputs.Select(output => outputs[output]));

        string Unused(string name)
        {
            while (graph.Layers.Any(layer => layer.Name == name))
                name += "_";
            return name;
        }
    }
}
