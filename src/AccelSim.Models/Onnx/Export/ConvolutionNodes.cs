using AccelSim.Graph;
using AccelSim.Models.Onnx.Schema;

namespace AccelSim.Models.Onnx.Export;

/// <summary>Convolutions as Conv and ConvTranspose. A connection table needs nothing: the weights outside it are 0.</summary>
internal static class ConvolutionNodes
{
    public static OnnxValue Convolution(Convolution op, LayerNodes nodes)
    {
        var (weight, bias) = nodes.Weights(op.Integer);
        var sums = nodes.Node("Conv", nodes.Type.Shape, [nodes.Input(), weight, bias], Window(op.Kernel, op.Stride, op.Padding, op.Dilation, op.Groups));
        return op.Integer is { } integer ? nodes.Clamped(sums, integer.Requantization, op.Clamp) : nodes.Clamped(sums, op.Clamp);
    }

    /// <summary>
    /// Rows and columns added after the output are first taken from those that the padding cuts off there. ONNX Runtime adds fewer than a stride more; what lies
    /// further no kernel reaches, so that it is the bias alone.
    /// </summary>
    public static OnnxValue TransposedConvolution(TransposedConvolution op, LayerNodes nodes)
    {
        var extra = op.OutputPadding ?? default;
        var padding = op.Padding with { Bottom = Math.Max(0, op.Padding.Bottom - extra.Height), Right = Math.Max(0, op.Padding.Right - extra.Width) };
        extra = new Size2(Math.Max(0, extra.Height - op.Padding.Bottom), Math.Max(0, extra.Width - op.Padding.Right));
        var window = Window(op.Kernel, op.Stride, padding, op.Dilation, op.Groups);
        if (extra.Height < op.Stride.Height && extra.Width < op.Stride.Width)
        {
            return nodes.Node("ConvTranspose", nodes.Type.Shape, [nodes.Input(), nodes.Constant(0), nodes.Constant(1)],
                extra == default ? window : [.. window, OnnxAttribute.Of("output_padding", extra)]);
        }
        var shape = nodes.Type.Shape;
        var reached = nodes.Node("ConvTranspose", Shape.Of(shape[0], shape[1], shape[2] - extra.Height, shape[3] - extra.Width), [nodes.Input(), nodes.Constant(0)], window);
        var padded = nodes.Pad(reached, new Padding(0, extra.Height, 0, extra.Width), 0);
        return nodes.Constant(1) is { } bias ? nodes.Pair("Add", padded, nodes.Reshape(bias, Shape.Of(shape[1], 1, 1))) : padded;
    }

    /// <summary>The attributes of a sliding kernel; what has its default value is left out, but for kernel, strides and padding.</summary>
    public static IReadOnlyList<AttributeProto> Window(Size2 kernel, Size2 stride, Padding padding, Size2? dilation, int groups = 1) =>
    [
        OnnxAttribute.Of("kernel_shape", kernel),
        OnnxAttribute.Of("strides", stride),
        OnnxAttribute.Pads(padding),
        .. dilation is { } spacing && spacing != Size2.Square(1) ? (AttributeProto[])[OnnxAttribute.Of("dilations", spacing)] : [],
        .. groups == 1 ? (AttributeProto[])[] : [OnnxAttribute.Of("group", groups)],
    ];
}
