using System.Collections.Immutable;
using System.Globalization;

namespace AccelSim.Graph;

/// <summary>What stands beyond the edge of a tensor.</summary>
public enum PadMode
{
    /// <summary>One value.</summary>
    Constant,

    /// <summary>The nearest element.</summary>
    Edge,

    /// <summary>The mirror image that does not repeat the edge: … 2 1 | 0 1 2 …</summary>
    Reflect,
}

/// <summary>
/// Elements before and after each dimension. Float or int8, whose scale passes through; <paramref name="Value"/> is a real and
/// becomes its int8 code.
/// </summary>
public sealed record Pad(ImmutableArray<int> Before, ImmutableArray<int> After, PadMode Mode = PadMode.Constant, double Value = 0) : Operator
{
    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var input = inputs[0];
        RequireMovable(input);
        int rank = input.Shape.Rank;
        if (Before.Length != rank || After.Length != rank)
            throw new GraphException($"Padding needs one count before and after each of {rank} dimensions, but has {Before.Length} and {After.Length}.");
        var extents = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            if (Before[i] < 0 || After[i] < 0)
                throw new GraphException($"Padding must not be negative, but dimension {i} has {Before[i]} and {After[i]}.");
            if (Mode == PadMode.Reflect && Math.Max(Before[i], After[i]) >= input.Shape[i])
                throw new GraphException($"A mirror image of dimension {i} of {input.Shape} has {input.Shape[i] - 1} elements, but {Math.Max(Before[i], After[i])} were asked for.");
            extents[i] = checked(Before[i] + input.Shape[i] + After[i]);
        }
        return input with { Shape = Shape.Of(extents) };
    }

    /// <summary>The element of a dimension of <paramref name="extent"/> that stands at <paramref name="position"/> of the result, or −1 for the value.</summary>
    public int Source(int dimension, int extent, int position)
    {
        int at = position - Before[dimension];
        return Mode switch
        {
            _ when at >= 0 && at < extent => at,
            PadMode.Edge => Math.Clamp(at, 0, extent - 1),
            PadMode.Reflect => at < 0 ? -at : 2 * (extent - 1) - at,
            _ => -1,
        };
    }

    public override string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Join(' ', Before)} | {string.Join(' ', After)}{(Mode == PadMode.Constant ? Value == 0 ? "" : $" {Value:g6}" : $" {Mode.ToString().ToLowerInvariant()}")}");
}
