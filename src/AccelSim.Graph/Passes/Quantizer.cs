using System.Collections.Immutable;

namespace AccelSim.Graph.Passes;

/// <summary>
/// Post-training quantization (numerics.md): a float graph with weights and calibrated ranges becomes the int8 graph with every
/// constant that the arithmetic needs. Weights are symmetric, a scale an output channel; activations affine, a scale a tensor.
/// </summary>
public sealed class Quantizer(ActivationRanges ranges, int multiplierBits = Requantization.DefaultMultiplierBits)
{
    /// <summary>A bias may take up to this share of the int32 accumulator: where it would take more, the weight scale is widened.</summary>
    private const double LargestBias = 1 << 30;

    public const string PassName = "quantize";

    /// <exception cref="GraphException">The graph is quantized, an operator has no integer form, a value has no range, or an accumulator could overflow.</exception>
    public LayerGraph Apply(LayerGraph graph)
    {
        if (graph.IsQuantized)
            throw new GraphException($"'{graph.Name}' is quantized already: give the float graph.");
        var codes = graph.Inputs.ToDictionary(input => input.Name, input => ranges.QuantizationOf(input.Name));
        var rewriter = new GraphRewriter(graph);
        foreach (var layer in graph.Layers)
        {
            try
            {
                var quantized = Quantize(rewriter, graph, layer, codes);
                rewriter.Emit(quantized);
            }
            catch (GraphException error)
            {
                throw new GraphException($"Layer '{layer.Name}' ({layer.Operator.Name}) of '{graph.Name}' cannot be quantized: {error.Message}", error);
            }
        }
        return rewriter.Build(graph.Inputs.Select(input =>
            input with { Type = new TensorType(ElementType.Int8, input.Type.Shape, codes[input.Name]) }));
    }

    private Layer Quantize(GraphRewriter rewriter, LayerGraph graph, Layer layer, Dictionary<string, Quantization> codes)
    {
        var input = codes[layer.Inputs[0]];
        if (layer.Operator is MaxPool or Flatten)
        {
            codes[layer.Name] = input;
            return layer;
        }
        var output = codes[layer.Name] = ranges.QuantizationOf(layer.Name);
        return layer with
        {
            Operator = layer.Operator switch
            {
                Convolution convolution => convolution with { Integer = QuantizeMac(rewriter, graph, layer, convolution.Clamp, input, output) },
                FullyConnected connected => connected with { Integer = QuantizeMac(rewriter, graph, layer, connected.Clamp, input, output) },
                Activation activation => activation with { Integer = LookupTable.Of(activation.Kind, input, output) },
                Add add => add with { Integer = QuantizeAdd(add.Clamp, input, codes[layer.Inputs[1]], output) },
                Multiply multiply => multiply with { Integer = Scaled([input.Scale * codes[layer.Inputs[1]].Scale / output.Scale], ClampKind.None, output) },
                GlobalAveragePool pool => pool with { Integer = QuantizePool([graph.TypeOf(layer.Inputs[0]).Image.Area], input, output) },
                AveragePool pool => pool with { Integer = QuantizePool(pool.Counts(graph.TypeOf(layer.Inputs[0]).Image), input, output) },
                _ => throw new GraphException("it has no integer form."),
            },
            Constants = layer.Operator is Convolution or FullyConnected ? [layer.Constants[0], BiasName(layer)] : layer.Constants,
        };
    }

    private MacArithmetic QuantizeMac(GraphRewriter rewriter, LayerGraph graph, Layer layer, ClampKind clamp, Quantization input, Quantization output)
    {
        var weight = graph.Constants[layer.Constants[0]].Value;
        var bias = graph.ConstantOf(layer, 1)?.Value;
        int channels = weight.Shape[0];
        int filter = checked((int)(weight.Shape.Elements / channels));
        var codes = new sbyte[weight.Shape.Elements];
        var biases = new int[channels];
        var scales = new double[channels];
        for (int c = 0; c < channels; c++)
        {
            var row = weight.Float32.Slice(c * filter, filter);
            double largest = 0;
            foreach (float value in row)
                largest = Math.Max(largest, Math.Abs((double)value));
            double offset = bias is null ? 0 : bias.Float32[c];
            if (!double.IsFinite(largest) || !double.IsFinite(offset))
                throw new GraphException($"output channel {c} has a weight or bias that is not finite.");
            double scale = Math.Max(largest / 127, Math.Abs(offset) / (input.Scale * LargestBias));
            scales[c] = scale > 0 ? scale : 1.0 / 127;
            for (int i = 0; i < filter; i++)
                codes[c * filter + i] = (sbyte)Math.Clamp(Math.Floor(row[i] / scales[c] + 0.5), -127, 127);
            biases[c] = checked((int)Math.Floor(offset / (input.Scale * scales[c]) + 0.5));
            AccumulatorBound.Check(codes.AsSpan(c * filter, filter), biases[c], input.ZeroPoint, c);
        }
        rewriter.Set(new Constant(layer.Constants[0], new TensorType(ElementType.Int8, weight.Shape), Tensor.Of(weight.Shape, codes)));
        rewriter.Set(new Constant(BiasName(layer), new TensorType(ElementType.Int32, Shape.Of(channels)), Tensor.Of(Shape.Of(channels), biases)));
        var requantization = Scaled([.. scales.Select(scale => input.Scale * scale / output.Scale)], clamp, output);
        return new MacArithmetic(requantization, [.. scales], []);
    }

    private static string BiasName(Layer layer) => layer.Constants.Length > 1 ? layer.Constants[1] : $"{layer.Name}/bias";

    private AddArithmetic QuantizeAdd(ClampKind clamp, Quantization a, Quantization b, Quantization output)
    {
        var (low, high) = Codes(clamp, output);
        return AddArithmetic.Encode(a.Scale / output.Scale, b.Scale / output.Scale, multiplierBits, output, low, high);
    }

    private Requantization QuantizePool(IReadOnlyList<int> counts, Quantization input, Quantization output) =>
        Scaled([.. counts.Select(count => input.Scale / (output.Scale * count))], ClampKind.None, output);

    private Requantization Scaled(IReadOnlyList<double> ratios, ClampKind clamp, Quantization output)
    {
        var pairs = ratios.Select(ratio => Requantization.Encode(ratio, multiplierBits)).ToList();
        var (low, high) = Codes(clamp, output);
        return new Requantization([.. pairs.Select(pair => pair.Multiplier)], [.. pairs.Select(pair => pair.Shift)], multiplierBits, output, low, high);
    }

    /// <summary>The clamp as a range of output codes.</summary>
    private static (int Low, int High) Codes(ClampKind clamp, Quantization output) => clamp switch
    {
        ClampKind.None => (sbyte.MinValue, sbyte.MaxValue),
        ClampKind.Relu => (output.ZeroPoint, sbyte.MaxValue),
        _ => (output.ZeroPoint, output.Encode(6)),
    };
}
