using AccelSim.Graph;

namespace AccelSim.Systolic.VectorUnit;

/// <summary>
/// What a function of float32 elements costs on the vector unit: lane operations, each one addition, multiplication, comparison, conversion or table
/// look-up. A lane does one a cycle, as it does with codes. The functions are estimates from the usual algorithms
/// (Muller, "Elementary Functions", 3rd ed., chapters 5 and 11), not figures of one product.
/// </summary>
internal static class LaneOperations
{
    /// <summary>Range reduction to a power of two (2), a polynomial of degree 5 (5), the exponent put back (1).</summary>
    public const int Exponential = 8;

    /// <summary>The exponent taken out (2), a polynomial of degree 5 (5), the two added (1).</summary>
    public const int Logarithm = 8;

    /// <summary>A seed from a table (1) and one Newton step of three operations.</summary>
    public const int Reciprocal = 4;

    /// <summary>A seed of 1 ÷ √x from a table (1), one Newton step of four operations, times x.</summary>
    public const int SquareRoot = 6;

    public const int Divide = Reciprocal + 1;

    /// <summary>exp(α · log x).</summary>
    public const int Power = Logarithm + 1 + Exponential;

    /// <summary>1 ÷ (1 + exp(−x)).</summary>
    public const int Sigmoid = Exponential + 1 + Reciprocal;

    /// <summary>2·σ(2x) − 1.</summary>
    public const int HyperbolicTangent = Sigmoid + 3;

    public static int Of(ActivationKind kind) => kind switch
    {
        ActivationKind.Relu or ActivationKind.Absolute or ActivationKind.Negate or ActivationKind.Round or ActivationKind.Floor or ActivationKind.Step => 1,
        ActivationKind.Relu6 or ActivationKind.Clip or ActivationKind.LeakyRelu or ActivationKind.Affine or ActivationKind.Sign => 2,
        ActivationKind.HardSigmoid => 4,
        ActivationKind.HardSwish => 5,
        ActivationKind.Sigmoid => Sigmoid,
        ActivationKind.Tanh => HyperbolicTangent,
        ActivationKind.Swish => Sigmoid + 1,
        ActivationKind.Elu => Exponential + 3,
        ActivationKind.Softplus => Exponential + Logarithm + 4,
        ActivationKind.Exp => Exponential,
        ActivationKind.Log => Logarithm,
        ActivationKind.Sqrt => SquareRoot,
        ActivationKind.Reciprocal => Reciprocal,
        ActivationKind.Power => Power,
        _ => throw new GraphException($"Unknown activation {kind}."),
    };

    /// <summary>The derivative and its product with the gradient.</summary>
    public static int OfGradient(ActivationKind kind) => 1 + kind switch
    {
        ActivationKind.Negate or ActivationKind.Affine => 0,
        ActivationKind.Relu or ActivationKind.LeakyRelu => 1,
        ActivationKind.Relu6 or ActivationKind.Clip or ActivationKind.HardSigmoid or ActivationKind.Absolute => 2,
        ActivationKind.HardSwish => 4,
        ActivationKind.Sigmoid => Sigmoid + 2,
        ActivationKind.Tanh => HyperbolicTangent + 2,
        ActivationKind.Swish => Sigmoid + 4,
        ActivationKind.Elu => Exponential + 2,
        ActivationKind.Softplus => Sigmoid,
        ActivationKind.Exp => Exponential,
        ActivationKind.Log => Reciprocal,
        ActivationKind.Sqrt => SquareRoot + Reciprocal + 1,
        ActivationKind.Reciprocal => Reciprocal + 2,
        ActivationKind.Power => Power + 1,
        _ => throw new GraphException($"{kind} has no useful derivative."),
    };

    public static int Of(ArithmeticKind kind) => kind switch
    {
        ArithmeticKind.Subtract or ArithmeticKind.Maximum or ArithmeticKind.Minimum => 1,
        ArithmeticKind.LeakySlope => 2,
        ArithmeticKind.Divide => Divide,
        ArithmeticKind.Power => Power,
        _ => throw new GraphException($"Unknown arithmetic {kind}."),
    };
}
