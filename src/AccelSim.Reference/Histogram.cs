namespace AccelSim.Reference;

/// <summary>Counts of values in equal bins over [min, max], and ranges chosen from them.</summary>
internal sealed class Histogram(double min, double max, int bins)
{
    /// <summary>Levels of int8.</summary>
    private const int Codes = 256;

    /// <summary>How many clipped ranges the error search tries on each side.</summary>
    private const int Candidates = 32;

    private readonly long[] _counts = new long[bins];
    private readonly double _width = max > min ? (max - min) / bins : 1;

    public void Add(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            _counts[(int)Math.Clamp((value - min) / _width, 0, bins - 1)]++;
    }

    /// <summary>The range that leaves at most the share <paramref name="tail"/> of the values out at each end.</summary>
    public (double Min, double Max) WithoutTails(double tail)
    {
        long allowed = (long)(_counts.Sum() * tail);
        int low = 0, high = bins - 1;
        for (long left = 0; low < high && (left += _counts[low]) <= allowed;)
            low++;
        for (long right = 0; high > low && (right += _counts[high]) <= allowed;)
            high--;
        return (min + low * _width, min + (high + 1) * _width);
    }

    /// <summary>The clipped range with the least Σ count·(value − quantized value)², over a grid of clips towards zero at each end.</summary>
    public (double Min, double Max) LeastSquaredError()
    {
        var best = (Min: min, Max: max);
        double least = double.PositiveInfinity;
        for (int low = 0; low < (min < 0 ? Candidates : 1); low++)
        {
            for (int high = 0; high < (max > 0 ? Candidates : 1); high++)
            {
                var range = (Min: min * (1 - low / (double)Candidates), Max: max * (1 - high / (double)Candidates));
                double error = SquaredError(Math.Min(range.Min, 0), Math.Max(range.Max, 0), least);
                if (error < least)
                    (least, best) = (error, range);
            }
        }
        return best;
    }

    private double SquaredError(double low, double high, double giveUp)
    {
        double scale = (high - low) / (Codes - 1), sum = 0;
        if (scale <= 0)
            return double.PositiveInfinity;
        for (int bin = 0; bin < bins && sum < giveUp; bin++)
        {
            if (_counts[bin] == 0)
                continue;
            double value = min + (bin + 0.5) * _width;
            double quantized = low + Math.Clamp(Math.Floor((value - low) / scale + 0.5), 0, Codes - 1) * scale;
            sum += _counts[bin] * (value - quantized) * (value - quantized);
        }
        return sum;
    }
}
