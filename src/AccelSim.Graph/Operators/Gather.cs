using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>Element i along an axis is the input's element <paramref name="Indices"/>[i], such as nearest-neighbour resizing. Moves bytes: float or int8.</summary>
public sealed record Gather(int Axis, ImmutableArray<int> Indices) : Operator
{
    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var input = inputs[0];
        RequireMovable(input);
        int extent = input.Shape[RequireAxis(Axis, input)];
        foreach (int index in Indices)
        {
            if (index < 0 || index >= extent)
                throw new GraphException($"The index {index} does not lie in the axis {Axis} of {input.Shape}.");
        }
        return input with { Shape = input.Shape.With(Axis, Indices.Length) };
    }

    public override string Describe() => $"axis {Axis}, {Indices.Length}";
}
