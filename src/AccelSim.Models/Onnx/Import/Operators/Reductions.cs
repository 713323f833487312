using AccelSim.Graph;
using AccelSim.Models.Onnx.Tensors;

namespace AccelSim.Models.Onnx.Import.Operators;

/// <summary>ReduceMean, ReduceSum, …; axes are an attribute in older operator sets and an input in newer ones.</summary>
internal static class Reductions
{
    [OnnxOperator("ReduceMean")]
    public static void Mean(OnnxNode node)
    {
        string x = node.Float(0);
        if (Axes(node, x) is not { } axes)
            return;
        bool isImage = node.ShapeOf(x).Rank == 4 && axes.Order().SequenceEqual([2, 3]);
        string mean = isImage ? node.Layer(new GlobalAveragePool(), x) : node.Layer(new Reduce(ReduceKind.Mean, [.. axes]), x);
        Finish(node, mean, axes);
    }

    [OnnxOperator("ReduceSum")]
    public static void Sum(OnnxNode node) => Simple(node, ReduceKind.Sum);

    [OnnxOperator("ReduceMax")]
    public static void Max(OnnxNode node) => Simple(node, ReduceKind.Maximum);

    [OnnxOperator("ReduceMin")]
    public static void Min(OnnxNode node) => Simple(node, ReduceKind.Minimum);

    [OnnxOperator("ReduceL1")]
    public static void L1(OnnxNode node) => Composed(node, x => node.Layer(new Activation(ActivationKind.Absolute), x), null);

    [OnnxOperator("ReduceL2")]
    public static void L2(OnnxNode node) => Composed(node, x => node.Layer(new Multiply(), [x, x]), ActivationKind.Sqrt);

    [OnnxOperator("ReduceSumSquare")]
    public static void SumSquare(OnnxNode node) => Composed(node, x => node.Layer(new Multiply(), [x, x]), null);

    [OnnxOperator("ReduceLogSum")]
    public static void LogSum(OnnxNode node) => Composed(node, x => x, ActivationKind.Log);

    /// <summary>max + log Σ exp(x − max).</summary>
    [OnnxOperator("ReduceLogSumExp")]
    public static void LogSumExp(OnnxNode node)
    {
        string x = node.Float(0);
        if (Axes(node, x) is not { } axes)
            return;
        string largest = node.Layer(new Reduce(ReduceKind.Maximum, [.. axes]), x);
        string shifted = node.Layer(new Activation(ActivationKind.Exp), node.Layer(new Arithmetic(ArithmeticKind.Subtract), [x, largest]));
        string log = node.Layer(new Activation(ActivationKind.Log), node.Layer(new Reduce(ReduceKind.Sum, [.. axes]), shifted));
        Finish(node, node.Layer(new Add(), [log, largest]), axes);
    }

    private static void Simple(OnnxNode node, ReduceKind kind)
    {
        string x = node.Number(0);
        if (Axes(node, x) is not { } axes)
            return;
        if (!node.TypeOf(0).IsFloat())
            node.Note(Quantized.HeldNote);
        Finish(node, node.Layer(new Reduce(kind, [.. axes]), x), axes);
    }

    private static void Composed(OnnxNode node, Func<string, string> before, ActivationKind? after)
    {
        string x = node.Float(0);
        if (Axes(node, x) is not { } axes)
            return;
        string sum = node.Layer(new Reduce(ReduceKind.Sum, [.. axes]), before(x));
        Finish(node, after is { } kind ? node.Layer(new Activation(kind), sum) : sum, axes);
    }

    /// <summary>The axes, by default all; null when the node does nothing, and its output is set.</summary>
    private static int[]? Axes(OnnxNode node, string x)
    {
        int rank = node.ShapeOf(x).Rank;
        long[] axes = node.Has(1) ? node.Constant(1, "axes").Integers() : [.. node.Attributes.Ints("axes") ?? []];
        if (axes.Length > 0)
            return [.. axes.Select(axis => OnnxNode.Axis(axis, rank))];
        if (!node.Attributes.Flag("noop_with_empty_axes"))
            return [.. Enumerable.Range(0, rank)];
        if (node.OperatorType is not ("ReduceMean" or "ReduceSum" or "ReduceMax" or "ReduceMin"))
            throw new OnnxException("noop_with_empty_axes without axes is not supported for it.");
        node.Set(0, node.Layer(new Reshape([.. node.ShapeOf(x)]), x));
        return null;
    }

    private static void Finish(OnnxNode node, string kept, int[] axes)
    {
        var shape = node.ShapeOf(kept);
        node.Set(0, node.Attributes.Flag("keepdims", otherwise: true)
            ? kept
            : node.Layer(new Reshape([.. shape.Where((_, dimension) => !axes.Contains(dimension))]), kept));
    }
}
