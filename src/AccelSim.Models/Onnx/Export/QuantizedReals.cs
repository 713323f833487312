using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Export;

/// <summary>
/// What the integer constants of a layer mean as reals. A layer's (M, S) encode a ratio of scales; where that ratio differs from the operands' own scales by so much that a
/// code could move by more than one step, the arithmetic is what counts, and an operand is read with the scale that it implies.
/// </summary>
internal static class QuantizedReals
{
    /// <summary>Two reals less than one step apart round to codes at most one apart.</summary>
    private const double LargestDeviation = 0.9;

    /// <summary>M · 2^−S.</summary>
    public static double Ratio(int multiplier, int shift) => Math.ScaleB(multiplier, -shift);

    public static double Ratio(this Requantization requantization, int pair) => Ratio(requantization.Multiplier[pair], requantization.Shift[pair]);

    /// <summary>The largest |q − z| of a code.</summary>
    public static double Reach(Quantization codes) => Math.Max(sbyte.MaxValue - codes.ZeroPoint, codes.ZeroPoint - sbyte.MinValue);

    /// <summary>True when a sum of at most <paramref name="largest"/>, times one ratio or the other, is less than a step apart.</summary>
    public static bool Agree(double deviation) => deviation < LargestDeviation;

    /// <summary>The real limits of an integer layer before QuantizeLinear, which saturates by itself.</summary>
    public static OnnxValue Clamped(this LayerNodes nodes, OnnxValue value, Quantization output, int low, int high, ClampKind clamp = ClampKind.None)
    {
        bool fromBelow = low > sbyte.MinValue, fromAbove = high < sbyte.MaxValue;
        if (clamp == ClampKind.Relu6 && low == output.ZeroPoint && new Quantize(output).Code(6) == high)
            return nodes.Clamped(value, clamp);
        if (fromBelow && low == output.ZeroPoint && !fromAbove)
            return nodes.Each("Relu", value);
        return fromBelow || fromAbove
            ? nodes.Clipped(value, fromBelow ? output.Decode(low) : double.NegativeInfinity, fromAbove ? output.Decode(high) : double.PositiveInfinity)
            : value;
    }

    public static OnnxValue Clamped(this LayerNodes nodes, OnnxValue value, Requantization requantization, ClampKind clamp = ClampKind.None) =>
        nodes.Clamped(value, requantization.Output, requantization.Low, requantization.High, clamp);

    /// <summary>
    /// Halves of a step are common where a ratio is a small binary fraction, such as a mean of four codes that keeps its scale: ours go up, QuantizeLinear's to even. A
    /// nudge that is smaller than the distance of any other value makes them go up there, too.
    /// </summary>
    public static OnnxValue HalvesUp(this LayerNodes nodes, OnnxValue value, Requantization requantization)
    {
        const int finest = 8;
        bool hasHalves = requantization.Multiplier.Zip(requantization.Shift, (multiplier, shift) => shift - int.TrailingZeroCount(multiplier)).Any(bits => bits is >= 1 and <= finest);
        return hasHalves ? nodes.Pair("Add", value, nodes.Scalar("halves_up", Math.ScaleB(requantization.Output.Scale, -finest - 1))) : value;
    }
}
