using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>Dimension i of the result is dimension <paramref name="Permutation"/>[i] of the input. Moves bytes: float or int8.</summary>
public sealed record Transpose(ImmutableArray<int> Permutation) : Operator
{
    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var input = inputs[0];
        RequireMovable(input);
        if (!Permutation.Order().SequenceEqual(Enumerable.Range(0, input.Shape.Rank)))
            throw new GraphException($"({string.Join(", ", Permutation)}) does not permute the {input.Shape.Rank} dimensions of {input.Shape}.");
        return input with { Shape = Shape.Of([.. Permutation.Select(dimension => input.Shape[dimension])]) };
    }

    public override string Describe() => string.Join(' ', Permutation);
}
