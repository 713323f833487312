using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import.Recognition;

/// <summary>
/// Dequantize → operator → Quantize becomes the operator on int8 codes with the file's own scales (numerics.md). Clamps between the operator and Quantize
/// become its range of codes; a chain of functions of one element becomes one table. What has no integer form stays float between the two.
/// </summary>
internal sealed class IntegerFusion(int multiplierBits, Action<string> note)
{
    /// <summary>Windows whose counts are listed; larger images are left to float.</summary>
    private const long LargestPooledImage = 1 << 24;

    public void Apply(Draft draft, IReadOnlyCollection<string> outputs)
    {
        var readers = new DraftReaders(draft, outputs);
        var layers = new List<DraftLayer>();
        foreach (var layer in draft.Layers)
        {
            if (layer.Operator is Quantize quantize && readers.Live.Contains(layer.Name))
            {
                try
                {
                    Fuse(draft, readers, layers, layer, quantize.Output);
                }
                catch (Exception error) when (error is GraphException or OverflowException)
                {
                    note($"{layer.Place}: the layer before it stays float: {error.Message}");
                }
            }
            layers.Add(layer);
        }
        draft.Reorder(layers);
    }

    private void Fuse(Draft draft, DraftReaders readers, List<DraftLayer> layers, DraftLayer layer, Quantization output)
    {
        var functions = new List<Activation>();
        string value = layer.Inputs[0];
        bool clampsOnly = true;
        while (readers.OperatorOf<Activation>(value, out var function) is { Integer: null } activation && readers.IsReadOnce(value))
        {
            functions.Insert(0, activation);
            clampsOnly &= activation.Kind is ActivationKind.Relu or ActivationKind.Relu6 or ActivationKind.Clip;
            value = function.Inputs[0];
        }
        if (readers.Producer(value) is not { } source)
            return;
        if (source.Operator is Dequantize)
        {
            Table(draft, layer, source.Inputs[0], functions, output);
            return;
        }
        if (!clampsOnly || !readers.IsReadOnce(source.Name))
            return;
        var range = Range(functions, output);
        string[]? codes = Codes(draft, readers, layers, source);
        if (codes is null)
            return;
        var inputs = codes.Select(code => draft.TypeOf(code).Quantization!.Value).ToArray();
        switch (source.Operator)
        {
            case Convolution { Integer: null, Clamp: ClampKind.None } convolution when Weights(draft, source) is { } weights:
                var kernel = Mac(weights, source.Constants.ElementAtOrDefault(1)?.Host, inputs[0], output, range);
                draft.Rewrite(layer, convolution with { Integer = kernel.Arithmetic }, codes, kernel.Weight, kernel.Bias);
                break;
            case FullyConnected { Integer: null, Clamp: ClampKind.None } connected when Weights(draft, source) is { } weights:
                var matrix = Mac(weights, source.Constants.ElementAtOrDefault(1)?.Host, inputs[0], output, range);
                draft.Rewrite(layer, connected with { Integer = matrix.Arithmetic }, codes, matrix.Weight, matrix.Bias);
                break;
            case Add { Integer: null, Clamp: ClampKind.None } add:
                draft.Rewrite(layer, add with { Integer = AddArithmetic.Encode(inputs[0].Scale / output.Scale, inputs[1].Scale / output.Scale, multiplierBits, output, range.Low, range.High) }, codes);
                break;
            case Multiply { Integer: null } multiply:
                draft.Rewrite(layer, multiply with { Integer = Scaled([inputs[0].Scale * inputs[1].Scale / output.Scale], output, range) }, codes);
                break;
            case GlobalAveragePool { Integer: null } pool:
                draft.Rewrite(layer, pool with { Integer = Scaled([inputs[0].Scale / (output.Scale * draft.TypeOf(codes[0]).Image.Area)], output, range) }, codes);
                break;
            case AveragePool { Integer: null } pool when source.Type.Shape.Elements <= LargestPooledImage:
                var counts = pool.Counts(draft.TypeOf(codes[0]).Image);
                draft.Rewrite(layer, pool with { Integer = Scaled([.. counts.Select(count => inputs[0].Scale / (output.Scale * count))], output, range) }, codes);
                break;
            case Concat { Integer: null } concat:
                draft.Rewrite(layer, concat with { Integer = Scaled([.. inputs.Select(input => input.Scale / output.Scale)], output, range) }, codes);
                break;
        }
    }

    /// <summary>The int8 values behind a layer's operands, or null when one is float. Quantized literals become int8 ones.</summary>
    private static string[]? Codes(Draft draft, DraftReaders readers, List<DraftLayer> layers, DraftLayer source)
    {
        var codes = new string[source.Inputs.Count];
        for (int i = 0; i < codes.Length; i++)
        {
            var producer = readers.Producer(source.Inputs[i]);
            if (producer is { Operator: Dequantize })
            {
                codes[i] = producer.Inputs[0];
            }
            else if (producer is { Operator: Literal { Integer: null } } && source.Operator is Add or Multiply
                && producer.Constants[0].Host?.Origin is { IsPerTensor: true, Codes.Type: DataType.Int8 or DataType.Uint8 } origin)
            {
                int offset = origin.Codes.Type.CodeOffset();
                var quantization = new Quantization(origin.Scales[0], origin.ZeroPoints[0] - offset);
                var literal = draft.Make($"{producer.Name}/codes", new Literal(quantization), [], [Shifted(origin.Codes)], source.Place);
                layers.Add(literal);
                codes[i] = literal.Name;
            }
            else
            {
                return null;
            }
        }
        return codes;
    }

    /// <summary>Functions of one element between two quantizations, as a table; nothing at all where the codes stay.</summary>
    private static void Table(Draft draft, DraftLayer layer, string codes, List<Activation> functions, Quantization output)
    {
        var input = draft.TypeOf(codes).Quantization!.Value;
        if (functions.Count == 0 && input == output)
        {
            draft.Rewrite(layer, OnnxNode.ReshapeTo(layer.Type.Shape, [.. layer.Type.Shape]), [codes]);
            return;
        }
        var entries = ImmutableArray.CreateBuilder<sbyte>(256);
        for (int code = sbyte.MinValue; code <= sbyte.MaxValue; code++)
        {
            double real = functions.Aggregate(input.Decode(code), (x, function) => function.Kind.Evaluate(x, function.Alpha, function.Beta));
            entries.Add(output.Encode(double.IsNaN(real) ? 0 : real));
        }
        var named = functions.Count == 1 ? functions[0] : new Activation(ActivationKind.Affine, Alpha: 1);
        // More than one function, or a change of scale alone, bears the last one's name; the table says what it does.
        if (functions.Count > 1)
            named = functions[^1];
        draft.Rewrite(layer, named with { Integer = new LookupTable(entries.MoveToImmutable(), output) }, [codes]);
    }

    /// <summary>The clamps as a range of output codes.</summary>
    private static (int Low, int High) Range(List<Activation> clamps, Quantization output)
    {
        var quantize = new Quantize(output);
        int low = sbyte.MinValue, high = sbyte.MaxValue;
        foreach (var clamp in clamps)
        {
            var (least, greatest) = clamp.Kind switch
            {
                ActivationKind.Relu => (0, double.PositiveInfinity),
                ActivationKind.Relu6 => (0, 6),
                _ => (clamp.Alpha, clamp.Beta),
            };
            int from = quantize.Code((float)least), to = quantize.Code((float)greatest);
            (low, high) = (Math.Clamp(low, from, to), Math.Clamp(high, from, to));
        }
        return (low, high);
    }

    /// <summary>8-bit weights with a scale a tensor or an output channel; null when the weights are float.</summary>
    private static QuantizedOrigin? Weights(Draft draft, DraftLayer source) =>
        source.Constants[0].Host?.Origin is { Codes.Type: DataType.Int8 or DataType.Uint8 } origin && (origin.IsPerTensor || origin.Axis == 0)
        && source.Constants.Skip(1).All(constant => constant.Host is not null)
            ? origin
            : null;

    private (MacArithmetic Arithmetic, Tensor Weight, Tensor Bias) Mac(QuantizedOrigin origin, HostTensor? bias, Quantization input, Quantization output, (int Low, int High) range)
    {
        var weights = Shifted(origin.Codes);
        int channels = weights.Shape[0], offset = origin.Codes.Type.CodeOffset();
        int filter = checked((int)(weights.Shape.Elements / channels));
        var scales = new double[channels];
        var zeros = new int[channels];
        var biases = new int[channels];
        for (int c = 0; c < channels; c++)
        {
            int at = origin.IsPerTensor ? 0 : c;
            (scales[c], zeros[c]) = (origin.Scales[at], origin.ZeroPoints[at] - offset);
            biases[c] = Bias(bias, c, input.Scale * scales[c]);
            AccumulatorBound.Check(weights.Int8.Slice(c * filter, filter), biases[c], input.ZeroPoint, c, zeros[c]);
        }
        var requantization = Scaled([.. scales.Select(scale => input.Scale * scale / output.Scale)], output, range);
        var arithmetic = new MacArithmetic(requantization, [.. scales], zeros.All(zero => zero == 0) ? [] : [.. zeros]);
        return (arithmetic, weights, Tensor.Of(Shape.Of(channels), biases));
    }

    /// <summary>The bias in units of the accumulator: the file's own code where its scale is the accumulator's.</summary>
    private static int Bias(HostTensor? bias, int channel, double unit)
    {
        if (bias is null)
            return 0;
        if (!(unit > 0) || !double.IsFinite(unit))
            throw new GraphException($"the accumulator's scale {unit:g6} of channel {channel} is not positive.");
        if (bias.Origin is { } origin && Math.Abs(origin.Scales[origin.IsPerTensor ? 0 : channel] - unit) <= 1e-5 * unit)
            return checked((int)(origin.Codes.Integer(channel) - origin.ZeroPoints[origin.IsPerTensor ? 0 : channel]));
        double code = Math.Round(bias.Real(channel) / unit, MidpointRounding.ToEven);
        return Math.Abs(code) <= int.MaxValue ? (int)code : throw new GraphException($"the bias of channel {channel} is beyond the accumulator.");
    }

    private Requantization Scaled(IReadOnlyList<double> ratios, Quantization output, (int Low, int High) range)
    {
        var pairs = ratios.Select(ratio => Requantization.Encode(ratio, multiplierBits)).ToList();
        return new Requantization([.. pairs.Select(pair => pair.Multiplier)], [.. pairs.Select(pair => pair.Shift)], multiplierBits, output, range.Low, range.High);
    }

    /// <summary>int8 codes; uint8 ones minus 128.</summary>
    private static Tensor Shifted(HostTensor codes)
    {
        int offset = codes.Type.CodeOffset();
        var shifted = new sbyte[codes.Elements];
        for (int i = 0; i < shifted.Length; i++)
            shifted[i] = (sbyte)(codes.Integer(i) - offset);
        return Tensor.Of(Shape.Of(codes.Extents.AsSpan()), shifted);
    }
}
