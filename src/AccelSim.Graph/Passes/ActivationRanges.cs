namespace AccelSim.Graph.Passes;

/// <summary>How a range is chosen from the values seen in calibration.</summary>
public enum RangeChoice
{
    /// <summary>The smallest and largest value seen.</summary>
    MinMax,

    /// <summary>The range that leaves out 0.01 % of the values at each end.</summary>
    Percentile,

    /// <summary>The clipped range with the least mean squared quantization error.</summary>
    MeanSquaredError,
}

/// <summary>The real range of each value of a float graph, and where it came from.</summary>
/// <param name="Ranges">Least and greatest real by value name.</param>
/// <param name="Choice">How they were chosen.</param>
/// <param name="Source">The data that calibrated, for reports: a data set's name, or random data named as such.</param>
public sealed record ActivationRanges(IReadOnlyDictionary<string, (double Min, double Max)> Ranges, RangeChoice Choice, string Source)
{
    /// <summary>int8 scale and zero point that cover a value's range and 0 exactly (Jacob et al., CVPR 2018, section 3.1).</summary>
    /// <exception cref="GraphException">The value was not calibrated, or its range is not finite.</exception>
    public Quantization QuantizationOf(string value)
    {
        if (!Ranges.TryGetValue(value, out var range))
            throw new GraphException($"The value '{value}' has no calibrated range: calibrate on the graph that is quantized.");
        return Covering(value, range.Min, range.Max);
    }

    internal static Quantization Covering(string value, double least, double greatest)
    {
        if (!double.IsFinite(least) || !double.IsFinite(greatest))
            throw new GraphException($"The range [{least}, {greatest}] of '{value}' is not finite: the float graph overflows on the calibration data.");
        double min = Math.Min(0, least), max = Math.Max(0, greatest);
        double scale = max > min ? (max - min) / 255 : 1.0 / 255;
        int zero = (int)Math.Clamp(Math.Floor(-128 - min / scale + 0.5), -128, 127);
        return new Quantization(scale, zero);
    }
}
