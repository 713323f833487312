using System.Globalization;
using AccelSim.Platforms;
using AccelSim.Studies.Validate;

namespace AccelSim.Tests.Studies.Validate;

/// <summary>The errors that docs/validation.md states, so that no later change makes them worse unseen.</summary>
public sealed class ValidationRegressionTests
{
    private static readonly Lazy<ValidationReport> Report = new(() => Validation.Run(
        Validation.Read(SharedData.Require("published"), ["asic", "fpga"]), Predictors.All(PlatformCatalog.Open(SharedData.RepositoryRoot))));

    [Theory]
    [InlineData("dpu latency, convolutional networks", Basis.Measured, 60, 0.08)]
    [InlineData("dpu latency, depthwise networks", Basis.Measured, 24, 0.15)]
    [InlineData("dpu throughput, convolutional networks", Basis.Measured, 60, 0.12)]
    [InlineData("dpu throughput, depthwise networks", Basis.Measured, 22, 0.12)]
    [InlineData("eyeriss latency, layer", Basis.Memory, 14, 0.08)]
    [InlineData("eyeriss processing, layer", Basis.Memory, 14, 0.05)]
    [InlineData("eyeriss active elements, layer", Basis.Memory, 14, 0)]
    [InlineData("eyeriss DRAM, layer", Basis.Memory, 14, 0.15)]
    [InlineData("eyeriss DRAM, network", Basis.Measured, 4, 0.15)]
    [InlineData("eyeriss power, layer", Basis.Memory, 14, 0.10)]
    [InlineData("eyeriss power, network", Basis.Measured, 2, 0.10)]
    [InlineData("nvdla power", Basis.Estimate, 5, 0.30)]
    [InlineData("nvdla area", Basis.Estimate, 10, 0.10)]
    [InlineData("dpu block RAM and DSP slices", Basis.Measured, 24, 0.005)]
    [InlineData("dpu look-up tables and flip-flops, fitted", Basis.Measured, 24, 0.10)]
    [InlineData("eyeriss buffer, layer", Basis.Memory, 14, 0.12)]
    [InlineData("eyeriss throughput", Basis.Measured, 3, 0.10)]
    [InlineData("tpu v1 throughput", Basis.Measured, 4, 0.15)]
    [InlineData("nvdla speed", Basis.Estimate, 5, 0.10)]
    [InlineData("edge tpu latency, depthwise networks", Basis.Measured, 8, 0.12)]
    [InlineData("edge tpu latency, convolutional networks, weights over the link", Basis.Measured, 6, 0.05)]
    public void TheMedianErrorOfAGroupStaysWithinWhatTheDocumentationSays(string name, Basis basis, int rows, double bound)
    {
        var group = Assert.Single(Report.Value.Groups, group => group.Group == name && group.Basis == basis);
        Assert.True(group.Rows >= rows, $"{group.Rows} rows, not {rows}");
        Assert.True(group.MedianAbsoluteError <= bound, string.Create(CultureInfo.InvariantCulture, $"{name}: {100 * group.MedianAbsoluteError:f1} %, not {100 * bound:f1} %"));
    }

    // The constants of the DPU were fitted on one board; boards that no row of the fit comes from must do as well.
    [Theory]
    [InlineData("zcu104", 0.08)]
    [InlineData("kv260", 0.10)]
    public void BoardsThatNothingWasFittedOnAreWithinTheTarget(string board, double bound)
    {
        double[] errors = [.. Report.Value.Rows
            .Where(row => row.Platform == board && row.Metric == "throughput_1thread" && row.Group.Contains("convolutional", StringComparison.Ordinal))
            .Select(row => Math.Abs(row.Error!.Value))];
        Assert.True(errors.Length >= 9);
        Assert.True(Statistics.Median(errors) <= bound, string.Create(CultureInfo.InvariantCulture, $"{100 * Statistics.Median(errors):f1} %"));
    }

    // Jouppi et al., ISCA 2017, Table 3 row 9; mlp1 and lstm0 are not in the tables here and are quoted from memory.
    [Fact]
    public void FiveOfTheSixWorkloadsOfTheFirstTpuAreWithinFifteenPercent()
    {
        (string Name, int Batch, double Tops)[] published = [("mlp0", 200, 12.3), ("mlp1", 168, 9.7), ("lstm0", 64, 3.7), ("lstm1", 96, 2.8), ("cnn0", 8, 86), ("cnn1", 32, 14.1)];
        var rows = published.Select((row, i) => new PublishedRow(
            "t.csv", i + 2, "google-tpu-v1", row.Name, new PublishedVariant(""), row.Batch, "int8", "throughput_tops", row.Tops, "TOPS", "s", "verified")).ToList();
        var report = Validation.Run(rows, Predictors.All(PlatformCatalog.Open(SharedData.RepositoryRoot)), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(6, report.Rows.Count);
        Assert.True(report.Rows.Count(row => Math.Abs(row.Error!.Value) <= 0.15) >= 5, string.Join(", ", report.Rows.Select(row => $"{row.Network} {row.Error}")));
    }

    [Fact]
    public void NoRowIsDroppedAndEachRefusalSaysWhy()
    {
        int published = Validation.Read(SharedData.Require("published"), ["asic", "fpga"]).Count;
        Assert.Equal(published, Report.Value.Rows.Count + Report.Value.NotModelled.Count);
        Assert.All(Report.Value.NotModelled, row => Assert.True(row.Reason.Length > 15, $"{row.File} {row.Line}"));
        Assert.All(Report.Value.Rows, row => Assert.True(double.IsFinite(row.Predicted) && row.Predicted >= 0, $"{row.File} {row.Line}"));
    }

    [Fact]
    public void NoPlatformHasMoreThanThreeFittedConstantsAndEachSaysWhatItWasFittedOn()
    {
        var fitted = PlatformCatalog.Open(SharedData.RepositoryRoot).All().SelectMany(platform => platform switch
        {
            AsicPlatform asic => [asic.Calibration],
            EnginePlatform engine => [engine.Calibration],
            _ => Array.Empty<Calibration>(),
        }).Where(calibration => calibration.Constants.Length > 0).ToList();
        Assert.NotEmpty(fitted);
        Assert.All(fitted, calibration => Assert.InRange(calibration.Constants.Length, 1, 3));
        Assert.All(fitted.SelectMany(calibration => calibration.Constants), constant => Assert.True(constant.FittedOn.Length > 10, constant.Name));
    }
}
