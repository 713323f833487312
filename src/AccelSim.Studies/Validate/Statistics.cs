namespace AccelSim.Studies.Validate;

/// <summary>The three figures by which a group of predictions is judged.</summary>
public static class Statistics
{
    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static double Median(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
            throw new ArgumentException("There is no median of nothing.", nameof(values));
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>
    /// Spearman's rank correlation: Pearson's of the ranks, where equal values share the mean of their ranks. Null for fewer than three pairs, or where
    /// one side does not vary.
    /// </summary>
    public static double? RankCorrelation(IReadOnlyList<double> left, IReadOnlyList<double> right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Count != right.Count)
            throw new ArgumentException($"There are {left.Count} values on one side and {right.Count} on the other.", nameof(right));
        if (left.Count < 3)
            return null;
        double[] x = Ranks(left), y = Ranks(right);
        double mean = (left.Count + 1) / 2.0;
        double xx = x.Sum(rank => (rank - mean) * (rank - mean)), yy = y.Sum(rank => (rank - mean) * (rank - mean));
        if (xx == 0 || yy == 0)
            return null;
        return x.Zip(y, (a, b) => (a - mean) * (b - mean)).Sum() / Math.Sqrt(xx * yy);
    }

    /// <summary>Ranks from 1; ties share their mean.</summary>
    private static double[] Ranks(IReadOnlyList<double> values)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];
        var ranks = new double[values.Count];
        for (int first = 0, end; first < order.Length; first = end)
        {
            end = first + 1;
            while (end < order.Length && values[order[end]] == values[order[first]])
                end++;
            for (int i = first; i < end; i++)
                ranks[order[i]] = (first + 1 + end) / 2.0;
        }
        return ranks;
    }
}
