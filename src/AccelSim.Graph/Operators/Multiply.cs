namespace AccelSim.Graph;

/// <summary>
/// Elementwise product; the second operand may be [N, C, 1, 1] and is then spread over the image (squeeze-and-excite scale).
/// Integer: y = clamp(z_y + RoundShift((a − z_a)·(b − z_b)·M, S), low, high), one (M, S).
/// </summary>
public sealed record Multiply(Requantization? Integer = null) : Operator
{
    public override int Arity => 2;

    public override bool IsInteger => Integer is not null;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var (a, b) = (inputs[0], inputs[1]);
        RequireActivation(a, "The first operand");
        RequireActivation(b, "The second operand");
        if (a.Shape != b.Shape && !(a.Shape.Rank == 4 && b.Shape == Shape.Of(a.Shape[0], a.Channels, 1, 1)))
            throw new GraphException($"The second operand must have the first one's shape {a.Shape} or one value a channel, but has {b.Shape}.");
        Integer?.Validate(1);
        return Activations(a.Shape, Integer?.Output);
    }
}
