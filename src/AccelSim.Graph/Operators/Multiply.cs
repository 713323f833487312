namespace AccelSim.Graph;

/// <summary>
/// Elementwise product (<see cref="Broadcasting"/>): of [N, C, H, W] and [N, C, 1, 1] it is squeeze-and-excite's scale.
/// Integer: y = clamp(z_y + RoundShift((a − z_a)·(b − z_b)·M, S), low, high), one (M, S).
/// </summary>
public sealed record Multiply(Requantization? Integer = null) : Operator
{
    public override int FewestInputs => 2;

    public override bool IsInteger => Integer is not null;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var (a, b) = (inputs[0], inputs[1]);
        RequireActivation(a, "The first operand");
        RequireActivation(b, "The second operand");
        Integer?.Validate(1);
        return Activations(Broadcasting.Shape(a.Shape, b.Shape), Integer?.Output);
    }
}
