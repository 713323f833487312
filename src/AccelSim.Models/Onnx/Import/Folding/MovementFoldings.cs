using AccelSim.Models.Onnx.Tensors;

namespace AccelSim.Models.Onnx.Import.Folding;

/// <summary>Operators that move elements, on constants.</summary>
internal static class MovementFoldings
{
    [OnnxFolding("Identity")]
    [OnnxFolding("Dropout")]
    public static HostTensor[] Identity(FoldedNode node) => [node.Input(0)];

    [OnnxFolding("Reshape")]
    public static HostTensor[] Reshape(FoldedNode node)
    {
        var (data, shape) = (node.Input(0), node.Input(1));
        if (shape.Rank != 1 || shape.Elements > HostTensor.LargestRank)
            throw new OnnxException($"its shape must be a vector of at most {HostTensor.LargestRank} integers, but is {shape}.");
        bool zeroIsZero = node.Attributes.Flag("allowzero");
        int[] extents = [.. shape.Integers().Select((extent, i) => extent == 0 && !zeroIsZero && i < data.Rank ? data.Extents[i] : checked((int)extent))];
        int open = Array.IndexOf(extents, -1);
        if (open >= 0)
        {
            extents[open] = 1;
            long known = HostTensor.Count(extents);
            extents[open] = known == 0 ? 0 : checked((int)(data.Elements / known));
        }
        return [data.Reshape(extents)];
    }

    [OnnxFolding("Flatten")]
    public static HostTensor[] Flatten(FoldedNode node)
    {
        var data = node.Input(0);
        long asked = node.Attributes.Int("axis", 1);
        int axis = asked == data.Rank ? data.Rank : OnnxNode.Axis(asked, data.Rank);
        int rows = checked((int)HostTensor.Count(data.Extents.AsSpan()[..axis]));
        return [data.Reshape([rows, checked((int)HostTensor.Count(data.Extents.AsSpan()[axis..]))])];
    }

    [OnnxFolding("Squeeze")]
    public static HostTensor[] Squeeze(FoldedNode node)
    {
        var data = node.Input(0);
        int[] axes = node.Integers(1, "axes") is { } given
            ? [.. given.Select(axis => OnnxNode.Axis(axis, data.Rank))]
            : [.. Enumerable.Range(0, data.Rank).Where(i => data.Extents[i] == 1)];
        return [data.Reshape([.. data.Extents.Where((_, i) => !axes.Contains(i))])];
    }

    [OnnxFolding("Unsqueeze")]
    public static HostTensor[] Unsqueeze(FoldedNode node)
    {
        var data = node.Input(0);
        long[] asked = node.Integers(1, "axes") ?? throw new OnnxException("its axes are missing.");
        int rank = data.Rank + asked.Length;
        int[] axes = [.. asked.Select(axis => OnnxNode.Axis(axis, rank)).Distinct()];
        if (axes.Length != asked.Length || rank > HostTensor.LargestRank)
            throw new OnnxException($"its axes ({string.Join(", ", asked)}) repeat or are too many.");
        var extents = new int[rank];
        int from = 0;
        for (int i = 0; i < rank; i++)
            extents[i] = axes.Contains(i) ? 1 : data.Extents[from++];
        return [data.Reshape(extents)];
    }

    [OnnxFolding("Transpose")]
    public static HostTensor[] Transpose(FoldedNode node)
    {
        var data = node.Input(0);
        int[] order = node.Attributes.Ints("perm") is { Count: > 0 } given
            ? [.. given.Select(axis => OnnxNode.Axis(axis, data.Rank, "perm"))]
            : [.. Enumerable.Range(0, data.Rank).Reverse()];
        if (!order.Order().SequenceEqual(Enumerable.Range(0, data.Rank)))
            throw new OnnxException($"its perm ({string.Join(", ", order)}) does not permute {data.Rank} dimensions.");
        node.RequireModest(data.Elements);
        return [data.Transpose(order)];
    }

    [OnnxFolding("Concat")]
    public static HostTensor[] Concat(FoldedNode node)
    {
        HostTensor[] parts = [.. Enumerable.Range(0, node.InputCount).Select(node.Input)];
        if (parts.Length == 0)
            throw new OnnxException("it has no inputs.");
        int axis = OnnxNode.Axis(node.Attributes.Int("axis", 0), parts[0].Rank);
        int[] extents = [.. parts[0].Extents];
        extents[axis] = 0;
        foreach (var part in parts)
        {
            if (part.Rank != extents.Length || Enumerable.Range(0, part.Rank).Any(i => i != axis && part.Extents[i] != extents[i]))
                throw new OnnxException($"its operands {parts[0]} and {part} differ beside the axis {axis}.");
            extents[axis] = checked(extents[axis] + part.Extents[axis]);
        }
        var sources = new (HostTensor Part, long Index)[parts.Length];
        long inner = parts[0].Stride(axis), row = inner * extents[axis];
        return [node.Make(extents, parts[0].Type, i => At(i) is var (part, index) ? part.Real(index) : 0, i => At(i) is var (part, index) ? part.Integer(index) : 0)];

        (HostTensor Part, long Index) At(long i)
        {
            long outer = i / row, within = i % row;
            foreach (var part in parts)
            {
                long size = part.Extents[axis] * inner;
                if (within < size)
                    return (part, outer * size + within);
                within -= size;
            }
            throw new OnnxException("its operands are too short.");
        }
    }

    [OnnxFolding("Split")]
    public static HostTensor[] Split(FoldedNode node)
    {
        var data = node.Input(0);
        int axis = OnnxNode.Axis(node.Attributes.Int("axis", 0), data.Rank);
        int extent = data.Extents[axis], count = node.OutputCount;
        int size = (extent + count - 1) / Math.Max(1, count);
        long[] parts = node.Integers(1, "split") ?? [.. Enumerable.Range(0, count).Select(i => (long)Math.Max(0, Math.Min(size, extent - i * size)))];
        if (parts.Any(part => part < 0) || parts.Sum() != extent)
            throw new OnnxException($"its parts ({string.Join(", ", parts)}) do not divide {extent} elements.");
        var results = new HostTensor[parts.Length];
        int start = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            var ranges = data.Extents.Select(whole => new SliceRange(0, whole, 1)).ToArray();
            ranges[axis] = new SliceRange(start, (int)parts[i], 1);
            results[i] = Taken(node, data, ranges);
            start += (int)parts[i];
        }
        return results;
    }

    [OnnxFolding("Slice")]
    public static HostTensor[] Slice(FoldedNode node)
    {
        var data = node.Input(0);
        var ranges = SliceRange.Of(
            [.. data.Extents],
            node.Integers(1, "starts") ?? throw new OnnxException("its starts are missing."),
            node.Integers(2, "ends") ?? throw new OnnxException("its ends are missing."),
            node.Integers(3, "axes"),
            node.Has(4) ? node.Input(4).Integers() : null);
        return [Taken(node, data, ranges)];
    }

    [OnnxFolding("Gather")]
    public static HostTensor[] Gather(FoldedNode node)
    {
        var (data, indices) = (node.Input(0), node.Input(1));
        int axis = OnnxNode.Axis(node.Attributes.Int("axis", 0), data.Rank);
        int[] extents = [.. data.Extents[..axis], .. indices.Extents, .. data.Extents[(axis + 1)..]];
        long inner = data.Stride(axis), count = Math.Max(1, indices.Elements), extent = data.Extents[axis];
        node.RequireModest(indices.Elements);
        int[] positions = [.. indices.Integers().Select(index => OnnxNode.Axis(index, data.Extents[axis], "index"))];
        return [node.Make(extents, data.Type, i => data.Real(At(i)), i => data.Integer(At(i)))];

        long At(long i) => (i / (inner * count) * extent + positions[i / inner % count]) * inner + i % inner;
    }

    [OnnxFolding("Expand")]
    public static HostTensor[] Expand(FoldedNode node)
    {
        var data = node.Input(0);
        if (node.Input(1).Elements > HostTensor.LargestRank)
            throw new OnnxException($"its shape has {node.Input(1).Elements} dimensions.");
        int[] extents = ArithmeticFoldings.Broadcast([.. data.Extents], [.. node.Input(1).Integers().Select(extent => checked((int)extent))]);
        if (!data.IsUniform && data.Elements != 1)
            node.RequireModest(HostTensor.Count(extents));
        return [ArithmeticFoldings.Spread(data, extents)];
    }

    [OnnxFolding("Tile")]
    public static HostTensor[] Tile(FoldedNode node)
    {
        var data = node.Input(0);
        long[] repeats = node.Input(1).Integers();
        if (repeats.Length != data.Rank)
            throw new OnnxException($"it has {repeats.Length} repeats for {data.Rank} dimensions.");
        int[] extents = [.. data.Extents.Select((extent, i) => checked((int)(extent * repeats[i])))];
        return [node.Make(extents, data.Type, i => data.Real(At(i)), i => data.Integer(At(i)))];

        long At(long i)
        {
            long at = 0;
            for (int axis = extents.Length - 1; axis >= 0; axis--)
            {
                at += i % extents[axis] % data.Extents[axis] * data.Stride(axis);
                i /= extents[axis];
            }
            return at;
        }
    }

    [OnnxFolding("ReduceProd")]
    public static HostTensor[] ReduceProd(FoldedNode node) => Reduced(node, (a, b) => a * b, (a, b) => checked(a * b));

    [OnnxFolding("ReduceSum")]
    public static HostTensor[] ReduceSum(FoldedNode node) => Reduced(node, (a, b) => a + b, (a, b) => checked(a + b));

    [OnnxFolding("ReduceMax")]
    public static HostTensor[] ReduceMax(FoldedNode node) => Reduced(node, Math.Max, Math.Max);

    [OnnxFolding("ReduceMin")]
    public static HostTensor[] ReduceMin(FoldedNode node) => Reduced(node, Math.Min, Math.Min);

    /// <summary>Over all elements of a vector, the case of shape arithmetic; others are left to the backend.</summary>
    private static HostTensor[] Reduced(FoldedNode node, Func<double, double, double> real, Func<long, long, long> integer)
    {
        var data = node.Input(0);
        if (data.Rank != 1 || data.Elements == 0)
            throw new OnnxException($"a reduction of the constant {data} is not supported; of a vector it is.");
        double sum = data.Real(0);
        long whole = data.Integer(0);
        for (long i = 1; i < data.Elements; i++)
        {
            if (data.Type.IsFloat())
                sum = real(sum, data.Real(i));
            else
                whole = integer(whole, data.Integer(i));
        }
        int[] extents = node.Attributes.Flag("keepdims", otherwise: true) ? [1] : [];
        return [node.Make(extents, data.Type, _ => sum, _ => whole)];
    }

    private static HostTensor Taken(FoldedNode node, HostTensor data, SliceRange[] ranges)
    {
        int[] extents = [.. ranges.Select(range => range.Length)];
        node.RequireModest(HostTensor.Count(extents));
        if (HostTensor.Count(extents) == 0)
            return data.Type.IsFloat() ? HostTensor.Of(extents, Array.Empty<float>(), data.Type) : HostTensor.Of(extents, Array.Empty<long>(), data.Type);
        long[] strides = [.. ranges.Select((range, axis) => range.Step * data.Stride(axis))];
        return data.Collect(extents, strides, ranges.Select((range, axis) => range.Start * data.Stride(axis)).Sum());
    }
}
