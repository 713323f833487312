using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>
/// From accumulators to int8 codes: y = clamp(z + RoundShift(acc · M, S), Low, High), with one (M, S) a channel
/// (a single pair where the operator has but one). z and the output's scale are in <see cref="Output"/>.
/// </summary>
/// <param name="Multiplier">M, unsigned: 2^(m−1) ≤ M &lt; 2^m, or 0.</param>
/// <param name="Shift">S, 1 to 62.</param>
/// <param name="MultiplierBits">m, 8 to 31; 16 fits one FPGA DSP slice.</param>
/// <param name="Output">Scale and zero point of the codes produced.</param>
/// <param name="Low">Lower clamp on the code: −128, or z for ReLU.</param>
/// <param name="High">Upper clamp on the code: 127, or q(6) for ReLU6.</param>
public sealed record Requantization(
    ImmutableArray<int> Multiplier,
    ImmutableArray<int> Shift,
    int MultiplierBits,
    Quantization Output,
    int Low,
    int High)
{
    public const int DefaultMultiplierBits = 16;

    /// <summary>Checks every constant against numerics.md; <paramref name="channels"/> is the number of pairs that the operator needs.</summary>
    /// <exception cref="GraphException">A constant is out of range or the count is wrong.</exception>
    public void Validate(int channels)
    {
        if (Multiplier.Length != channels || Shift.Length != channels)
            throw new GraphException($"Requantization needs {channels} multiplier and shift pairs, but has {Multiplier.Length} multipliers and {Shift.Length} shifts.");
        FixedPointRanges.CheckMultiplierBits(MultiplierBits);
        for (int c = 0; c < channels; c++)
        {
            FixedPointRanges.CheckMultiplier(Multiplier[c], MultiplierBits);
            FixedPointRanges.CheckShift(Shift[c]);
        }
        FixedPointRanges.CheckCodes(Output, Low, High);
    }

    /// <summary>The pair (M, S) with M · 2^−S nearest to <paramref name="ratio"/>, M of <paramref name="bits"/> bits.</summary>
    /// <exception cref="GraphException">The ratio is negative, not finite, or too large for S ≥ 1.</exception>
    public static (int Multiplier, int Shift) Encode(double ratio, int bits)
    {
        if (!double.IsFinite(ratio) || ratio < 0)
            throw new GraphException($"A requantization ratio must be finite and not negative, but is {ratio:g6}.");
        if (ratio == 0)
            return (0, 1);
        int exponent = (int)Math.Floor(Math.Log2(ratio)) + 1;
        int shift = bits - exponent;
        double scaled = Math.Floor(Math.ScaleB(ratio, shift) + 0.5);
        if (scaled >= Math.ScaleB(1, bits))
        {
            shift--;
            scaled = Math.Floor(Math.ScaleB(ratio, shift) + 0.5);
        }
        else if (scaled < Math.ScaleB(1, bits - 1))
        {
            shift++;
            scaled = Math.Floor(Math.ScaleB(ratio, shift) + 0.5);
        }
        if (shift > 62)
            return (0, 1);
        if (shift < 1)
            throw new GraphException($"The requantization ratio {ratio:g6} is too large for a {bits}-bit multiplier: the output scale is too fine.");
        return ((int)scaled, shift);
    }
}

/// <summary>The ranges that numerics.md sets for integer constants.</summary>
internal static class FixedPointRanges
{
    public static void CheckMultiplierBits(int bits)
    {
        if (bits is < 8 or > 31)
            throw new GraphException($"Multipliers must have 8 to 31 bits, but {bits} were asked for.");
    }

    public static void CheckMultiplier(int multiplier, int bits)
    {
        if (multiplier != 0 && (multiplier < 1L << (bits - 1) || multiplier >= 1L << bits))
            throw new GraphException($"The multiplier {multiplier} does not have {bits} bits (allowed: {1L << (bits - 1)} to {(1L << bits) - 1}, or 0).");
    }

    public static void CheckShift(int shift)
    {
        if (shift is < 1 or > 62)
            throw new GraphException($"The shift {shift} is out of range (allowed: 1 to 62).");
    }

    public static void CheckCodes(Quantization output, int low, int high)
    {
        if (!(output.Scale > 0) || !double.IsFinite(output.Scale))
            throw new GraphException($"A scale must be positive and finite, but is {output.Scale:g6}.");
        if (output.ZeroPoint is < sbyte.MinValue or > sbyte.MaxValue)
            throw new GraphException($"The zero point {output.ZeroPoint} is not an int8 code.");
        if (low < sbyte.MinValue || high > sbyte.MaxValue || low > high)
            throw new GraphException($"The clamp [{low}, {high}] must be a range within [-128, 127].");
    }
}
