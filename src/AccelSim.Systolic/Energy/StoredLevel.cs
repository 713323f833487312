using System.Collections.Immutable;

namespace AccelSim.Systolic.Energy;

/// <summary>An on-chip memory as energy sees it.</summary>
/// <param name="Name">As <see cref="Graph.Traffic.Level"/> names it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Banks">Macros that it is built of at least; an access opens one.</param>
/// <param name="AlsoCalled">Other names under which traffic may come: <c>activations</c>, <c>weights</c>, <c>partial sums</c>.</param>
public sealed record StoredLevel(string Name, double Bytes, int Banks, ImmutableArray<string> AlsoCalled)
{
    /// <summary>Energy of reading a bit where the platform says it, else null for the technology's.</summary>
    public double? ReadJoulesPerBit { get; init; }

    /// <summary>Energy of writing a bit where the platform says it, else null for the technology's.</summary>
    public double? WriteJoulesPerBit { get; init; }

    /// <summary>Whether traffic of this name crosses this memory.</summary>
    public bool IsCalled(string level) => Name.Equals(level, StringComparison.OrdinalIgnoreCase) || AlsoCalled.Contains(level, StringComparer.OrdinalIgnoreCase);
}
