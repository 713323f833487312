using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import.Folding;

/// <summary>Constants, shapes of constants, ranges and casts.</summary>
internal static class ShapeFoldings
{
    [OnnxFolding("Constant")]
    public static HostTensor[] Constant(FoldedNode node)
    {
        var attributes = node.Attributes;
        if (attributes.Tensor("value") is { } tensor)
            return [tensor];
        if (attributes.Has("value_float"))
            return [HostTensor.Of([], [(float)attributes.Float("value_float", 0)])];
        if (attributes.Int("value_int") is { } integer)
            return [HostTensor.Of([], [integer])];
        if (attributes.Floats("value_floats") is { } floats)
            return [HostTensor.Of([floats.Count], [.. floats])];
        if (attributes.Ints("value_ints") is { } integers)
            return [HostTensor.Of([integers.Count], [.. integers])];
        throw new OnnxException("it has no value of a supported kind (a dense tensor, floats or integers).");
    }

    [OnnxFolding("ConstantOfShape")]
    public static HostTensor[] ConstantOfShape(FoldedNode node)
    {
        var shape = node.Input(0);
        if (shape.Rank != 1 || shape.Elements > HostTensor.LargestRank)
            throw new OnnxException($"its shape must be a vector of at most {HostTensor.LargestRank} integers, but is {shape}.");
        int[] extents = [.. shape.Integers().Select(extent => checked((int)extent))];
        var value = node.Attributes.Tensor("value");
        if (value is { Elements: not 1 })
            throw new OnnxException($"its value must be one element, but is {value}.");
        if (HostTensor.Count(extents) == 0)
            return [value is null or { Type: DataType.Float } ? HostTensor.Of(extents, Array.Empty<float>()) : HostTensor.Of(extents, Array.Empty<long>(), value.Type)];
        return [HostTensor.Uniform(extents, value?.Real(0) ?? 0, value?.Type ?? DataType.Float)];
    }

    [OnnxFolding("Shape")]
    public static HostTensor[] Shape(FoldedNode node) => [ShapeOf([.. node.Input(0).Extents], node.Attributes)];

    [OnnxFolding("Size")]
    public static HostTensor[] Size(FoldedNode node) => [HostTensor.Of([], [node.Input(0).Elements])];

    [OnnxFolding("Range")]
    public static HostTensor[] Range(FoldedNode node)
    {
        var (start, limit, delta) = (node.Input(0), node.Input(1), node.Input(2));
        double count = Math.Max(0, Math.Ceiling((limit.Real(0) - start.Real(0)) / delta.Real(0)));
        if (!(count <= int.MaxValue))
            throw new OnnxException($"its range has {count:g6} elements.");
        return [node.Make([(int)count], start.Type, i => start.Real(0) + i * delta.Real(0), i => start.Integer(0) + i * delta.Integer(0))];
    }

    [OnnxFolding("Cast")]
    public static HostTensor[] Cast(FoldedNode node)
    {
        var to = (DataType)node.Attributes.Int("to", 0);
        if (to.Bits() == 0)
            throw new OnnxException($"a cast to {to.Text()} is not supported.");
        return [Converted(node, node.Input(0), to)];
    }

    [OnnxFolding("CastLike")]
    public static HostTensor[] CastLike(FoldedNode node) => [Converted(node, node.Input(0), node.Input(1).Type)];

    /// <summary>The extents, from start to end where the node has these (operator set 15).</summary>
    public static HostTensor ShapeOf(int[] extents, NodeAttributes attributes)
    {
        int start = Clamped(attributes.Int("start", 0)), end = Clamped(attributes.Int("end", extents.Length));
        long[] part = [.. extents.Take(end).Skip(start).Select(extent => (long)extent)];
        return HostTensor.Of([part.Length], part);

        int Clamped(long position) => (int)Math.Clamp(position < 0 ? position + extents.Length : position, 0, extents.Length);
    }

    private static HostTensor Converted(FoldedNode node, HostTensor value, DataType to)
    {
        if (value.Type == to)
            return value;
        if (value.IsUniform)
            return HostTensor.Uniform(value.Extents.AsSpan(), to == DataType.Bool ? value.Real(0) != 0 ? 1 : 0 : value.Real(0), to);
        return node.Make(value.Extents.AsSpan(), to, value.Real, i => to == DataType.Bool ? value.Real(i) != 0 ? 1 : 0 : value.Integer(i));
    }
}
