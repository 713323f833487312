using AccelSim.Graph;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Export;

/// <summary>
/// Weights and bias of convolution and fully connected layers: float32, or int8 and int32 behind DequantizeLinear. The scale of a channel's weights is the one that the
/// layer's (M, S) apply, s_w = M · 2^−S · s_y ÷ s_x, so that a reader who derives (M, S) from the scales finds the same.
/// </summary>
internal static class WeightNodes
{
    public static (OnnxValue Weight, OnnxValue? Bias) Weights(this LayerNodes nodes, MacArithmetic? integer)
    {
        if (integer is null)
            return (nodes.Constant(0)!, nodes.Constant(1));
        var (weight, bias) = (nodes.FixedConstant(0)!, nodes.FixedConstant(1)!);
        int channels = weight.Type.Shape[0];
        float input = (float)nodes.InputType(0).Quantization!.Value.Scale, output = (float)integer.Requantization.Output.Scale;
        float[] scales = [.. Enumerable.Range(0, channels).Select(c => (float)(integer.Requantization.Ratio(c) * output / input))];
        var perChannel = OnnxAttribute.Of("axis", 0);
        var real = nodes.Node("DequantizeLinear", weight.Type.Shape,
            [nodes.Constant(0), nodes.Floats("weight_scale", Shape.Of(channels), scales), ZeroPoints(nodes, integer, channels)], perChannel);
        var offset = nodes.Node("DequantizeLinear", bias.Type.Shape,
            [nodes.Constant(1), nodes.Floats("bias_scale", Shape.Of(channels), Array.ConvertAll(scales, scale => input * scale))], perChannel);
        return (real, offset);
    }

    private static OnnxValue ZeroPoints(LayerNodes nodes, MacArithmetic integer, int channels) => nodes.Writer.Constant(
        $"{nodes.FixedConstant(0)!.Name}/zero_point", DataType.Int8, Shape.Of(channels), [.. Enumerable.Range(0, channels).Select(c => (sbyte)integer.WeightZeroPointOf(c))]);
}
