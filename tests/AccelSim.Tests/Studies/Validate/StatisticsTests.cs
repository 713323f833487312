using AccelSim.Studies.Validate;

namespace AccelSim.Tests.Studies.Validate;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3)]
    [InlineData(new[] { 9.0, 1, 5 }, 5)]
    [InlineData(new[] { 4.0, 1, 3, 2 }, 2.5)]
    public void MedianIsTheMiddle(double[] values, double median) => Assert.Equal(median, Statistics.Median(values));

    // Against 1 − 6 Σd² ÷ n(n² − 1), which holds where no two values are equal.
    [Fact]
    public void RankCorrelationOfDistinctValuesIsSpearmansShortForm()
    {
        const int seed = 20261124;
        var random = new Random(seed);
        for (int round = 0; round < 200; round++)
        {
            int n = random.Next(3, 40);
            double[] x = [.. Enumerable.Range(0, n).Select(i => (double)i)], y = [.. x];
            random.Shuffle(x);
            random.Shuffle(y);
            double distance = x.Zip(y, (a, b) => (a - b) * (a - b)).Sum();
            Assert.Equal(1 - 6 * distance / (n * ((double)n * n - 1)), Statistics.RankCorrelation([.. x.Select(v => Math.Exp(v / 10))], y)!.Value, 10);
        }
    }

    // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: Pearson's is 4.5 ÷ √(4.5 × 5).
    [Fact]
    public void EqualValuesShareTheirRank() =>
        Assert.Equal(4.5 / Math.Sqrt(4.5 * 5), Statistics.RankCorrelation([1, 2, 2, 9], [10, 20, 30, 40])!.Value, 12);

    [Fact]
    public void NothingIsSaidOfTwoPairsOrOfValuesThatAreAllEqual()
    {
        Assert.Null(Statistics.RankCorrelation([1, 2], [1, 2]));
        Assert.Null(Statistics.RankCorrelation([1, 1, 1], [1, 2, 3]));
    }

    [Fact]
    public void ErrorsOfSharesAreInPoints()
    {
        ValidationRow Row(string unit, double published, double predicted) => ValidationRow.Of(
            new PublishedRow("t.csv", 2, "p", "n", new PublishedVariant(""), 1, "int8", "m", published, unit, "s", "verified"), new Prediction.Of("g", predicted));
        Assert.Equal(0.5, Row("ms", 2, 3).Error);
        Assert.Equal(-0.02, Row("%", 0, -2).Error);
        Assert.Null(Row("ms", 0, 3).Error);
        var group = ValidationGroup.Of("g", Basis.Measured, [Row("ms", 2, 3), Row("ms", 10, 9), Row("ms", 100, 80), Row("ms", 0, 1)]);
        Assert.Equal(4, group.Rows);
        Assert.Equal((0.5 + 0.1 + 0.2) / 3, group.MeanAbsoluteError!.Value, 12);
        Assert.Equal(0.2, group.MedianAbsoluteError!.Value, 12);
        Assert.Equal(1, group.RankCorrelation!.Value, 12);
        Assert.Null(ValidationGroup.Of("g", Basis.Measured, [Row("ms", 2, 3), Row("%", 10, 9), Row("ms", 100, 80)]).RankCorrelation);
    }
}
