using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Export;

/// <summary>Products with matrices, and what is built of them.</summary>
internal static class MatrixNodes
{
    public static OnnxValue FullyConnected(FullyConnected op, LayerNodes nodes)
    {
        var (weight, bias) = nodes.Weights(op.Integer);
        var sums = nodes.Node("Gemm", nodes.Type.Shape, [nodes.Input(), weight, bias], OnnxAttribute.Of("transB", 1));
        return op.Integer is { } integer ? nodes.Clamped(sums, integer.Requantization, op.Clamp) : nodes.Clamped(sums, op.Clamp);
    }

    public static OnnxValue MatrixProduct(MatrixProduct op, LayerNodes nodes)
    {
        return nodes.Node("MatMul", nodes.Type.Shape, [Operand(0, op.TransposeA), Operand(1, op.TransposeB)]);

        OnnxValue Operand(int index, bool transposed)
        {
            var x = nodes.Input(index);
            int rank = x.Shape.Rank;
            return transposed ? nodes.Transpose(x, [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]) : x;
        }
    }

    /// <summary>Σ (x − w)²: every input less every centre, [N, O, I], and the sum of squares over I.</summary>
    public static OnnxValue RadialBasis(RadialBasis op, LayerNodes nodes)
    {
        var x = nodes.Input();
        var differences = nodes.Pair("Sub", nodes.Reshape(x, Shape.Of(x.Shape[0], 1, x.Shape[1])), nodes.Constant(0)!);
        return nodes.Node("ReduceSumSquare", nodes.Type.Shape, [differences, nodes.Integers("axes", 2)], OnnxAttribute.Of("keepdims", 0));
    }

    /// <summary>The bias of the side that is given is not used.</summary>
    public static OnnxValue BoltzmannLayer(BoltzmannLayer op, LayerNodes nodes) => nodes.Each("Sigmoid", op.Downward
        ? nodes.Node("Gemm", nodes.Type.Shape, [nodes.Input(), nodes.Constant(0), nodes.Constant(2)])
        : nodes.Node("Gemm", nodes.Type.Shape, [nodes.Input(), nodes.Constant(0), nodes.Constant(1)], OnnxAttribute.Of("transB", 1)));
}
