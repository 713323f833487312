using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>
/// y = gamma · (x − mean) ÷ √(variance + epsilon) + beta for each channel, with moving statistics
/// (Ioffe and Szegedy, "Batch Normalization", ICML 2015). Float only: quantization folds it away first.
/// </summary>
public sealed record BatchNormalization(double Epsilon = 1e-5, ClampKind Clamp = ClampKind.None) : Operator, IClamped
{
    public override bool IsInteger => false;

    public override ImmutableArray<string> ConstantRoles => ["gamma", "beta", "mean", "variance"];

    public override int RequiredConstants => 4;

    public override ImmutableArray<Shape> ConstantShapes(IReadOnlyList<TensorType> inputs, int outputs)
    {
        if (inputs[0].Shape.Rank < 2)
            throw new GraphException($"The input must have a channel dimension, but has shape {inputs[0].Shape}.");
        return [.. ConstantRoles.Select(_ => Shape.Of(inputs[0].Channels))];
    }

    /// <summary>Gamma and beta.</summary>
    public override int LearnedConstants => 2;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var input = inputs[0];
        RequireActivation(input);
        if (input.Shape.Rank < 2)
            throw new GraphException($"The input must have a channel dimension, but has shape {input.Shape}.");
        if (!(Epsilon > 0))
            throw new GraphException($"Epsilon must be positive, but is {Epsilon:g6}.");
        for (int i = 0; i < constants.Count; i++)
            RequireShape(constants[i], Shape.Of(input.Channels), ElementType.Float32, $"The {ConstantRoles[i]}");
        return input;
    }

    /// <summary>Gamma and beta; the moving statistics are not learned.</summary>
    public override long Parameters(IReadOnlyList<TensorType> constants) => constants[0].Shape.Elements + constants[1].Shape.Elements;

    public Operator WithClamp(ClampKind clamp) => this with { Clamp = clamp };

    public override string Describe() => Clamp.Suffix().TrimStart();
}
