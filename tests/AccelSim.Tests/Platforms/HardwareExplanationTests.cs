using AccelSim.Platforms;
using AccelSim.Studies.Hardware;

namespace AccelSim.Tests.Platforms;

public sealed class HardwareExplanationTests
{
    public static TheoryData<string> All => [.. PlatformCatalog.Open().Names, .. TechnologyCatalog.Open().Names];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_file_of_the_folder_is_explained_figure_by_figure(string name)
    {
        HardwareExplanation explanation = HardwareExplanation.Of(name);
        Assert.NotEmpty(explanation.Figures);
        Assert.All(explanation.Figures, figure => Assert.False(string.IsNullOrWhiteSpace(figure.Source) || string.IsNullOrWhiteSpace(figure.Value) || figure.Confidence.Length == 0));
        Assert.Equal(explanation.Figures.Length, explanation.Figures.DistinctBy(figure => figure.Key).Count());
        if (explanation.Kind is "asic" or "fpga" or "engine" or "technology")
            Assert.NotEmpty(explanation.Derived);
    }

    [Fact]
    public void Figures_are_as_the_file_writes_them_and_areas_add_up()
    {
        HardwareExplanation tpu = HardwareExplanation.Of("tpu_v1");
        ExplainedFigure clock = tpu.Figures.Single(figure => figure.Key == "clock");
        Assert.Equal(("700 MHz", "verified"), (clock.Value, clock.Confidence));
        Assert.Contains("Jouppi", clock.Source, StringComparison.Ordinal);
        Assert.Contains(tpu.Figures, figure => figure.Key == "memories[0].size" && figure.Value == "24 MiB");
        double[] areas = [.. tpu.Derived.Where(figure => figure.Value.EndsWith(" mm2", StringComparison.Ordinal)).Select(figure => double.Parse(figure.Value[..^4], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(areas[^1], areas[..^1].Sum(), 0.01);
    }

    [Fact]
    public void A_scaled_figure_says_from_what()
    {
        ExplainedFigure figure = HardwareExplanation.Of("28nm").Figures.Single(figure => figure.Key == "energy.int8_multiply");
        Assert.Equal(("assumption", "interpolated between 45nm (200 fJ) and 7nm (70 fJ)"), (figure.Confidence, figure.Note));
    }

    [Fact]
    public void An_unknown_name_is_answered_with_platforms() =>
        Assert.Equal("there is no platform 'tpu_v2'; did you mean tpu_v1?", Assert.Throws<UnknownPlatformException>(() => HardwareExplanation.Of("tpu_v2")).Message);
}
