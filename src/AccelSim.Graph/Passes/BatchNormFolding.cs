namespace AccelSim.Graph.Passes;

/// <summary>
/// Multiplies batch normalization into the convolution or fully connected layer before it:
/// w' = w·γ ÷ √(σ² + ε), b' = (b − μ)·γ ÷ √(σ² + ε) + β (Jacob et al., CVPR 2018, section 3.2).
/// One that follows something else becomes a depthwise 1×1 convolution, which is what it computes.
/// </summary>
internal static class BatchNormFolding
{
    public static LayerGraph Apply(LayerGraph graph)
    {
        var rewriter = new GraphRewriter(graph);
        foreach (var layer in graph.Layers)
        {
            if (layer.Operator is not BatchNormalization normalization || !rewriter.HasConstants(layer))
                rewriter.Emit(layer);
            else if (rewriter.Emitted(rewriter.Resolve(layer.Inputs[0])) is { } producer && CanFold(rewriter, layer, producer))
                Fold(rewriter, producer, layer, normalization);
            else if (graph.TypeOf(layer.Name).Shape.Rank == 4)
                Lower(rewriter, graph, layer, normalization);
            else
                rewriter.Emit(layer);
        }
        return rewriter.Build();
    }

    private static bool CanFold(GraphRewriter rewriter, Layer normalization, Layer producer) =>
        producer.Operator is Convolution { Clamp: ClampKind.None } or FullyConnected { Clamp: ClampKind.None }
        && rewriter.HasConstants(producer)
        && rewriter.HasOneReader(normalization.Inputs[0]);

    private static void Fold(GraphRewriter rewriter, Layer producer, Layer layer, BatchNormalization normalization)
    {
        var weight = rewriter.ConstantNamed(producer.Constants[0]);
        var bias = producer.Constants.Length > 1 ? rewriter.ConstantNamed(producer.Constants[1]) : null;
        int channels = weight.Type.Shape[0];
        var folded = bias ?? new Constant($"{producer.Name}/bias", new TensorType(ElementType.Float32, Shape.Of(channels)));
        if (Affine(rewriter, layer, normalization) is var (scale, offset) && weight.Data is { } data && (bias is null || bias.Data is not null))
        {
            int filter = checked((int)(data.Shape.Elements / channels));
            var source = data.Float32;
            var weights = new float[source.Length];
            var biases = new float[channels];
            for (int c = 0; c < channels; c++)
            {
                for (int i = c * filter; i < (c + 1) * filter; i++)
                    weights[i] = (float)(source[i] * scale[c]);
                biases[c] = (float)((bias?.Value.Float32[c] ?? 0) * scale[c] + offset[c]);
            }
            rewriter.Set(weight with { Data = Tensor.Of(data.Shape, weights) });
            folded = folded with { Data = Tensor.Of(Shape.Of(channels), biases) };
        }
        rewriter.Set(folded);
        var clamped = normalization.Clamp == ClampKind.None ? producer.Operator : ((IClamped)producer.Operator).WithClamp(normalization.Clamp);
        rewriter.Replace(producer, producer with { Operator = clamped, Constants = [weight.Name, folded.Name] });
        rewriter.Rename(layer.Name, producer.Name);
    }

    private static void Lower(GraphRewriter rewriter, LayerGraph graph, Layer layer, BatchNormalization normalization)
    {
        int channels = graph.TypeOf(layer.Name).Channels;
        var one = Size2.Square(1);
        var weight = new Constant($"{layer.Name}/weight", new TensorType(ElementType.Float32, Shape.Of(channels, 1, 1, 1)));
        var bias = new Constant($"{layer.Name}/bias", new TensorType(ElementType.Float32, Shape.Of(channels)));
        if (Affine(rewriter, layer, normalization) is var (scale, offset))
        {
            weight = weight with { Data = Tensor.Of(weight.Type.Shape, Array.ConvertAll(scale, value => (float)value)) };
            bias = bias with { Data = Tensor.Of(bias.Type.Shape, Array.ConvertAll(offset, value => (float)value)) };
        }
        rewriter.Set(weight);
        rewriter.Set(bias);
        rewriter.Emit(layer with
        {
            Operator = new Convolution(one, one, Padding.None, channels, normalization.Clamp),
            Constants = [weight.Name, bias.Name],
        });
    }

    /// <summary>The normalization as scale·x + offset for each channel, or null without data.</summary>
    private static (double[] Scale, double[] Offset)? Affine(GraphRewriter rewriter, Layer layer, BatchNormalization normalization)
    {
        var constants = layer.Constants.Select(rewriter.ConstantNamed).ToList();
        if (constants.Any(constant => constant.Data is null))
            return null;
        int channels = constants[0].Type.Shape[0];
        var (scale, offset) = (new double[channels], new double[channels]);
        for (int c = 0; c < channels; c++)
        {
            scale[c] = constants[0].Value.Float32[c] / Math.Sqrt(constants[3].Value.Float32[c] + normalization.Epsilon);
            offset[c] = constants[1].Value.Float32[c] - constants[2].Value.Float32[c] * scale[c];
        }
        return (scale, offset);
    }
}
