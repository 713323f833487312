using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Import.Operators;

/// <summary>Functions of one element.</summary>
internal static class Functions
{
    [OnnxOperator("Relu")]
    public static void Relu(OnnxNode node) => Apply(node, ActivationKind.Relu);

    [OnnxOperator("Sigmoid")]
    public static void Sigmoid(OnnxNode node) => Apply(node, ActivationKind.Sigmoid);

    [OnnxOperator("Tanh")]
    public static void Tanh(OnnxNode node) => Apply(node, ActivationKind.Tanh);

    [OnnxOperator("Softplus")]
    public static void Softplus(OnnxNode node) => Apply(node, ActivationKind.Softplus);

    [OnnxOperator("HardSwish")]
    public static void HardSwish(OnnxNode node) => Apply(node, ActivationKind.HardSwish);

    [OnnxOperator("Exp")]
    public static void Exp(OnnxNode node) => Apply(node, ActivationKind.Exp);

    [OnnxOperator("Log")]
    public static void Log(OnnxNode node) => Apply(node, ActivationKind.Log);

    [OnnxOperator("Sqrt")]
    public static void Sqrt(OnnxNode node) => Apply(node, ActivationKind.Sqrt);

    [OnnxOperator("Reciprocal")]
    public static void Reciprocal(OnnxNode node) => Apply(node, ActivationKind.Reciprocal);

    [OnnxOperator("Floor")]
    public static void Floor(OnnxNode node) => Apply(node, ActivationKind.Floor);

    [OnnxOperator("Round")]
    public static void Round(OnnxNode node) => Apply(node, ActivationKind.Round);

    [OnnxOperator("Ceil")]
    public static void Ceil(OnnxNode node)
    {
        string negated = node.Layer(new Activation(ActivationKind.Negate), node.Float(0));
        string floor = node.Layer(new Activation(ActivationKind.Floor), negated);
        node.Set(0, node.Layer(new Activation(ActivationKind.Negate), floor));
    }

    [OnnxOperator("Abs")]
    public static void Abs(OnnxNode node) => ApplyToNumbers(node, ActivationKind.Absolute);

    [OnnxOperator("Neg")]
    public static void Neg(OnnxNode node) => ApplyToNumbers(node, ActivationKind.Negate);

    [OnnxOperator("Sign")]
    public static void Sign(OnnxNode node) => ApplyToNumbers(node, ActivationKind.Sign);

    [OnnxOperator("LeakyRelu")]
    public static void LeakyRelu(OnnxNode node) => Apply(node, ActivationKind.LeakyRelu, node.Attributes.Float("alpha", 0.01));

    [OnnxOperator("Elu")]
    public static void Elu(OnnxNode node) => Apply(node, ActivationKind.Elu, node.Attributes.Float("alpha", 1));

    [OnnxOperator("HardSigmoid")]
    public static void HardSigmoid(OnnxNode node)
    {
        string line = node.Affine(node.Float(0), node.Attributes.Float("alpha", 0.2), node.Attributes.Float("beta", 0.5));
        node.Set(0, node.Layer(new Activation(ActivationKind.Clip, Alpha: 0, Beta: 1), line));
    }

    /// <summary>γ·elu(x, α) with Klambauer et al.'s constants (NIPS 2017).</summary>
    [OnnxOperator("Selu")]
    public static void Selu(OnnxNode node)
    {
        string elu = node.Layer(new Activation(ActivationKind.Elu, Alpha: node.Attributes.Float("alpha", 1.67326319217681884765625)), node.Float(0));
        node.Set(0, node.Affine(elu, node.Attributes.Float("gamma", 1.05070102214813232421875), 0));
    }

    /// <summary>α·elu(x ÷ α, 1).</summary>
    [OnnxOperator("Celu")]
    public static void Celu(OnnxNode node)
    {
        double alpha = node.Attributes.Float("alpha", 1);
        string elu = node.Layer(new Activation(ActivationKind.Elu, Alpha: 1), node.Affine(node.Float(0), 1 / alpha, 0));
        node.Set(0, alpha == 1 ? elu : node.Affine(elu, alpha, 0));
    }

    /// <summary>x·sigmoid(α·x).</summary>
    [OnnxOperator("Swish")]
    public static void Swish(OnnxNode node)
    {
        double alpha = node.Attributes.Float("alpha", 1);
        string x = node.Float(0);
        if (alpha == 1)
            node.Set(0, node.Layer(new Activation(ActivationKind.Swish), x));
        else
            node.Set(0, node.Layer(new Multiply(), [x, node.Layer(new Activation(ActivationKind.Sigmoid), node.Affine(x, alpha, 0))]));
    }

    /// <summary>x·tanh(softplus(x)), Misra, arXiv:1908.08681.</summary>
    [OnnxOperator("Mish")]
    public static void Mish(OnnxNode node)
    {
        string x = node.Float(0);
        string softplus = node.Layer(new Activation(ActivationKind.Softplus), x);
        node.Set(0, node.Layer(new Multiply(), [x, node.Layer(new Activation(ActivationKind.Tanh), softplus)]));
    }

    /// <summary>x ÷ (1 + |x|).</summary>
    [OnnxOperator("Softsign")]
    public static void Softsign(OnnxNode node)
    {
        string x = node.Float(0);
        string divisor = node.Affine(node.Layer(new Activation(ActivationKind.Absolute), x), 1, 1);
        node.Set(0, node.Layer(new Arithmetic(ArithmeticKind.Divide), [x, divisor]));
    }

    /// <summary>Limits are attributes before operator set 11, inputs since.</summary>
    [OnnxOperator("Clip")]
    public static void Clip(OnnxNode node)
    {
        double low = Limit(node, 1, "min", float.MinValue), high = Limit(node, 2, "max", float.MaxValue);
        string x = node.Number(0);
        if (double.IsNaN(low) || double.IsNaN(high))
            throw new OnnxException("its limits are not numbers.");
        // Where the limits cross, the upper one wins.
        low = Math.Min(low, high);
        var activation = (low, high) switch
        {
            (0, 6) => new Activation(ActivationKind.Relu6),
            (0, >= float.MaxValue) => new Activation(ActivationKind.Relu),
            _ => new Activation(ActivationKind.Clip, Alpha: low, Beta: high),
        };
        node.Set(0, node.Layer(activation, x));
    }

    /// <summary>A slope an element, broadcast; before operator set 7 one a channel.</summary>
    [OnnxOperator("PRelu")]
    public static void PRelu(OnnxNode node)
    {
        string x = node.Float(0), slope = node.Float(1);
        var (input, shape) = (node.ShapeOf(x), node.ShapeOf(slope));
        if (node.Opset < 7 && shape is { Rank: 1 } && shape[0] > 1 && input.Rank > 2)
            slope = node.Reshaped(slope, [shape[0], .. Enumerable.Repeat(1, input.Rank - 2)]);
        string result = node.Layer(new Arithmetic(ArithmeticKind.LeakySlope), [x, slope]);
        if (node.ShapeOf(result) != input)
            throw new OnnxException($"its slope {shape} does not broadcast to its input {input}.");
        node.Set(0, result);
    }

    [OnnxOperator("QLinearSigmoid", Domain = "com.microsoft")]
    public static void QLinearSigmoid(OnnxNode node) =>
        Quantized.SetQuantized(node, 0, node.Layer(new Activation(ActivationKind.Sigmoid), Quantized.Real(node, 0, 1, 2)), 3, 4);

    [OnnxOperator("QLinearLeakyRelu", Domain = "com.microsoft")]
    public static void QLinearLeakyRelu(OnnxNode node) =>
        Quantized.SetQuantized(node, 0, node.Layer(new Activation(ActivationKind.LeakyRelu, Alpha: node.Attributes.Float("alpha", 0.01)), Quantized.Real(node, 0, 1, 2)), 3, 4);

    private static double Limit(OnnxNode node, int input, string attribute, double otherwise)
    {
        if (node.Opset < 11)
            return node.Attributes.Float(attribute, otherwise);
        if (!node.Has(input))
            return otherwise;
        var limit = node.Constant(input, attribute);
        return limit.Elements == 1 ? limit.Real(0) : throw new OnnxException($"its {attribute} must be one number, but has shape {limit}.");
    }

    private static void Apply(OnnxNode node, ActivationKind kind, double alpha = 0) =>
        node.Set(0, node.Layer(new Activation(kind, Alpha: alpha), node.Float(0)));

    private static void ApplyToNumbers(OnnxNode node, ActivationKind kind) => node.Set(0, node.Layer(new Activation(kind), node.Number(0)));
}
