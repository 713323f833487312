namespace AccelSim.Systolic.Engines;

/// <summary>
/// Activations as runs of zeros, each with the value behind it (Chen, Krishna, Emer, Sze, "Eyeriss", JSSC 2017, section V-C: three runs of 5 bits with 16-bit values in a 64-bit word).
/// </summary>
/// <remarks>
/// How many activations are zero only data tells, so that a rule stands for it: what rectifiers leave at zero grows through a network from four to nine tenths. It is read off the
/// zeros of the inputs that Tables V and VI of the paper count (AlexNet 39 to 79 %, VGG-16 25 to 89 %, quoted from memory): a straight line over the convolutions passed, within 15
/// points of most layers of both. Maxima of windows, which leave fewer zeros than they find, are not followed.
/// </remarks>
/// <param name="ValueBits">Bits of a value.</param>
/// <param name="BitsAValue">Bits in which a value and the run before it are written.</param>
public sealed record RunLengthCoding(double ValueBits, double BitsAValue)
{
    /// <summary>Zeros behind a network's first convolution, and behind its last.</summary>
    private const double ZerosAtFirst = 0.42, ZerosAtLast = 0.92;

    /// <summary>Share of zeros so far through a network, 0 to 1.</summary>
    public static double ZerosAt(double depth) => ZerosAtFirst + (ZerosAtLast - ZerosAtFirst) * Math.Clamp(depth, 0, 1);

    /// <summary>Coded ÷ plain bits so far through a network; what would grow is left plain.</summary>
    public double ShareAt(double depth) => Math.Min(1, (1 - ZerosAt(depth)) * BitsAValue / ValueBits);
}
