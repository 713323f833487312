using System.Collections.Immutable;

namespace AccelSim.Graph.Passes;

/// <summary>
/// Post-training quantization (numerics.md): a float graph with weights and calibrated ranges becomes the int8 graph with every
/// constant that the arithmetic needs. Weights are symmetric, a scale an output channel; activations affine, a scale a tensor.
/// A graph without weights becomes the int8 graph without weights: its types, for what is timed and not run.
/// </summary>
public sealed class Quantizer(ActivationRanges ranges, int multiplierBits = Requantization.DefaultMultiplierBits)
{
    /// <summary>A bias may take up to this share of the int32 accumulator: where it would take more, the weight scale is widened.</summary>
    private const double LargestBias = 1 << 30;

    public const string PassName = "quantize";

    /// <exception cref="GraphException">The graph is quantized, a value has no range, or an accumulator could overflow.</exception>
    public LayerGraph Apply(LayerGraph graph)
    {
        if (graph.IsQuantized)
            throw new GraphException($"'{graph.Name}' is quantized already: give the float graph.");
        var rewriter = new GraphRewriter(graph);
        var values = new QuantizedValues(rewriter, ranges, graph.Inputs.ToDictionary(input => input.Name, input => ranges.QuantizationOf(input.Name)));
        foreach (var layer in graph.Layers)
        {
            try
            {
                Quantize(rewriter, graph, layer, values);
            }
            catch (GraphException error)
            {
                throw new GraphException($"Layer '{layer.Name}' ({layer.Operator.Name}) of '{graph.Name}' cannot be quantized: {error.Message}", error);
            }
        }
        return rewriter.Build(
            graph.Inputs.Select(input => input with { Type = new TensorType(ElementType.Int8, input.Type.Shape, values.CodesOf(input.Name)) }));
    }

    private void Quantize(GraphRewriter rewriter, LayerGraph graph, Layer layer, QuantizedValues values)
    {
        bool hasIntegerForm = HasIntegerForm(layer.Operator) && rewriter.HasConstants(layer)
            && (layer.Operator is not Literal || graph.Consumers(layer.Name).All(reader => HasIntegerForm(reader.Operator)));
        if (!hasIntegerForm)
        {
            rewriter.Emit(layer with { Inputs = [.. layer.Inputs.Select(values.AsFloat)] });
            values.AddFloat(layer.Name);
            return;
        }
        ImmutableArray<string> inputs = [.. layer.Inputs.Select(values.AsCodes)];
        Quantization[] codes = [.. inputs.Select(values.CodesOf)];
        if (MovesBytes(layer.Operator))
        {
            rewriter.Emit(layer with { Inputs = inputs });
            values.AddCodes(layer.Name, codes[0]);
            return;
        }
        var output = layer.Operator is Literal ? LiteralRange(graph, layer) : ranges.QuantizationOf(layer.Name);
        values.AddCodes(layer.Name, output);
        rewriter.Emit(layer with
        {
            Inputs = inputs,
            Operator = layer.Operator switch
            {
                Convolution convolution => convolution with { Integer = QuantizeMac(rewriter, graph, layer, convolution.Clamp, codes[0], output) },
                FullyConnected connected => connected with { Integer = QuantizeMac(rewriter, graph, layer, connected.Clamp, codes[0], output) },
                Activation activation => activation with { Integer = LookupTable.Of(activation.Kind, codes[0], output, activation.Alpha, activation.Beta) },
                Add add => add with { Integer = QuantizeAdd(add.Clamp, codes[0], codes[1], output) },
                Multiply multiply => multiply with { Integer = Scaled([codes[0].Scale * codes[1].Scale / output.Scale], ClampKind.None, output) },
                GlobalAveragePool pool => pool with { Integer = QuantizePool([graph.TypeOf(layer.Inputs[0]).Image.Area], codes[0], output) },
                AveragePool pool => pool with { Integer = QuantizePool(pool.Counts(graph.TypeOf(layer.Inputs[0]).Image), codes[0], output) },
                Concat concat => concat with { Integer = Scaled([.. codes.Select(operand => operand.Scale / output.Scale)], ClampKind.None, output) },
                Literal literal => literal with { Integer = output },
                _ => throw new GraphException("it has no integer form."),
            },
            Constants = layer.Operator is Convolution or FullyConnected ? [layer.Constants[0], BiasName(layer)] : layer.Constants,
        });
        if (layer.Operator is Literal)
        {
            var value = rewriter.ConstantNamed(layer.Constants[0]);
            rewriter.Set(new Constant(value.Name, new TensorType(ElementType.Int8, value.Type.Shape), output.Encode(value.Value)));
        }
    }

    /// <summary>What numerics.md defines for codes. The rest computes in float32 between <see cref="Dequantize"/> and <see cref="Graph.Quantize"/>.</summary>
    private static bool HasIntegerForm(Operator @operator) => MovesBytes(@operator)
        || @operator is Convolution or FullyConnected or Activation or Add or Multiply or GlobalAveragePool or AveragePool or Concat or Literal;

    /// <summary>The codes of the result are codes of the input.</summary>
    private static bool MovesBytes(Operator @operator) =>
        @operator is MaxPool or Flatten or Reshape or Transpose or Slice or Gather or Pad or ChannelShuffle;

    private static Quantization LiteralRange(LayerGraph graph, Layer layer)
    {
        var data = graph.Constants[layer.Constants[0]].Value.Float32;
        double min = 0, max = 0;
        foreach (float value in data)
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        return ActivationRanges.Covering(layer.Name, min, max);
    }

    private MacArithmetic QuantizeMac(GraphRewriter rewriter, LayerGraph graph, Layer layer, ClampKind clamp, Quantization input, Quantization output)
    {
        if (graph.Constants[layer.Constants[0]].Data is null)
            return MacWithoutWeights(rewriter, graph, layer, clamp, input, output);
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

    // The types that the layer would have, for what needs no weights: every weight scale is 1/127.
    private MacArithmetic MacWithoutWeights(GraphRewriter rewriter, LayerGraph graph, Layer layer, ClampKind clamp, Quantization input, Quantization output)
    {
        Shape shape = graph.TypeOf(layer.Constants[0]).Shape;
        rewriter.Set(new Constant(layer.Constants[0], new TensorType(ElementType.Int8, shape)));
        rewriter.Set(new Constant(BiasName(layer), new TensorType(ElementType.Int32, Shape.Of(shape[0]))));
        double[] scales = [.. Enumerable.Repeat(1.0 / 127, shape[0])];
        return new MacArithmetic(Scaled([.. scales.Select(scale => input.Scale * scale / output.Scale)], clamp, output), [.. scales], []);
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
