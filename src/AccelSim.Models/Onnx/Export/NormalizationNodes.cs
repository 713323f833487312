using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Export;

/// <summary>Normalizations and reductions.</summary>
internal static class NormalizationNodes
{
    public static OnnxValue BatchNormalization(BatchNormalization op, LayerNodes nodes) => nodes.Clamped(
        nodes.Node("BatchNormalization", nodes.Type.Shape,
            [nodes.Input(), nodes.Constant(0), nodes.Constant(1), nodes.Constant(2), nodes.Constant(3)], OnnxAttribute.Of("epsilon", op.Epsilon)),
        op.Clamp);

    public static OnnxValue Softmax(Softmax op, LayerNodes nodes) => nodes.Each("Softmax", nodes.Input(), OnnxAttribute.Of("axis", op.AxisOf(nodes.Type.Shape)));

    /// <summary>
    /// LRN where ONNX Runtime has it, for images and an odd size; else by its definition, the sum over neighbouring channels as an average pool along them:
    /// α ÷ size · Σ x² is α times the mean of the squares with padding counted.
    /// </summary>
    public static OnnxValue LocalResponseNormalization(LocalResponseNormalization op, LayerNodes nodes)
    {
        var x = nodes.Input();
        if (x.Shape.Rank == 4 && op.Size % 2 == 1)
            return nodes.Each("LRN", x, OnnxAttribute.Of("size", op.Size), OnnxAttribute.Of("alpha", op.Alpha), OnnxAttribute.Of("beta", op.Beta), OnnxAttribute.Of("bias", op.Bias));
        var channels = Shape.Of(x.Shape[0], 1, x.Shape[1], checked((int)(x.Shape.Elements / x.Shape[0] / x.Shape[1])));
        var squares = nodes.Reshape(nodes.Pair("Mul", x, x), channels);
        var padding = new Padding((op.Size - 1) / 2, op.Size / 2, 0, 0);
        var means = nodes.Node("AveragePool", channels, [squares],
            [.. ConvolutionNodes.Window(new Size2(op.Size, 1), Size2.Square(1), padding, null), OnnxAttribute.Of("count_include_pad", 1)]);
        var sums = nodes.Pair("Add", nodes.Pair("Mul", nodes.Reshape(means, x.Shape), nodes.Scalar("alpha", op.Alpha)), nodes.Scalar("bias", op.Bias));
        return nodes.Pair("Div", x, nodes.Pair("Pow", sums, nodes.Scalar("beta", op.Beta)));
    }

    public static OnnxValue Reduce(Reduce op, LayerNodes nodes)
    {
        string operation = op.Kind switch
        {
            ReduceKind.Sum => "ReduceSum",
            ReduceKind.Mean => "ReduceMean",
            ReduceKind.Maximum => "ReduceMax",
            _ => "ReduceMin",
        };
        // ONNX reads no axes as all of them.
        return op.Axes.IsEmpty
            ? nodes.Each("Identity", nodes.Input())
            : nodes.Node(operation, nodes.Type.Shape, [nodes.Input(), nodes.Integers("axes", [.. op.Axes.Select(axis => (long)axis)])], OnnxAttribute.Of("keepdims", op.KeepDimensions ? 1 : 0));
    }
}
