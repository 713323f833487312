using AccelSim.Graph;
using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import.Operators;

/// <summary>Functions of two or more elements, with broadcasting.</summary>
internal static class Elementwise
{
    [OnnxOperator("Add")]
    public static void Add(OnnxNode node)
    {
        var (a, b) = Operands(node);
        if (b.Scalar is { } right)
            node.Set(0, Affine(node, a.Value, 1, right));
        else if (a.Scalar is { } left)
            node.Set(0, Affine(node, b.Value, 1, left));
        else
            node.Set(0, node.Layer(new Add(), [a.Value, b.Value]));
    }

    [OnnxOperator("Sub")]
    public static void Sub(OnnxNode node)
    {
        var (a, b) = Operands(node);
        if (b.Scalar is { } right)
            node.Set(0, Affine(node, a.Value, 1, -right));
        else if (a.Scalar is { } left)
            node.Set(0, Affine(node, b.Value, -1, left));
        else
            node.Set(0, node.Layer(new Arithmetic(ArithmeticKind.Subtract), [a.Value, b.Value]));
    }

    [OnnxOperator("Mul")]
    public static void Mul(OnnxNode node)
    {
        var (a, b) = Operands(node);
        if (b.Scalar is { } right)
            node.Set(0, Affine(node, a.Value, right, 0));
        else if (a.Scalar is { } left)
            node.Set(0, Affine(node, b.Value, left, 0));
        else
            node.Set(0, node.Layer(new Multiply(), [a.Value, b.Value]));
    }

    [OnnxOperator("Div")]
    public static void Div(OnnxNode node)
    {
        if (!node.TypeOf(0).IsFloat())
            throw new OnnxException($"division of {node.TypeOf(0).Text()} at run time is not supported: cast to float first.");
        var (a, b) = Operands(node);
        if (b.Scalar is { } right && right != 0 && double.IsFinite(1 / right))
            node.Set(0, Affine(node, a.Value, 1 / right, 0));
        else
            node.Set(0, node.Layer(new Arithmetic(ArithmeticKind.Divide), [a.Value, b.Value]));
    }

    [OnnxOperator("Pow")]
    public static void Pow(OnnxNode node)
    {
        if (!node.TypeOf(0).IsFloat())
            throw new OnnxException($"powers of {node.TypeOf(0).Text()} at run time are not supported: cast to float first.");
        string x = node.Float(0);
        if (Scalar(node, 1, node.ShapeOf(0)) is not { } exponent)
        {
            node.Set(0, node.Layer(new Arithmetic(ArithmeticKind.Power), [x, node.Number(1)]));
            return;
        }
        node.Set(0, exponent switch
        {
            2 => node.Layer(new Multiply(), [x, x]),
            0.5 => node.Layer(new Activation(ActivationKind.Sqrt), x),
            _ => node.Layer(new Activation(ActivationKind.Power, Alpha: exponent), x),
        });
    }

    [OnnxOperator("Sum")]
    public static void Sum(OnnxNode node) => node.Set(0, Fold(node, () => new Add()));

    [OnnxOperator("Mean")]
    public static void Mean(OnnxNode node)
    {
        string sum = Fold(node, () => new Add());
        node.Set(0, node.InputCount == 1 ? sum : node.Affine(sum, 1.0 / node.InputCount, 0));
    }

    [OnnxOperator("Max")]
    public static void Max(OnnxNode node) => node.Set(0, Fold(node, () => new Arithmetic(ArithmeticKind.Maximum)));

    [OnnxOperator("Min")]
    public static void Min(OnnxNode node) => node.Set(0, Fold(node, () => new Arithmetic(ArithmeticKind.Minimum)));

    [OnnxOperator("QLinearAdd", Domain = "com.microsoft")]
    public static void QLinearAdd(OnnxNode node) =>
        Quantized.SetQuantized(node, 0, node.Layer(new Add(), [Quantized.Real(node, 0, 1, 2), Quantized.Real(node, 3, 4, 5)]), 6, 7);

    [OnnxOperator("QLinearMul", Domain = "com.microsoft")]
    public static void QLinearMul(OnnxNode node) =>
        Quantized.SetQuantized(node, 0, node.Layer(new Multiply(), [Quantized.Real(node, 0, 1, 2), Quantized.Real(node, 3, 4, 5)]), 6, 7);

    /// <summary>A constant that is one number for every element of a value of some shape, and adds no dimension to it.</summary>
    public static double? Scalar(OnnxNode node, int input, Shape shape)
    {
        if (node.Known(input) is not { } constant || constant.Rank > shape.Rank || constant.Elements == 0 || !(constant.Elements == 1 || constant.IsUniform))
            return null;
        for (int i = 1; i <= constant.Rank; i++)
        {
            if (constant.Extents[^i] != 1 && constant.Extents[^i] != shape[^i])
                return null;
        }
        return constant.Real(0);
    }

    private static string Affine(OnnxNode node, string value, double alpha, double beta) =>
        node.Layer(new Activation(ActivationKind.Affine, Alpha: alpha, Beta: beta), value);

    private static string Fold(OnnxNode node, Func<Operator> operation)
    {
        RequireNumbers(node);
        string result = node.Number(0);
        if (node.InputCount == 1)
            return node.Layer(new Reshape([.. node.ShapeOf(result)]), result);
        for (int i = 1; i < node.InputCount; i++)
            result = node.Layer(operation(), [result, node.Number(i)]);
        return result;
    }

    /// <summary>Both operands as values or scalars. Before operator set 7 the second one is broadcast from an axis on, when asked.</summary>
    private static (Operand A, Operand B) Operands(OnnxNode node)
    {
        RequireNumbers(node);
        var (a, b) = (node.ShapeOf(0), node.ShapeOf(1));
        if (Scalar(node, 1, a) is { } right)
            return (new Operand(node, 0, null), new Operand(node, 1, right));
        if (Scalar(node, 0, b) is { } left)
            return (new Operand(node, 0, left), new Operand(node, 1, null));
        string? second = null;
        if (node.Opset < 7 && a != b)
        {
            if (!node.Attributes.Flag("broadcast"))
                throw new OnnxException($"its operands have shapes {a} and {b}, and broadcast is not set.");
            int axis = OnnxNode.Axis(node.Attributes.Int("axis", a.Rank - b.Rank), a.Rank);
            int after = a.Rank - axis - b.Rank;
            if (after < 0)
                throw new OnnxException($"its operand {b} does not fit {a} from axis {axis} on.");
            second = node.Reshaped(node.Number(1), [.. b, .. Enumerable.Repeat(1, after)]);
        }
        return (new Operand(node, 0, null), new Operand(node, 1, null, second));
    }

    /// <summary>Floats, or integers of 32 and 64 bits held in float32; narrower ones would have to wrap.</summary>
    private static void RequireNumbers(OnnxNode node)
    {
        var type = node.TypeOf(0);
        for (int i = 1; i < node.InputCount; i++)
        {
            if (node.TypeOf(i) != type)
                throw new OnnxException($"its operands are {type.Text()} and {node.TypeOf(i).Text()}: one type is needed.");
        }
        if (type.IsFloat())
            return;
        if (type is not (DataType.Int32 or DataType.Int64) && node.OperatorType is not ("Max" or "Min"))
            throw new OnnxException($"arithmetic on {type.Text()} at run time is not supported: it wraps around. Cast to int32 or float first.");
        node.Note(Quantized.HeldNote);
    }

    private readonly struct Operand(OnnxNode node, int input, double? scalar, string? value = null)
    {
        public double? Scalar => scalar;

        public string Value => value ?? node.Number(input);
    }
}
