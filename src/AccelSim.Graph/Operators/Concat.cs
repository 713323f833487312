namespace AccelSim.Graph;

/// <summary>
/// Operands one after another along an axis. Float: copied. Integer: operand i becomes clamp(z_y + RoundShift((x − z_i)·M_i, S_i), low, high) with one
/// (M, S) an operand; an operand that has the output's scale and zero point is copied as it is, as is everything when all operands
/// are int8 of one quantization and <paramref name="Integer"/> is null.
/// </summary>
public sealed record Concat(int Axis, Requantization? Integer = null) : Operator
{
    public override int MostInputs => int.MaxValue;

    public override bool IsInteger => Integer is not null;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var first = inputs[0];
        RequireAxis(Axis, first);
        long extent = 0;
        foreach (var input in inputs)
        {
            if (IsInteger)
                RequireActivation(input, "Each operand");
            else
                RequireMovable(input);
            if (input.Element != first.Element || (!IsInteger && input.Quantization != first.Quantization))
                throw new GraphException("The operands must all be Float32, or all Int8 of one scale and zero point unless they are requantized.");
            if (input.Shape.Rank != first.Shape.Rank || input.Shape.With(Axis, 1) != first.Shape.With(Axis, 1))
                throw new GraphException($"The operands {first.Shape} and {input.Shape} differ beside the axis {Axis}.");
            extent += input.Shape[Axis];
        }
        Integer?.Validate(inputs.Count);
        return new TensorType(first.Element, first.Shape.With(Axis, checked((int)extent)), Integer?.Output ?? first.Quantization);
    }

    /// <summary>Whether an operand's codes are copied, since they mean the same in the output.</summary>
    public bool Copies(TensorType operand) => Integer is null || operand.Quantization == Integer.Output;

    public override string Describe() => $"axis {Axis}";
}
