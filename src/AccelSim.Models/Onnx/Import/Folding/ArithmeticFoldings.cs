using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import.Folding;

/// <summary>Arithmetic, comparison and selection on constants, integer as integer.</summary>
internal static class ArithmeticFoldings
{
    [OnnxFolding("Add")]
    public static HostTensor[] Add(FoldedNode node) => Binary(node, (a, b) => a + b, (a, b) => checked(a + b));

    [OnnxFolding("Sub")]
    public static HostTensor[] Sub(FoldedNode node) => Binary(node, (a, b) => a - b, (a, b) => checked(a - b));

    [OnnxFolding("Mul")]
    public static HostTensor[] Mul(FoldedNode node) => Binary(node, (a, b) => a * b, (a, b) => checked(a * b));

    [OnnxFolding("Div")]
    public static HostTensor[] Div(FoldedNode node) => Binary(node, (a, b) => a / b, (a, b) => b == 0 ? throw new OnnxException("it divides by 0.") : b == -1 ? checked(-a) : a / b);

    /// <summary>With fmod = 1 the sign of the dividend, else of the divisor.</summary>
    [OnnxFolding("Mod")]
    public static HostTensor[] Mod(FoldedNode node)
    {
        bool truncated = node.Attributes.Flag("fmod");
        return Binary(node, Math.IEEERemainder, (a, b) => b == 0 ? throw new OnnxException("it divides by 0.") : b == -1 ? 0 : truncated ? a % b : (a % b + b) % b);
    }

    [OnnxFolding("Pow")]
    public static HostTensor[] Pow(FoldedNode node) => Binary(node, Math.Pow, (a, b) => checked((long)Math.Pow(a, b)));

    [OnnxFolding("Max")]
    public static HostTensor[] Max(FoldedNode node) => Binary(node, Math.Max, Math.Max);

    [OnnxFolding("Min")]
    public static HostTensor[] Min(FoldedNode node) => Binary(node, Math.Min, Math.Min);

    [OnnxFolding("And")]
    public static HostTensor[] And(FoldedNode node) => Binary(node, (a, b) => a * b, (a, b) => a & b);

    [OnnxFolding("Or")]
    public static HostTensor[] Or(FoldedNode node) => Binary(node, (a, b) => a + b, (a, b) => a | b);

    [OnnxFolding("Equal")]
    public static HostTensor[] Equal(FoldedNode node) => Comparison(node, (a, b) => a == b);

    [OnnxFolding("Greater")]
    public static HostTensor[] Greater(FoldedNode node) => Comparison(node, (a, b) => a > b);

    [OnnxFolding("GreaterOrEqual")]
    public static HostTensor[] GreaterOrEqual(FoldedNode node) => Comparison(node, (a, b) => a >= b);

    [OnnxFolding("Less")]
    public static HostTensor[] Less(FoldedNode node) => Comparison(node, (a, b) => a < b);

    [OnnxFolding("LessOrEqual")]
    public static HostTensor[] LessOrEqual(FoldedNode node) => Comparison(node, (a, b) => a <= b);

    [OnnxFolding("Not")]
    public static HostTensor[] Not(FoldedNode node) => Unary(node, a => 1 - a, a => 1 - a);

    [OnnxFolding("Neg")]
    public static HostTensor[] Neg(FoldedNode node) => Unary(node, a => -a, a => checked(-a));

    [OnnxFolding("Abs")]
    public static HostTensor[] Abs(FoldedNode node) => Unary(node, Math.Abs, a => a < 0 ? checked(-a) : a);

    [OnnxFolding("Floor")]
    public static HostTensor[] Floor(FoldedNode node) => Unary(node, Math.Floor, a => a);

    [OnnxFolding("Ceil")]
    public static HostTensor[] Ceil(FoldedNode node) => Unary(node, Math.Ceiling, a => a);

    [OnnxFolding("Sqrt")]
    public static HostTensor[] Sqrt(FoldedNode node) => Unary(node, Math.Sqrt, a => (long)Math.Sqrt(a));

    [OnnxFolding("Reciprocal")]
    public static HostTensor[] Reciprocal(FoldedNode node) => Unary(node, a => 1 / a, a => a == 0 ? throw new OnnxException("it divides by 0.") : 1 / a);

    [OnnxFolding("Exp")]
    public static HostTensor[] Exp(FoldedNode node) => Unary(node, Math.Exp, a => (long)Math.Exp(a));

    [OnnxFolding("Where")]
    public static HostTensor[] Where(FoldedNode node)
    {
        var (condition, yes, no) = (node.Input(0), node.Input(1), node.Input(2));
        int[] extents = Broadcast(Broadcast([.. condition.Extents], [.. yes.Extents]), [.. no.Extents]);
        node.RequireModest(HostTensor.Count(extents));
        var (c, y, n) = (Spread(condition, extents), Spread(yes, extents), Spread(no, extents));
        return [node.Make(extents, yes.Type, i => c.Integer(i) != 0 ? y.Real(i) : n.Real(i), i => c.Integer(i) != 0 ? y.Integer(i) : n.Integer(i))];
    }

    /// <summary>A tensor under broadcast extents.</summary>
    public static HostTensor Spread(HostTensor tensor, int[] extents)
    {
        if (tensor.Extents.AsSpan().SequenceEqual(extents))
            return tensor;
        var strides = new long[extents.Length];
        for (int i = 0; i < tensor.Rank; i++)
        {
            if (tensor.Extents[i] > 1)
                strides[extents.Length - tensor.Rank + i] = tensor.Stride(i);
        }
        return tensor.Collect(extents, strides, 0);
    }

    /// <exception cref="OnnxException">The shapes do not broadcast.</exception>
    public static int[] Broadcast(int[] a, int[] b)
    {
        var extents = new int[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= extents.Length; i++)
        {
            int left = i <= a.Length ? a[^i] : 1, right = i <= b.Length ? b[^i] : 1;
            if (left != right && left != 1 && right != 1)
                throw new OnnxException($"its operands {HostTensor.Text(a)} and {HostTensor.Text(b)} do not broadcast.");
            extents[^i] = left == 1 ? right : left;
        }
        return extents;
    }

    private static HostTensor[] Unary(FoldedNode node, Func<double, double> real, Func<long, long> integer)
    {
        var x = node.Input(0);
        return x.IsUniform
            ? [HostTensor.Uniform(x.Extents.AsSpan(), x.Type.IsFloat() ? real(x.Real(0)) : integer(x.Integer(0)), x.Type)]
            : [node.Make(x.Extents.AsSpan(), x.Type, i => real(x.Real(i)), i => integer(x.Integer(i)))];
    }

    private static HostTensor[] Binary(FoldedNode node, Func<double, double, double> real, Func<long, long, long> integer)
    {
        var result = node.Input(0);
        for (int operand = 1; operand < node.InputCount; operand++)
        {
            var (a, b) = (result, node.Input(operand));
            int[] extents = node.Opset < 7 && b.Rank < a.Rank && node.Attributes.Has("axis") ? [.. a.Extents] : Broadcast([.. a.Extents], [.. b.Extents]);
            if (node.Opset < 7 && b.Rank < a.Rank && node.Attributes.Has("axis"))
            {
                int axis = OnnxNode.Axis(node.Attributes.Int("axis", 0), a.Rank);
                b = b.Reshape([.. b.Extents, .. Enumerable.Repeat(1, Math.Max(0, a.Rank - axis - b.Rank))]);
                extents = Broadcast(extents, [.. b.Extents]);
            }
            if (a.IsUniform && b.IsUniform)
            {
                result = HostTensor.Uniform(extents, a.Type.IsFloat() ? real(a.Real(0), b.Real(0)) : integer(a.Integer(0), b.Integer(0)), a.Type);
                continue;
            }
            node.RequireModest(HostTensor.Count(extents));
            var (left, right) = (Spread(a, extents), Spread(b, extents));
            result = node.Make(extents, a.Type, i => real(left.Real(i), right.Real(i)), i => integer(left.Integer(i), right.Integer(i)));
        }
        return [result];
    }

    private static HostTensor[] Comparison(FoldedNode node, Func<double, double, bool> holds)
    {
        var (a, b) = (node.Input(0), node.Input(1));
        int[] extents = Broadcast([.. a.Extents], [.. b.Extents]);
        node.RequireModest(HostTensor.Count(extents));
        var (left, right) = (Spread(a, extents), Spread(b, extents));
        return [node.Make(extents, DataType.Bool, _ => 0, i => holds(left.Real(i), right.Real(i)) ? 1 : 0)];
    }
}
