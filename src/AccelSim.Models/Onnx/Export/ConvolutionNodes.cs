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

    public static OnnxValue TransposedConvolution(TransposedConvolution op, LayerNodes nodes) => nodes.Node(
        "ConvTranspose", nodes.Type.Shape, [nodes.Input(), nodes.Constant(0), nodes.Constant(1)],
        [.. Window(op.Kernel, op.Stride, op.Padding, op.Dilation, op.Groups), .. Extra(op)]);

    /// <summary>The attributes of a sliding kernel; what has its default value is left out, but for kernel, strides and padding.</summary>
    public static IReadOnlyList<AttributeProto> Window(Size2 kernel, Size2 stride, Padding padding, Size2? dilation, int groups = 1) =>
    [
        OnnxAttribute.Of("kernel_shape", kernel),
        OnnxAttribute.Of("strides", stride),
        OnnxAttribute.Pads(padding),
        .. dilation is { } spacing && spacing != Size2.Square(1) ? (AttributeProto[])[OnnxAttribute.Of("dilations", spacing)] : [],
        .. groups == 1 ? (AttributeProto[])[] : [OnnxAttribute.Of("group", groups)],
    ];

    private static AttributeProto[] Extra(TransposedConvolution op) => op.OutputPadding is { } extra ? [OnnxAttribute.Of("output_padding", extra)] : [];
}
