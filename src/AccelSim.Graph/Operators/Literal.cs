using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>A constant as a value that other layers read: float32, or int8 codes with the quantization <paramref name="Integer"/>.</summary>
public sealed record Literal(Quantization? Integer = null) : Operator
{
    public override int FewestInputs => 0;

    public override bool IsInteger => Integer is not null;

    public override ImmutableArray<string> ConstantRoles => ["value"];

    public override int RequiredConstants => 1;

    /// <summary>A fixed value.</summary>
    public override int LearnedConstants => 0;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        RequireElement(constants[0], IsInteger ? ElementType.Int8 : ElementType.Float32, "The value");
        return Activations(constants[0].Shape, Integer);
    }
}
