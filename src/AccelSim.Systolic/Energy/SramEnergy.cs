using System.Collections.Immutable;

namespace AccelSim.Systolic.Energy;

/// <summary>Energy of one bit read from a macro of a size.</summary>
/// <param name="Bytes">Size of the macro.</param>
/// <param name="JoulesPerBit">Energy of an access ÷ its width.</param>
public readonly record struct SramPoint(double Bytes, double JoulesPerBit);

/// <summary>
/// Energy of memory accesses as a function of size and width. An access costs in proportion to its width. Over size it is a power law between
/// the published points (linear in the logarithms), and outside of them grows with the square root of the size, as the length of bit and word lines does.
/// </summary>
/// <remarks>A memory larger than the largest published point is built of macros of that size, each access paying the wire to half the memory's side as well.</remarks>
public sealed class SramEnergy
{
    private readonly ImmutableArray<SramPoint> _points;
    private readonly double _writeFactor;

    /// <param name="points">At least one, sizes rising.</param>
    /// <param name="writeFactor">Energy of a write ÷ that of a read.</param>
    public SramEnergy(ImmutableArray<SramPoint> points, double writeFactor)
    {
        ArgumentOutOfRangeException.ThrowIfZero(points.Length);
        for (int i = 1; i < points.Length; i++)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(points[i].Bytes, points[i - 1].Bytes);
        _points = points;
        _writeFactor = writeFactor;
    }

    /// <summary>The largest macro; larger memories are made of several.</summary>
    public double LargestMacroBytes => _points[^1].Bytes;

    /// <summary>Joules to read one bit of a macro.</summary>
    public double ReadBit(double macroBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(macroBytes);
        SramPoint first = _points[0], last = _points[^1];
        if (macroBytes <= first.Bytes)
            return first.JoulesPerBit * Math.Sqrt(macroBytes / first.Bytes);
        if (macroBytes >= last.Bytes)
            return last.JoulesPerBit * Math.Sqrt(macroBytes / last.Bytes);
        int above = 1;
        while (_points[above].Bytes < macroBytes)
            above++;
        (SramPoint low, SramPoint high) = (_points[above - 1], _points[above]);
        double share = Math.Log(macroBytes / low.Bytes) / Math.Log(high.Bytes / low.Bytes);
        return low.JoulesPerBit * Math.Pow(high.JoulesPerBit / low.JoulesPerBit, share);
    }

    /// <summary>Joules to write one bit of a macro.</summary>
    public double WriteBit(double macroBytes) => _writeFactor * ReadBit(macroBytes);
}
