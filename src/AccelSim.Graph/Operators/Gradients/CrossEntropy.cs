namespace AccelSim.Graph;

/// <summary>
/// The mean over N of −Σ_c t[c]·log softmax(x)[c], from logits [N, C] and target probabilities of that shape to [1]. Its gradient with respect to the logits is
/// (softmax(x)·Σ_c t[c] − t) ÷ N. Float only.
/// </summary>
public sealed record CrossEntropy : Operator
{
    public override int FewestInputs => 2;

    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        RequireActivation(inputs[0], "The logits");
        RequireRank(inputs[0], 2, "The logits");
        RequireShape(inputs[1], inputs[0].Shape, ElementType.Float32, "The target");
        return Activations(Shape.Of(1), null);
    }
}
