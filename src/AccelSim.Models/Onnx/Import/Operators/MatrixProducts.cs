using AccelSim.Graph;
using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import.Operators;

/// <summary>Gemm, MatMul and its integer relatives: fully connected layers where the second operand is constant.</summary>
internal static class MatrixProducts
{
    [OnnxOperator("MatMul")]
    public static void MatMul(OnnxNode node)
    {
        string a = node.Float(0);
        node.Set(0, node.Known(1) is { } weight && weight.Type.IsFloat() ? Connect(node, a, weight) : Multiply(node, a, node.Float(1)));
    }

    [OnnxOperator("MatMulInteger")]
    public static void MatMulInteger(OnnxNode node)
    {
        string a = Quantized.Centred(node, 0, node.Has(2) ? node.Constant(2, "zero point") : null, zeroPointARow: true);
        node.Note(Quantized.HeldNote);
        string result = node.Known(1) is { Rank: 2 } weight && (!node.Has(3) || node.ConstantIfAny(3) is { Rank: <= 1 })
            ? Connect(node, a, Quantized.CentredConstant(weight, node.ConstantIfAny(3), 1))
            : Multiply(node, a, Quantized.Centred(node, 1, node.Has(3) ? node.Constant(3, "zero point") : null));
        node.Set(0, result, DataType.Int32);
    }

    [OnnxOperator("QLinearMatMul")]
    [OnnxOperator("QLinearMatMul", Domain = "com.microsoft")]
    public static void QLinearMatMul(OnnxNode node)
    {
        string a = Quantized.Real(node, 0, 1, 2);
        var zero = node.Has(5) ? node.Constant(5, "zero point") : null;
        string result = node.ConstantIfAny(3) is { Rank: 2 } weight
            ? Connect(node, a, Quantized.RealConstant(weight, node.Constant(4, "scale"), zero, 1))
            : Multiply(node, a, Quantized.Real(node, 3, 4, 5));
        Quantized.SetQuantized(node, 0, result, 6, 7, node.TypeOf(0));
    }

    /// <summary>α·A·B + β·C, A and B transposed where asked.</summary>
    [OnnxOperator("Gemm")]
    public static void Gemm(OnnxNode node)
    {
        double alpha = node.Attributes.Float("alpha", 1), beta = node.Attributes.Float("beta", 1);
        bool transposeA = node.Attributes.Flag("transA"), transposeB = node.Attributes.Flag("transB");
        string a = node.Float(0);
        if (node.ShapeOf(a).Rank != 2 || node.ShapeOf(1).Rank != 2)
            throw new OnnxException($"it multiplies matrices, but has {node.ShapeOf(a)} and {node.ShapeOf(1)}.");
        bool hasBias = node.Has(2) && beta != 0;
        if (node.ConstantIfAny(1) is not { } weight)
        {
            string product = node.Affine(node.Layer(new MatrixProduct(transposeA, transposeB), [a, node.Float(1)]), alpha, 0);
            node.Set(0, hasBias ? node.Layer(new Add(), [product, Bias(node, beta)]) : product);
            return;
        }
        if (!weight.Type.IsFloat())
            throw new OnnxException($"its second operand must be a float matrix, but is {weight.Type.Text()}.");
        if (transposeA)
            a = node.Layer(new Transpose([1, 0]), a);
        if (!transposeB)
            weight = weight.Transpose([1, 0]);
        var bias = hasBias && node.ConstantIfAny(2) is { } constant ? Row(constant, weight.Extents[0], beta) : null;
        bool scaled = alpha != 1;
        string connected = node.Layer(new FullyConnected(), a, bias is null || scaled ? [weight] : [weight, bias]);
        connected = node.Affine(connected, alpha, 0);
        if (hasBias && (bias is null || scaled))
            connected = node.Layer(new Add(), [connected, Bias(node, beta)]);
        node.Set(0, connected);
    }

    /// <summary>A fully connected layer over the last dimension; [..., K] times constant [K, N].</summary>
    private static string Connect(OnnxNode node, string a, HostTensor weight)
    {
        var shape = node.ShapeOf(a);
        bool isVector = weight.Rank == 1;
        while (weight.Rank > 2 && weight.Extents[0] == 1)
            weight = weight.Reshape(weight.Extents.AsSpan()[1..]);
        if (weight.Rank > 2 || weight.Rank == 0)
            return Multiply(node, a, node.Literal(weight));
        var matrix = isVector ? weight.Reshape([1, weight.Extents[0]]) : weight.Transpose([1, 0]);
        if (shape.Rank == 0 || shape[^1] != matrix.Extents[1])
            throw new OnnxException($"its operands {shape} and {HostTensor.Text(weight.Extents)} do not fit: the inner extents differ.");
        string rows = node.Reshaped(a, checked((int)(shape.Elements / shape[^1])), shape[^1]);
        string product = node.Layer(new FullyConnected(), rows, matrix);
        int[] leading = [.. shape.Take(shape.Rank - 1)];
        return node.Reshaped(product, isVector ? leading : [.. leading, matrix.Extents[0]]);
    }

    /// <summary>A product of two activations; vectors are matrices of one row or column.</summary>
    private static string Multiply(OnnxNode node, string a, string b)
    {
        var (left, right) = (node.ShapeOf(a), node.ShapeOf(b));
        if (left.Rank == 0 || right.Rank == 0)
            throw new OnnxException("a scalar has no matrix product.");
        if (left.Rank == 1)
            a = node.Reshaped(a, 1, left[0]);
        if (right.Rank == 1)
            b = node.Reshaped(b, right[0], 1);
        string product = node.Layer(new MatrixProduct(), [a, b]);
        if (left.Rank > 1 && right.Rank > 1)
            return product;
        int[] extents = [.. node.ShapeOf(product)];
        return node.Reshaped(product, [.. extents[..^2], .. left.Rank == 1 ? (int[])[] : [extents[^2]], .. right.Rank == 1 ? (int[])[] : [extents[^1]]]);
    }

    private static string Bias(OnnxNode node, double beta) => node.Affine(node.Float(2), beta, 0);

    /// <summary>C as a vector of N values, or null where it differs from row to row.</summary>
    private static HostTensor? Row(HostTensor c, int columns, double beta)
    {
        if (c.Rank > 2 || (c.Elements != 1 && c.Elements != columns) || (c.Elements == columns && c.Elements > 1 && c.Extents[^1] != columns))
            return null;
        if (beta == 1 && c.Elements == columns)
            return c.Reshape([columns]);
        var values = new float[columns];
        for (int i = 0; i < columns; i++)
            values[i] = (float)(beta * c.Real(c.Elements == 1 ? 0 : i));
        return HostTensor.Of([columns], values);
    }
}
