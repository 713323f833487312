using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;
using AccelSim.Platforms;
using AccelSim.Rtl;
using AccelSim.Studies.Compare;

namespace AccelSim.Tests.EndToEnd;

/// <summary>Figures of the comparison that a reader would take at their word.</summary>
public sealed class ComparisonTests
{
    [Fact]
    public void A_pipeline_says_in_its_name_what_it_leaves_out()
    {
        var row = Pipeline("mobilenet_v3_large", "zcu102", batch: 1);
        Assert.Equal("generated pipeline, 7 blocks, 15 % of MACs", row.Design);
    }

    [Fact]
    public void Images_of_a_batch_overlap_in_a_pipeline()
    {
        var (one, eight) = (Pipeline("mobilenet_v1", "zcu102", batch: 1), Pipeline("mobilenet_v1", "zcu102", batch: 8));
        Assert.Equal(one.ImagesPerSecond, eight.ImagesPerSecond);
        Assert.Equal(one.LatencySeconds + 7 / one.ImagesPerSecond, eight.LatencySeconds, 1e-12);
    }

    [Fact]
    public void A_pipeline_reaches_the_interval_that_its_throughput_is_made_of()
    {
        var blocks = DepthwiseSeparableBlock.FindIn(Quantized("mobilenet_v2", 64));
        var pipeline = PipelineFolding.Fastest(blocks, 2016);
        Assert.All(pipeline.Designs, design => Assert.InRange(CycleModel.Predict(design, 4).Interval, 1, pipeline.Interval));
    }

    /// <summary>The figures of a GPU are made of assumptions as much as of data sheets: the row names them.</summary>
    [Fact]
    public void A_gpu_row_names_its_stack_and_assumptions()
    {
        var row = Run("lenet5", "h100", 1).Rows[0];
        Assert.Equal("float32, tensorrt", row.Design);
        Assert.Matches("^[0-9]+ kernels under tensorrt: [0-9]+ % of peak, [0-9]+ % of DRAM bandwidth, [0-9.]+ µs a launch .docs/gpu-time-model.md.$", row.Note);
    }

    /// <summary>Every layer of the step is timed where float32 is, and what computes in int8 alone says that it does not train.</summary>
    [Fact]
    public void A_training_step_costs_what_its_layers_do()
    {
        var catalog = PlatformCatalog.Open();
        Platform[] platforms = [catalog.Find("h100"), catalog.Find("generic_32x32"), catalog.Find("zcu102")];
        var network = NetworkZoo.Find("lenet5").Build(new NetworkOptions(Batch: 4));
        var (inference, training) = (Comparison.Run(network, platforms), Comparison.RunTraining(network, platforms));
        var first = network.CostOf(network.Layers[0]);
        Assert.Equal((3 * inference.Macs - first.Macs, inference.Parameters), (training.Macs, training.Parameters));
        foreach (string platform in platforms.Select(platform => platform.Name))
        {
            double forward = inference.Rows.First(row => row.Platform == platform).LatencySeconds, step = training.Rows.First(row => row.Platform == platform).LatencySeconds;
            Assert.True(step > 2 * forward, $"{platform}: {step:e2} s, forward {forward:e2} s");
        }
        var refusal = Assert.Single(training.Refusals);
        Assert.Contains("does not train", refusal.Reason, StringComparison.Ordinal);
    }

    private static ComparisonRow Pipeline(string network, string platform, int batch) =>
        Run(network, platform, batch).Rows.Single(row => row.Design.StartsWith("generated pipeline", StringComparison.Ordinal));

    private static ComparisonReport Run(string network, string platform, int batch) => Comparison.Run(
        NetworkZoo.Find(network).Build(new NetworkOptions(Width: network == "mobilenet_v1" ? 0.25 : null, Batch: batch)),
        [PlatformCatalog.Open().Find(platform)]);

    private static LayerGraph Quantized(string network, int resolution)
    {
        var graph = FloatPasses.Run(NetworkZoo.Find(network).Build(new NetworkOptions(Resolution: resolution)).WithSeededWeights(1));
        var ranges = graph.Inputs.Select(input => input.Name).Concat(graph.Layers.Select(layer => layer.Name)).ToDictionary(name => name, _ => (-8.0, 8.0));
        return new Quantizer(new ActivationRanges(ranges, RangeChoice.MinMax, "none")).Apply(graph);
    }
}
