using AccelSim.Graph;
using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import.Operators;

/// <summary>Conv and its integer relatives, and ConvTranspose.</summary>
internal static class Convolutions
{
    [OnnxOperator("Conv")]
    public static void Conv(OnnxNode node)
    {
        var weight = Weights(node, 1);
        var bias = node.Has(2) ? Bias(node, 2) : null;
        node.Set(0, Convolve(node, node.Float(0), weight, node.ShapeOf(1), bias));
    }

    [OnnxOperator("ConvInteger")]
    public static void ConvInteger(OnnxNode node)
    {
        string x = Quantized.Centred(node, 0, node.ConstantIfAny(2));
        var weight = Quantized.CentredConstant(node.Constant(1, "weight"), node.ConstantIfAny(3), 0);
        node.Note(Quantized.HeldNote);
        node.Set(0, Convolve(node, x, weight, Shape.Of(weight.Extents.AsSpan()), null), DataType.Int32);
    }

    [OnnxOperator("QLinearConv")]
    public static void QLinearConv(OnnxNode node)
    {
        string x = Quantized.Real(node, 0, 1, 2);
        var weight = Quantized.RealConstant(node.Constant(3, "weight"), node.Constant(4, "weight scale"), node.ConstantIfAny(5), 0);
        Operand? bias = null;
        if (node.Has(8))
        {
            var codes = node.Constant(8, "bias");
            double input = node.Constant(1, "input scale").Real(0);
            bias = HostTensor.Of(new QuantizedOrigin(codes, [.. weight.Origin!.Scales.Select(scale => scale * input)], [.. weight.Origin.Scales.Select(_ => 0)], 0));
        }
        string real = Convolve(node, x, weight, Shape.Of(weight.Extents.AsSpan()), bias);
        Quantized.SetQuantized(node, 0, real, 6, 7);
    }

    [OnnxOperator("ConvTranspose")]
    public static void ConvTranspose(OnnxNode node)
    {
        var input = node.ShapeOf(0);
        var kernel = node.ShapeOf(1);
        if (kernel.Rank != input.Rank)
            throw new OnnxException($"its weights {kernel} do not have the {input.Rank} dimensions of its input {input}.");
        var window = SlidingWindow.Of(node, input, [.. kernel.Skip(2)]);
        int spatial = input.Rank - 2;
        var given = node.Attributes.Ints("output_padding");
        var extra = given is { Count: > 0 } ? Extra(SlidingWindow.Sizes(given, spatial, "output_padding", 0)) : default;
        var image = SlidingWindow.Image(input);
        if (node.Attributes.Ints("output_shape") is { Count: > 0 } shape)
        {
            var output = SlidingWindow.Pair(SlidingWindow.Sizes([.. shape.TakeLast(spatial)], spatial, "output_shape", 1));
            window = Cropped(window, image, output, ref extra, node.Attributes.Text("auto_pad", "NOTSET") == "SAME_UPPER");
        }
        else if (node.Attributes.Text("auto_pad", "NOTSET") is "SAME_UPPER" or "SAME_LOWER")
        {
            var output = new Size2(checked(image.Height * window.Stride.Height), checked(image.Width * window.Stride.Width));
            window = Cropped(window, image, output, ref extra, node.Attributes.Text("auto_pad", "") == "SAME_UPPER");
        }
        var weight = Weights(node, 1);
        Operand[] constants = node.Has(2) ? [weight, Bias(node, 2)] : [weight];
        var transposed = new TransposedConvolution(
            window.Kernel, window.Stride, window.Padding, Groups(node), window.Spacing, extra == default ? null : extra);
        string result = node.Layer(transposed, SlidingWindow.AsImage(node, node.Float(0)), constants);
        node.Set(0, SlidingWindow.Restore(node, result, input));

        static Size2 Extra(int[] values) => values.Length == 1 ? new Size2(0, values[0]) : new Size2(values[0], values[1]);
    }

    /// <summary>The layer of a convolution; weights of a sequence's kernel are those of a kernel of height 1.</summary>
    private static string Convolve(OnnxNode node, string x, Operand weight, Shape kernel, Operand? bias)
    {
        var input = node.ShapeOf(x);
        if (kernel.Rank != input.Rank)
            throw new OnnxException($"its weights {kernel} do not have the {input.Rank} dimensions of its input {input}.");
        var window = SlidingWindow.Of(node, input, [.. kernel.Skip(2)]);
        var convolution = new Convolution(window.Kernel, window.Stride, window.Padding, Groups(node), Dilation: window.Spacing);
        if (weight.Host is { Rank: 3 } sequence)
            weight = sequence.Reshape([kernel[0], kernel[1], 1, kernel[2]]);
        string result = node.Layer(convolution, SlidingWindow.AsImage(node, x), bias is null ? [weight] : [weight, bias]);
        return SlidingWindow.Restore(node, result, input);
    }

    private static Operand Weights(OnnxNode node, int input)
    {
        if (node.ConstantIfAny(input) is { } constant)
            return constant.Type.IsFloat() ? Image(constant) : throw new OnnxException($"its weights must be a float tensor, but are {constant.Type.Text()}.");
        return Operand.OfValue(SlidingWindow.AsImage(node, node.Float(input)));

        static HostTensor Image(HostTensor weights) => weights.Rank == 3 ? weights.Reshape([weights.Extents[0], weights.Extents[1], 1, weights.Extents[2]]) : weights;
    }

    private static Operand Bias(OnnxNode node, int input) =>
        node.ConstantIfAny(input) is { } constant ? constant : Operand.OfValue(node.Float(input));

    private static int Groups(OnnxNode node) => node.Attributes.Int("group", 1) is > 0 and <= int.MaxValue and var groups
        ? (int)groups
        : throw new OnnxException($"its group is {node.Attributes.Int("group", 1)}.");

    /// <summary>The cut-off rows and columns that leave the asked output; where the full output is smaller, it is enlarged at its end.</summary>
    private static SlidingWindow Cropped(SlidingWindow window, Size2 image, Size2 output, ref Size2 extra, bool upper)
    {
        var (top, bottom, more) = Along(image.Height, window.Stride.Height, window.Reach.Height, extra.Height, output.Height);
        var (left, right, wider) = Along(image.Width, window.Stride.Width, window.Reach.Width, extra.Width, output.Width);
        extra = new Size2(extra.Height + more, extra.Width + wider);
        return window with { Padding = new Padding(top, bottom, left, right) };

        (int Before, int After, int More) Along(int input, int stride, int reach, int extra, int output)
        {
            int total = checked(stride * (input - 1) + extra + reach - output);
            if (total < 0)
                return (0, 0, -total);
            return upper ? (total / 2, total - total / 2, 0) : (total - total / 2, total / 2, 0);
        }
    }
}
