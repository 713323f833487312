using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>
/// The same elements in the same order under another shape: 0 copies the input's extent at that place, −1 (at most one) is what remains. Moves no
/// byte: float or int8.
/// </summary>
public sealed record Reshape(ImmutableArray<int> Extents) : Operator
{
    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var input = inputs[0];
        RequireMovable(input);
        var extents = Extents.ToArray();
        int open = -1;
        long known = 1;
        for (int i = 0; i < extents.Length; i++)
        {
            if (extents[i] == 0 && i < input.Shape.Rank)
                extents[i] = input.Shape[i];
            if (extents[i] == -1 && open < 0)
                open = i;
            else if (extents[i] < 1)
                throw Mismatch(input.Shape);
            else
                known = checked(known * extents[i]);
        }
        if (open >= 0)
        {
            if (input.Shape.Elements % known != 0)
                throw Mismatch(input.Shape);
            extents[open] = checked((int)(input.Shape.Elements / known));
            known = input.Shape.Elements;
        }
        return known == input.Shape.Elements ? input with { Shape = Shape.Of(extents) } : throw Mismatch(input.Shape);
    }

    public override string Describe() => string.Join('×', Extents);

    private GraphException Mismatch(Shape input) => new($"The shape ({string.Join(", ", Extents)}) does not hold the {input.Elements} elements of {input}.");
}
