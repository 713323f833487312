using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import.Operators;

/// <summary>Operators that move elements and compute none: any type, int8 codes as they are.</summary>
internal static class Movement
{
    [OnnxOperator("Identity")]
    [OnnxOperator("Dropout")]
    public static void Identity(OnnxNode node)
    {
        if (node.OperatorType == "Dropout" && node.Has(2) && node.Constant(2, "training_mode").Integer(0) != 0 && !(node.Has(1) && node.Constant(1, "ratio").Real(0) == 0))
            throw new OnnxException("training_mode = 1 is not supported: export the model for inference.");
        if (node.Wants(1))
            node.Set(1, HostTensor.Uniform([.. node.ShapeOf(0)], 1, node.Opset >= 10 ? DataType.Bool : node.TypeOf(0)));
        node.Alias(0);
    }

    [OnnxOperator("Reshape")]
    public static void Reshape(OnnxNode node)
    {
        string x = node.Any(0);
        var input = node.ShapeOf(x);
        var asked = node.Constant(1, "shape");
        if (asked.Rank != 1 || asked.Elements > HostTensor.LargestRank)
            throw new OnnxException($"its shape must be a vector of at most {HostTensor.LargestRank} integers, but is {asked}.");
        bool zeroIsZero = node.Attributes.Flag("allowzero");
        int[] extents = [.. asked.Integers().Select((extent, i) => extent == 0 && !zeroIsZero && i < input.Rank ? input[i] : checked((int)extent))];
        if (extents.Count(extent => extent == -1) > 1)
            throw new OnnxException($"its shape ({string.Join(", ", extents)}) leaves more than one extent open.");
        var shape = new Reshape([.. extents]).Infer([node.Draft.TypeOf(x)], []).Shape;
        node.Set(0, node.Layer(OnnxNode.ReshapeTo(input, [.. shape]), x));
    }

    [OnnxOperator("Flatten")]
    public static void Flatten(OnnxNode node)
    {
        string x = node.Any(0);
        var shape = node.ShapeOf(x);
        long asked = node.Attributes.Int("axis", 1);
        int axis = asked == shape.Rank ? shape.Rank : OnnxNode.Axis(asked, shape.Rank);
        if (axis == 1 && shape.Rank >= 2)
        {
            node.Set(0, node.Layer(new Flatten(), x));
            return;
        }
        int rows = checked((int)shape.Take(axis).Aggregate(1L, (product, extent) => product * extent));
        node.Set(0, node.Layer(new Reshape([rows, checked((int)(shape.Elements / rows))]), x));
    }

    [OnnxOperator("Squeeze")]
    public static void Squeeze(OnnxNode node)
    {
        string x = node.Any(0);
        var shape = node.ShapeOf(x);
        int[] axes = Axes(node, shape.Rank) ?? [.. Enumerable.Range(0, shape.Rank).Where(i => shape[i] == 1)];
        if (axes.FirstOrDefault(axis => shape[axis] != 1, -1) is >= 0 and var wrong)
            throw new OnnxException($"the axis {wrong} of {shape} is not 1 and cannot be removed.");
        node.Set(0, node.Layer(OnnxNode.ReshapeTo(shape, [.. shape.Where((_, i) => !axes.Contains(i))]), x));
    }

    [OnnxOperator("Unsqueeze")]
    public static void Unsqueeze(OnnxNode node)
    {
        string x = node.Any(0);
        var shape = node.ShapeOf(x);
        long[] asked = AxisValues(node) ?? throw new OnnxException("its axes are missing.");
        int rank = shape.Rank + asked.Length;
        int[] axes = [.. asked.Select(axis => OnnxNode.Axis(axis, rank))];
        if (axes.Distinct().Count() != axes.Length || rank > HostTensor.LargestRank)
            throw new OnnxException($"its axes ({string.Join(", ", asked)}) repeat or are too many.");
        var extents = new int[rank];
        int from = 0;
        for (int i = 0; i < rank; i++)
            extents[i] = axes.Contains(i) ? 1 : shape[from++];
        node.Set(0, node.Layer(OnnxNode.ReshapeTo(shape, extents), x));
    }

    [OnnxOperator("Transpose")]
    public static void Transpose(OnnxNode node)
    {
        string x = node.Any(0);
        int rank = node.ShapeOf(x).Rank;
        var permutation = node.Attributes.Ints("perm");
        ImmutableArray<int> order = permutation is { Count: > 0 }
            ? [.. permutation.Select(axis => OnnxNode.Axis(axis, rank, "perm"))]
            : [.. Enumerable.Range(0, rank).Reverse()];
        node.Set(0, node.Layer(new Transpose(order), x));
    }

    [OnnxOperator("Concat")]
    public static void Concat(OnnxNode node)
    {
        string[] parts = [.. Enumerable.Range(0, node.InputCount).Select(node.Any)];
        if (parts.Length == 0)
            throw new OnnxException("it has no inputs.");
        for (int i = 1; i < parts.Length; i++)
        {
            if (node.TypeOf(i) != node.TypeOf(0))
                throw new OnnxException($"its operands are {node.TypeOf(0).Text()} and {node.TypeOf(i).Text()}: one type is needed.");
        }
        if (parts.Select(part => node.Draft.TypeOf(part).Quantization).Distinct().Count() > 1)
            parts = [.. Enumerable.Range(0, node.InputCount).Select(node.Number)];
        int rank = node.ShapeOf(parts[0]).Rank;
        // Before operator set 4 the axis could be left out.
        int axis = OnnxNode.Axis(node.Attributes.Int("axis") ?? throw new OnnxException("its axis is missing."), rank);
        node.Set(0, node.Layer(new Concat(axis), parts));
    }

    [OnnxOperator("Split")]
    public static void Split(OnnxNode node)
    {
        string x = node.Any(0);
        var shape = node.ShapeOf(x);
        int axis = OnnxNode.Axis(node.Attributes.Int("axis", 0), shape.Rank);
        long[]? given = node.Has(1) ? node.Constant(1, "split").Integers() : node.Attributes.Ints("split")?.ToArray();
        int count = given?.Length ?? node.OutputCount;
        if (given is null)
        {
            long parts = node.Attributes.Int("num_outputs", count);
            if (parts != count)
                throw new OnnxException($"its num_outputs is {parts}, but it has {count} outputs.");
            long size = (shape[axis] + parts - 1) / parts;
            given = [.. Enumerable.Range(0, count).Select(i => Math.Min(size, shape[axis] - i * size))];
        }
        if (given.Any(part => part < 1) || given.Sum() != shape[axis] || node.OutputCount > count)
            throw new OnnxException($"its parts ({string.Join(", ", given)}) do not divide the {shape[axis]} elements of axis {axis} among {node.OutputCount} outputs (empty parts are not supported).");
        int start = 0;
        for (int i = 0; i < node.OutputCount; i++)
        {
            if (node.Wants(i))
                node.Set(i, node.Layer(new Slice(axis, start, (int)given[i]), x));
            start += (int)given[i];
        }
    }

    [OnnxOperator("Slice")]
    public static void Slice(OnnxNode node)
    {
        string x = node.Any(0);
        var shape = node.ShapeOf(x);
        var ranges = Folding.SliceRange.Of(
            [.. shape],
            node.Opset < 10 ? [.. node.Attributes.Ints("starts") ?? []] : node.Constant(1, "starts").Integers(),
            node.Opset < 10 ? [.. node.Attributes.Ints("ends") ?? []] : node.Constant(2, "ends").Integers(),
            node.Opset < 10 ? node.Attributes.Ints("axes")?.ToArray() : node.Has(3) ? node.Constant(3, "axes").Integers() : null,
            node.Has(4) && node.Opset >= 10 ? node.Constant(4, "steps").Integers() : null);
        string result = x;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            var range = ranges[axis];
            if (range.Length < 1)
                throw new OnnxException($"its slice of axis {axis} is empty, which is not supported.");
            if (range.Start != 0 || range.Length != shape[axis] || range.Step != 1)
                result = node.Layer(new Slice(axis, range.Start, range.Length, range.Step), result);
        }
        node.Set(0, result == x ? node.Layer(new Reshape([.. shape]), x) : result);
    }

    [OnnxOperator("Gather")]
    public static void Gather(OnnxNode node)
    {
        string x = node.Any(0);
        var shape = node.ShapeOf(x);
        int axis = OnnxNode.Axis(node.Attributes.Int("axis", 0), shape.Rank);
        var indices = node.Constant(1, "indices");
        int[] positions = [.. indices.Integers().Select(index => OnnxNode.Axis(index, shape[axis], "index"))];
        string gathered = node.Layer(new Gather(axis, [.. positions]), x);
        int[] extents = [.. shape.Take(axis), .. indices.Extents, .. shape.Skip(axis + 1)];
        node.Set(0, indices.Rank == 1 ? gathered : node.Layer(OnnxNode.ReshapeTo(node.ShapeOf(gathered), extents), gathered));
    }

    [OnnxOperator("Expand")]
    public static void Expand(OnnxNode node)
    {
        string x = node.Any(0);
        long[] asked = node.Constant(1, "shape").Integers();
        if (asked.Length > HostTensor.LargestRank)
            throw new OnnxException($"its shape has {asked.Length} dimensions.");
        var shape = node.ShapeOf(x);
        int rank = Math.Max(shape.Rank, asked.Length);
        int[] source = [.. Enumerable.Repeat(1, rank - shape.Rank), .. shape];
        string result = node.Layer(OnnxNode.ReshapeTo(shape, source), x);
        for (int axis = 0; axis < rank; axis++)
        {
            long extent = axis < rank - asked.Length ? 1 : asked[axis - (rank - asked.Length)];
            if (extent == source[axis] || extent == 1)
                continue;
            if (source[axis] != 1 || extent < 1)
                throw new OnnxException($"its input {shape} does not expand to ({string.Join(", ", asked)}).");
            result = Repeat(node, result, axis, extent);
        }
        node.Set(0, result);
    }

    [OnnxOperator("Tile")]
    public static void Tile(OnnxNode node)
    {
        string x = node.Any(0);
        var shape = node.ShapeOf(x);
        long[] repeats = node.Constant(1, "repeats").Integers();
        if (repeats.Length != shape.Rank || repeats.Any(count => count < 1))
            throw new OnnxException($"its repeats ({string.Join(", ", repeats)}) do not fit its input {shape} (0 is not supported).");
        string result = node.Layer(new Reshape([.. shape]), x);
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (repeats[axis] > 1)
                result = Repeat(node, result, axis, checked(repeats[axis] * shape[axis]));
        }
        node.Set(0, result);
    }

    /// <summary>Blocks of channels become images; DCR takes the block's position from the front of the channels, CRD from their end.</summary>
    [OnnxOperator("DepthToSpace")]
    public static void DepthToSpace(OnnxNode node)
    {
        string x = node.Any(0);
        var (shape, block) = Blocks(node, x);
        if (shape[1] % ((long)block * block) != 0)
            throw new OnnxException($"{shape[1]} channels are not divisible by blocksize² = {(long)block * block}.");
        int channels = shape[1] / (block * block);
        bool columnsFirst = node.Attributes.Text("mode", "DCR") == "CRD";
        string split = node.Layer(OnnxNode.ReshapeTo(shape, columnsFirst
            ? [shape[0], channels, block, block, shape[2], shape[3]]
            : [shape[0], block, block, channels, shape[2], shape[3]]), x);
        string moved = node.Layer(new Transpose(columnsFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]), split);
        node.Set(0, node.Reshaped(moved, shape[0], channels, checked(shape[2] * block), checked(shape[3] * block)));
    }

    [OnnxOperator("SpaceToDepth")]
    public static void SpaceToDepth(OnnxNode node)
    {
        string x = node.Any(0);
        var (shape, block) = Blocks(node, x);
        if (shape[2] % block != 0 || shape[3] % block != 0)
            throw new OnnxException($"its image {shape} is not divisible by blocksize {block}.");
        string split = node.Layer(OnnxNode.ReshapeTo(shape, [shape[0], shape[1], shape[2] / block, block, shape[3] / block, block]), x);
        string moved = node.Layer(new Transpose([0, 3, 5, 1, 2, 4]), split);
        node.Set(0, node.Reshaped(moved, shape[0], checked(shape[1] * block * block), shape[2] / block, shape[3] / block));
    }

    /// <summary>Element i of an axis again and again up to an extent.</summary>
    private static string Repeat(OnnxNode node, string value, int axis, long extent)
    {
        node.RequireModest(extent, "an axis");
        int period = node.ShapeOf(value)[axis];
        return node.Layer(new Gather(axis, [.. Enumerable.Range(0, checked((int)extent)).Select(i => i % period)]), value);
    }

    private static (Shape Shape, int Block) Blocks(OnnxNode node, string x)
    {
        var shape = node.ShapeOf(x);
        long block = node.Attributes.Int("blocksize", 0);
        if (shape.Rank != 4 || block is < 1 or > 1 << 14)
            throw new OnnxException($"its input {shape} must be [N, C, H, W], and its blocksize {block} at least 1.");
        return (shape, (int)block);
    }

    /// <summary>Axes as an attribute (before operator set 13) or as an input.</summary>
    private static long[]? AxisValues(OnnxNode node) =>
        node.Opset >= 13 ? node.Has(1) ? node.Constant(1, "axes").Integers() : null : node.Attributes.Ints("axes")?.ToArray();

    private static int[]? Axes(OnnxNode node, int rank) => AxisValues(node) is { } axes ? [.. axes.Select(axis => OnnxNode.Axis(axis, rank))] : null;
}
