namespace AccelSim.Graph;

/// <summary>
/// [..., M, K] times [..., K, N] for two activations, each transposed in its last two dimensions first where asked; leading dimensions follow
/// <see cref="Broadcasting"/>. Float only; a product with weights is <see cref="FullyConnected"/>.
/// </summary>
public sealed record MatrixProduct(bool TransposeA = false, bool TransposeB = false) : Operator
{
    public override int FewestInputs => 2;

    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        foreach (var input in inputs)
        {
            RequireActivation(input, "Each operand");
            if (input.Shape.Rank < 2)
                throw new GraphException($"Each operand must have at least 2 dimensions, but one has shape {input.Shape}.");
        }
        var (a, b) = (inputs[0].Shape, inputs[1].Shape);
        if (Inner(a) != b[TransposeB ? ^1 : ^2])
            throw new GraphException($"The inner extents of {a}{(TransposeA ? " transposed" : "")} and {b}{(TransposeB ? " transposed" : "")} differ.");
        var leading = Broadcasting.Shape(Leading(a), Leading(b));
        return Activations(Shape.Of([.. leading, a[TransposeA ? ^1 : ^2], b[TransposeB ? ^2 : ^1]]), null);
    }

    public override long Macs(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants, TensorType output) =>
        checked(output.Shape.Elements * Inner(inputs[0].Shape));

    /// <summary>K, the extent that is summed over.</summary>
    public int Inner(Shape a) => a[TransposeA ? ^2 : ^1];

    /// <summary>All dimensions but the last two.</summary>
    public static Shape Leading(Shape shape) => Shape.Of([.. shape.Take(shape.Rank - 2)]);

    public override string Describe() => (TransposeA ? "Aᵀ" : "A") + (TransposeB ? " Bᵀ" : " B");
}
