using AccelSim.Graph;
using AccelSim.Models.Onnx.Schema;
using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import;

/// <summary>
/// ONNX gives a scale and zero point to the reader of an int8 or uint8 tensor, the layer graph to the tensor itself: what its first reader says.
/// </summary>
internal static class AttachedQuantization
{
    private const int LongestPath = 16;

    /// <summary>The quantization that readers of a value attach to it, for int8 codes (uint8 is stored as q − 128), or null when none does.</summary>
    public static Quantization? Of(string value, DataType type, GraphProto graph, Func<string, HostTensor?> constantOf) =>
        Of(value, type, graph, constantOf, 0);

    /// <summary>A scalar scale and zero point for int8 codes.</summary>
    /// <exception cref="OnnxException">The scale is not positive, or the zero point is no code.</exception>
    public static Quantization Of(HostTensor scale, HostTensor? zeroPoint, DataType type)
    {
        double real = scale.Real(0);
        if (!(real > 0) || !double.IsFinite(real))
            throw new OnnxException($"a scale must be positive and finite, but is {real:g6}.");
        long zero = (zeroPoint?.Integer(0) ?? 0) - type.CodeOffset();
        if (zero is < sbyte.MinValue or > sbyte.MaxValue)
            throw new OnnxException($"the zero point {zeroPoint!.Integer(0)} is not of type {type.Text()}.");
        return new Quantization(real, (int)zero);
    }

    private static Quantization? Of(string value, DataType type, GraphProto graph, Func<string, HostTensor?> constantOf, int depth)
    {
        if (depth > LongestPath)
            return null;
        foreach (var node in graph.Node)
        {
            for (int i = 0; i < node.Input.Count; i++)
            {
                if (node.Input[i] != value)
                    continue;
                if (ScaleInput(node, i) is { } at)
                {
                    if (at + 1 <= node.Input.Count && constantOf(node.Input[at]) is { Elements: 1 } scale
                        && (at + 1 >= node.Input.Count || node.Input[at + 1].Length == 0 || constantOf(node.Input[at + 1]) is not null))
                        return Of(scale, at + 1 < node.Input.Count && node.Input[at + 1].Length > 0 ? constantOf(node.Input[at + 1]) : null, type);
                }
                else if (i == 0 && node.Output.Count > 0
                    && node.OpType is "Reshape" or "Flatten" or "Transpose" or "MaxPool" or "Squeeze" or "Unsqueeze" or "Slice" or "Identity" or "Concat" or "Split" or "DepthToSpace"
                    && Of(node.Output[0], type, graph, constantOf, depth + 1) is { } found)
                {
                    return found;
                }
            }
        }
        return null;
    }

    /// <summary>Where the scale of a quantized operand is among a node's inputs; its zero point follows.</summary>
    private static int? ScaleInput(NodeProto node, int input) => (node.OpType, input) switch
    {
        ("DequantizeLinear" or "QLinearConv" or "QLinearGlobalAveragePool" or "QLinearAveragePool" or "QLinearSigmoid" or "QLinearLeakyRelu", 0) => 1,
        ("QLinearMatMul" or "QLinearAdd" or "QLinearMul", 0) => 1,
        ("QLinearMatMul" or "QLinearAdd" or "QLinearMul", 3) => 4,
        ("QLinearConcat", >= 2) when (input - 2) % 3 == 0 => input + 1,
        _ => null,
    };
}
