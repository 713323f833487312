namespace AccelSim.Graph;

/// <summary>A function of two elements. <see cref="ArithmeticKinds.Evaluate"/> defines each.</summary>
public enum ArithmeticKind
{
    Subtract,
    Divide,
    Power,
    Maximum,
    Minimum,
    LeakySlope,
}

public static class ArithmeticKinds
{
    /// <summary>The function in float64. LeakySlope is PReLU (He et al., ICCV 2015) with the slope as second operand.</summary>
    public static double Evaluate(this ArithmeticKind kind, double a, double b) => kind switch
    {
        ArithmeticKind.Subtract => a - b,
        ArithmeticKind.Divide => a / b,
        ArithmeticKind.Power => Math.Pow(a, b),
        ArithmeticKind.Maximum => Math.Max(a, b),
        ArithmeticKind.Minimum => Math.Min(a, b),
        ArithmeticKind.LeakySlope => a < 0 ? a * b : a,
        _ => throw new GraphException($"Unknown arithmetic {kind}."),
    };
}

/// <summary>Elementwise function of two operands (<see cref="Broadcasting"/>) that has no integer form. Sum and product are <see cref="Add"/> and <see cref="Multiply"/>.</summary>
public sealed record Arithmetic(ArithmeticKind Kind) : Operator
{
    public override int FewestInputs => 2;

    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        RequireActivation(inputs[0], "The first operand");
        RequireActivation(inputs[1], "The second operand");
        if (!Enum.IsDefined(Kind))
            throw new GraphException($"Unknown arithmetic {Kind}.");
        return Activations(Broadcasting.Shape(inputs[0].Shape, inputs[1].Shape), null);
    }

    public override string Describe() => Kind.ToString().ToLowerInvariant();
}
