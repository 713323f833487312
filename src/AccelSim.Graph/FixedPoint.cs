using System.Diagnostics.CodeAnalysis;

namespace AccelSim.Graph;

/// <summary>
/// The integer primitives that every backend shares (numerics.md): round half toward +∞, then saturate.
/// Static and free of branches that a GPU or an RTL generator could not repeat, so that kernels may call them.
/// </summary>
[ExcludeFromCodeCoverage(Justification = "instrumented code does not compile to kernels")]
public static class FixedPoint
{
    /// <summary>(v + 2^(S−1)) >> S with an arithmetic shift, S in 1…62.</summary>
    public static long RoundShift(long value, int shift) => (value + (1L << (shift - 1))) >> shift;

    /// <summary>clamp(zeroPoint + RoundShift(accumulator · multiplier, shift), low, high).</summary>
    public static sbyte Requantize(int accumulator, int multiplier, int shift, int zeroPoint, int low, int high) =>
        Saturate(RoundShift((long)accumulator * multiplier, shift), zeroPoint, low, high);

    /// <summary>clamp(zeroPoint + value, low, high).</summary>
    public static sbyte Saturate(long value, int zeroPoint, int low, int high)
    {
        long shifted = value + zeroPoint;
        long clipped = shifted < low ? low : shifted > high ? high : shifted;
        return (sbyte)clipped;
    }
}
