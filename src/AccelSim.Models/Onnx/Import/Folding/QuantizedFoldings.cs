using AccelSim.Models.Onnx.Import.Operators;
using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import.Folding;

/// <summary>Quantized weights: they stay codes with their scales until a float layer needs them.</summary>
internal static class QuantizedFoldings
{
    [OnnxFolding("DequantizeLinear")]
    public static HostTensor[] DequantizeLinear(FoldedNode node)
    {
        var (codes, scale) = (node.Input(0), node.Input(1));
        var zero = node.Has(2) ? node.Input(2) : null;
        long block = node.Attributes.Int("block_size", 0), axis = node.Attributes.Int("axis", 1);
        if (!codes.Type.IsInteger() || codes.Type == DataType.Bool)
            throw new OnnxException($"its input must be quantized integers, but is {codes.Type.Text()}.");
        int along = axis >= -codes.Rank && axis < codes.Rank ? OnnxNode.Axis(axis, codes.Rank) : 0;
        if (block <= 0)
            return [Quantized.RealConstant(codes, scale, zero, along)];
        node.RequireModest(codes.Elements * 3);
        var shape = Graph.Shape.Of(codes.Extents.AsSpan());
        var scales = BlockScales.Expand(scale, shape, along, block);
        var zeros = zero is null ? null : BlockScales.Expand(zero, shape, along, block);
        return [node.Make(codes.Extents.AsSpan(), DataType.Float, i => (codes.Real(i) - (zeros?.Real(i) ?? 0)) * scales.Real(i), _ => 0)];
    }

    /// <summary>Weights that the file keeps in float before a QuantizeLinear.</summary>
    [OnnxFolding("QuantizeLinear")]
    public static HostTensor[] QuantizeLinear(FoldedNode node)
    {
        var (real, scale) = (node.Input(0), node.Input(1));
        var zero = node.Has(2) ? node.Input(2) : null;
        var type = zero?.Type ?? (DataType)node.Attributes.Int("output_dtype", (long)DataType.Uint8);
        if (!type.IsInteger() || type == DataType.Bool || node.Attributes.Int("block_size", 0) > 0)
            throw new OnnxException($"quantization of a constant to {type.Text()} is not supported; to integers, without blocks, it is.");
        long asked = node.Attributes.Int("axis", 1);
        int axis = asked >= -real.Rank && asked < real.Rank ? OnnxNode.Axis(asked, real.Rank) : 0;
        if (scale.Elements != 1 && (axis >= real.Rank || real.Extents[axis] != scale.Elements))
            throw new OnnxException($"{scale.Elements} scales do not fit axis {axis} of shape {HostTensor.Text(real.Extents)}.");
        if (zero is { Elements: not 1 } && zero.Elements != scale.Elements)
            throw new OnnxException($"it has {scale.Elements} scales and {zero.Elements} zero points.");
        var (low, high) = type.Range();
        long stride = real.Rank == 0 ? 1 : real.Stride(axis);
        node.RequireModest(real.Elements / 8);
        if (type is DataType.Uint8)
            return [HostTensor.Of(real.Extents.AsSpan(), Array.ConvertAll(Codes(), code => (byte)code), type)];
        if (type is DataType.Int8)
            return [HostTensor.Of(real.Extents.AsSpan(), Array.ConvertAll(Codes(), code => (sbyte)code), type)];
        return [HostTensor.Of(real.Extents.AsSpan(), Codes(), type)];

        int[] Codes()
        {
            var codes = new int[real.Elements];
            for (int i = 0; i < codes.Length; i++)
            {
                long channel = scale.Elements == 1 ? 0 : i / stride % scale.Elements;
                double code = Math.Round((float)real.Real(i) / (float)scale.Real(channel), MidpointRounding.ToEven) + (zero?.Real(zero.Elements == 1 ? 0 : channel) ?? 0);
                codes[i] = (int)Math.Clamp(double.IsNaN(code) ? 0 : code, Math.Max(low, int.MinValue), Math.Min(high, int.MaxValue));
            }
            return codes;
        }
    }
}
