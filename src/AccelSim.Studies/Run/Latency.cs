namespace AccelSim.Studies.Run;

/// <summary>Times of many runs, in seconds: percentiles by nearest rank.</summary>
public sealed record Latency(double Median, double P10, double P90, double Least)
{
    /// <exception cref="ArgumentException">There is no time.</exception>
    public static Latency Of(IEnumerable<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        if (sorted.Length == 0)
            throw new ArgumentException("there is no time to summarize", nameof(seconds));
        return new Latency(Rank(0.5), Rank(0.1), Rank(0.9), sorted[0]);

        double Rank(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
