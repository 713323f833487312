using AccelSim.Graph;
using AccelSim.Models.Onnx.Tensors;

namespace AccelSim.Models.Onnx.Import.Operators;

/// <summary>Pad in its four modes; negative counts cut off.</summary>
internal static class Paddings
{
    private const int Largest = 1 << 20;

    [OnnxOperator("Pad")]
    public static void Pad(OnnxNode node)
    {
        string x = node.Any(0);
        int rank = node.ShapeOf(x).Rank;
        var (before, after) = Counts(node, rank);
        for (int axis = 0; axis < rank; axis++)
        {
            int extent = node.ShapeOf(x)[axis], cut = Math.Max(0, -before[axis]), length = extent - cut - Math.Max(0, -after[axis]);
            if (length < 1)
                throw new OnnxException($"its pads cut off all {extent} elements of axis {axis}.");
            if (length < extent)
                x = node.Layer(new Slice(axis, cut, length), x);
            (before[axis], after[axis]) = (Math.Max(0, before[axis]), Math.Max(0, after[axis]));
        }
        string mode = node.Attributes.Text("mode", "constant");
        if (mode == "wrap")
        {
            node.Set(0, Wrapped(node, x, before, after));
            return;
        }
        var kind = mode switch
        {
            "constant" => PadMode.Constant,
            "edge" => PadMode.Edge,
            "reflect" => PadMode.Reflect,
            _ => throw new OnnxException($"its mode is '{mode}'; constant, edge, reflect and wrap are known."),
        };
        double value = node.Opset < 11 ? node.Attributes.Float("value", 0) : node.Has(2) ? node.Constant(2, "constant_value").Real(0) : 0;
        if (node.Draft.TypeOf(x).Quantization is { } quantization)
            value = quantization.Scale * ((long)value - node.TypeOf(0).CodeOffset() - quantization.ZeroPoint);
        node.Set(0, node.Layer(new Pad([.. before], [.. after], kind, value), x));
    }

    private static (int[] Before, int[] After) Counts(OnnxNode node, int rank)
    {
        long[] pads = node.Opset < 11 ? [.. node.Attributes.Ints("pads") ?? []] : node.Constant(1, "pads").Integers();
        int[] axes = node.Has(3) ? [.. node.Constant(3, "axes").Integers().Select(axis => OnnxNode.Axis(axis, rank))] : [.. Enumerable.Range(0, rank)];
        if (pads.Length != 2 * axes.Length)
            throw new OnnxException($"it has {pads.Length} pads for {axes.Length} axes.");
        if (pads.Any(pad => Math.Abs(pad) > Largest))
            throw new OnnxException($"a pad is beyond ±{Largest}.");
        var (before, after) = (new int[rank], new int[rank]);
        for (int i = 0; i < axes.Length; i++)
            (before[axes[i]], after[axes[i]]) = ((int)pads[i], (int)pads[axes.Length + i]);
        return (before, after);
    }

    private static string Wrapped(OnnxNode node, string x, int[] before, int[] after)
    {
        for (int axis = 0; axis < before.Length; axis++)
        {
            if (before[axis] == 0 && after[axis] == 0)
                continue;
            int extent = node.ShapeOf(x)[axis], start = before[axis];
            x = node.Layer(new Gather(axis, [.. Enumerable.Range(0, extent + start + after[axis]).Select(i => ((i - start) % extent + extent) % extent)]), x);
        }
        return node.Layer(new Reshape([.. node.ShapeOf(x)]), x);
    }
}
