using AccelSim.Platforms;
using AccelSim.Studies.Validate;
using AccelSim.Studies.Validate.TimeModel;

namespace AccelSim.Tests.Studies.Validate;

/// <summary>The time model against the published tables: its errors must not grow. docs/gpu-time-model.md has them.</summary>
public sealed class TimeModelValidationTests
{
    private static readonly Lazy<ValidationReport> Report = new(() => Validation.Run(
        Validation.Read(SharedData.Require("published"), ["gpu", "mobile"]), [new TimeModelPredictor(PlatformCatalog.Open())]));

    [Theory]
    [InlineData("gpu large batch, fitted", 180, 0.085, 0.06)]
    [InlineData("gpu large batch, not fitted", 60, 0.09, 0.075)]
    [InlineData("gpu small batch, tensorrt, fitted", 15, 0.20, 0.16)]
    [InlineData("gpu small batch, frameworks, fitted", 25, 0.16, 0.08)]
    [InlineData("gpu layers, fitted", 300, 0.24, 0.18)]
    [InlineData("gpu layers, not fitted", 80, 0.24, 0.16)]
    [InlineData("cpu inductor_cpu, fitted", 20, 0.15, 0.12)]
    [InlineData("cpu tflite, fitted", 20, 0.12, 0.08)]
    [InlineData("cpu tflite, not fitted", 6, 0.12, 0.10)]
    public void Errors_stay_where_the_documentation_says(string name, int rows, double mean, double median)
    {
        var group = Assert.Single(Report.Value.Groups, group => group.Group == name && group.Basis == Basis.Measured);
        Assert.True(group.Rows >= rows, $"{group.Rows} rows");
        Assert.True(group.MeanAbsoluteError <= mean, $"mean {group.MeanAbsoluteError:p1}");
        Assert.True(group.MedianAbsoluteError <= median, $"median {group.MedianAbsoluteError:p1}");
    }

    [Fact]
    public void Throughputs_are_in_the_published_order()
    {
        var rows = Report.Value.Rows.Where(row => row.Group.StartsWith("gpu large batch", StringComparison.Ordinal) && row.Unit == "img/s").ToList();
        Assert.True(ValidationGroup.Of("order", Basis.Measured, rows).RankCorrelation > 0.99);
    }

    [Fact]
    public void A_row_outside_the_model_says_why()
    {
        Assert.Contains(Report.Value.NotModelled, row => row.Reason == "the time model gives no power" || row.Reason.Contains("no model of the platform 'jetson-agx-xavier-maxq'", StringComparison.Ordinal));
        Assert.Contains(Report.Value.NotModelled, row => row.Reason == "the library chose a Fourier transform, which the model does not have");
    }

    [Theory]
    [InlineData("gemm", "M=5;N=0;K=3", "the row's N is '0', but must be a whole number of 1 to 16777216")]
    [InlineData("gemm", "M=5;N=4", "the row's K is '', but must be a whole number of 1 to 16777216")]
    [InlineData("conv2d", "C=1;H=3;W=3;K=1;R=5;S=5;pad_h=-1;pad_w=0;stride_h=1;stride_w=1", "the row's pad_h is '-1', but must be a whole number of 0 to 16777216")]
    [InlineData("lstm", "", "there is no single layer 'lstm'")]
    public void A_layer_that_is_none_is_reported(string network, string variant, string reason)
    {
        var report = Validation.Run([Row("gpu_layers.csv", "v100", network, variant, "fp32")], [new TimeModelPredictor(PlatformCatalog.Open())], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(reason, Assert.Single(report.NotModelled).Reason);
    }

    [Theory]
    [InlineData("framework=caffe;img=224", "fp32", "no software stack of the model is 'framework=caffe;img=224'")]
    [InlineData("MLPerf v1.1 Offline;img=224", "fp4", "the row's precision is 'fp4'")]
    public void A_stack_or_precision_that_is_not_modelled_is_reported(string variant, string precision, string reason)
    {
        var report = Validation.Run([Row("gpu.csv", "v100", "resnet50", variant, precision)], [new TimeModelPredictor(PlatformCatalog.Open())], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(reason, Assert.Single(report.NotModelled).Reason);
    }

    /// <summary>A row that nobody has seen is judged among those that were not fitted, on a GPU without rows too.</summary>
    [Fact]
    public void A_new_row_of_a_catalogued_gpu_is_predicted()
    {
        var report = Validation.Run(
            [Row("gpu.csv", "l4", "efficientnet_b1", "timm:efficientnet_b1;img=240;layout=NHWC;mode=eager;torch=2.4.0", "fp16_amp")],
            [new TimeModelPredictor(PlatformCatalog.Open())], cancellation: TestContext.Current.CancellationToken);
        var row = Assert.Single(report.Rows);
        Assert.Equal("gpu large batch, not fitted", row.Group);
        Assert.InRange(row.Predicted, 500, 10_000);
    }

    private static PublishedRow Row(string file, string platform, string network, string variant, string precision) => new(
        file, 2, platform, network, new PublishedVariant(variant), 256, precision, file == "gpu.csv" ? "throughput" : "latency_fwd", 1, file == "gpu.csv" ? "img/s" : "ms", "test", "verified");
}
