namespace AccelSim.Graph;

/// <summary>
/// dx = dy · f'(x) of an <see cref="Activation"/>, from its input and its output's gradient, of one shape. Where f has no derivative, the value of libtorch: 0
/// for ReLU at 0 and at the ends of hard functions, and of Clip 1 at its ends. Float only.
/// </summary>
public sealed record ActivationGradient(ActivationKind Kind, double Alpha = 0, double Beta = 0) : Operator
{
    public override int FewestInputs => 2;

    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        RequireActivation(inputs[0]);
        RequireShape(inputs[1], inputs[0].Shape, ElementType.Float32, "The output's gradient");
        return inputs[0];
    }

    /// <summary>f'(x) in float64.</summary>
    /// <exception cref="GraphException">The function has no derivative that could be used.</exception>
    public static double Derivative(ActivationKind kind, double x, double alpha, double beta) => kind switch
    {
        ActivationKind.Relu => x > 0 ? 1 : 0,
        ActivationKind.Relu6 => x is > 0 and < 6 ? 1 : 0,
        ActivationKind.HardSigmoid => x is > -3 and < 3 ? 1.0 / 6 : 0,
        ActivationKind.HardSwish => x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5,
        ActivationKind.Sigmoid => Sigmoid(x) * (1 - Sigmoid(x)),
        ActivationKind.Tanh => 1 - Math.Tanh(x) * Math.Tanh(x),
        ActivationKind.LeakyRelu => x > 0 ? 1 : alpha,
        ActivationKind.Elu => x > 0 ? 1 : alpha * Math.Exp(x),
        ActivationKind.Swish => Sigmoid(x) * (1 + x * (1 - Sigmoid(x))),
        ActivationKind.Softplus => Sigmoid(x),
        ActivationKind.Exp => Math.Exp(x),
        ActivationKind.Log => 1 / x,
        ActivationKind.Sqrt => 0.5 / Math.Sqrt(x),
        ActivationKind.Reciprocal => -1 / (x * x),
        ActivationKind.Absolute => Math.Sign(x),
        ActivationKind.Negate => -1,
        ActivationKind.Power => alpha * Math.Pow(x, alpha - 1),
        ActivationKind.Clip => x >= alpha && x <= beta ? 1 : 0,
        ActivationKind.Affine => alpha,
        _ => throw new GraphException($"{kind} has no useful derivative."),
    };

    public override string Describe() => Kind.ToString().ToLowerInvariant();

    private static double Sigmoid(double x) => ActivationKind.Sigmoid.Evaluate(x);
}
