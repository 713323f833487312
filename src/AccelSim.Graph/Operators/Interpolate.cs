using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>
/// Linear interpolation along one axis: y[i] = x[low[i]]·(1 − f[i]) + x[high[i]]·f[i]. Bilinear resizing is one along the rows and one along
/// the columns; where the positions fall is the resizer's matter. Float only.
/// </summary>
public sealed record Interpolate(int Axis, ImmutableArray<int> Low, ImmutableArray<int> High, ImmutableArray<double> Fraction) : Operator
{
    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var input = inputs[0];
        RequireActivation(input);
        int extent = input.Shape[RequireAxis(Axis, input)];
        if (Low.Length != High.Length || Low.Length != Fraction.Length)
            throw new GraphException($"Interpolation needs as many low and high positions as fractions, but has {Low.Length}, {High.Length} and {Fraction.Length}.");
        for (int i = 0; i < Low.Length; i++)
        {
            if (Low[i] < 0 || Low[i] >= extent || High[i] < 0 || High[i] >= extent || !double.IsFinite(Fraction[i]))
                throw new GraphException($"Position {i} ({Low[i]} to {High[i]}) does not lie in the axis {Axis} of {input.Shape}.");
        }
        return input with { Shape = input.Shape.With(Axis, Low.Length) };
    }

    public override string Describe() => $"axis {Axis} to {Low.Length}";
}
