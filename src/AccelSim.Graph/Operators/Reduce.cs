using System.Collections.Immutable;

namespace AccelSim.Graph;

public enum ReduceKind
{
    Sum,
    Mean,
    Maximum,
    Minimum,
}

/// <summary>
/// Sum, mean or extreme over some axes, which remain with extent 1 or go. Float only; the mean over an image is
/// <see cref="GlobalAveragePool"/>, which has an integer form.
/// </summary>
public sealed record Reduce(ReduceKind Kind, ImmutableArray<int> Axes, bool KeepDimensions = true) : Operator
{
    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var input = inputs[0];
        RequireActivation(input);
        if (Axes.Distinct().Count() != Axes.Length)
            throw new GraphException($"The axes ({string.Join(", ", Axes)}) repeat.");
        foreach (int axis in Axes)
            RequireAxis(axis, input);
        var extents = Enumerable.Range(0, input.Shape.Rank)
            .Where(dimension => KeepDimensions || !Axes.Contains(dimension))
            .Select(dimension => Axes.Contains(dimension) ? 1 : input.Shape[dimension]);
        return input with { Shape = Shape.Of([.. extents]) };
    }

    public override string Describe() => $"{Kind.ToString().ToLowerInvariant()} over {string.Join(' ', Axes)}";
}
