namespace AccelSim.Graph;

/// <summary>
/// exp(x − max) ÷ Σ exp(x − max) along an axis, counted from the end when negative. Float only: where its input or reader is
/// quantized it stands between <see cref="Dequantize"/> and <see cref="Quantize"/> (numerics.md).
/// </summary>
public sealed record Softmax(int Axis = -1) : Operator
{
    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        RequireActivation(inputs[0]);
        RequireAxis(AxisOf(inputs[0].Shape), inputs[0]);
        return inputs[0];
    }

    /// <summary>The axis counted from the front.</summary>
    public int AxisOf(Shape shape) => Axis < 0 ? Axis + shape.Rank : Axis;

    public override string Describe() => $"axis {Axis}";
}
