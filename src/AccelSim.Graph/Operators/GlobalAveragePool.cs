namespace AccelSim.Graph;

/// <summary>Mean over the image: [N, C, H, W] to [N, C, 1, 1]. Integer: acc = Σ (x − z_x), one (M, S) that encodes s_x ÷ (s_y·H·W).</summary>
public sealed record GlobalAveragePool(Requantization? Integer = null) : Operator
{
    public override bool IsInteger => Integer is not null;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        RequireActivation(inputs[0]);
        RequireRank(inputs[0], 4, "The input");
        Integer?.Validate(1);
        return Activations(Shape.Of(inputs[0].Shape[0], inputs[0].Channels, 1, 1), Integer?.Output);
    }
}
