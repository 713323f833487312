using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;
using AccelSim.Platforms;
using AccelSim.Rtl.Network;
using AccelSim.Studies.Compare;
using AccelSim.Studies.Generate;

namespace AccelSim.Tests.EndToEnd;

/// <summary>Figures of the comparison that a reader would take at their word.</summary>
public sealed class ComparisonTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The row is the pipeline that <c>generate</c> writes: what the search finds within four fifths of the device, and the cycles that its simulation counts.</summary>
    [Theory]
    [InlineData("mobilenet_v1", "zcu102", "weights on chip")]
    [InlineData("mobilenet_v2", "zcu102", "weights of 1 of 64 stages streamed")]
    public void A_pipeline_is_the_one_that_would_be_generated(string network, string platform, string weights)
    {
        var row = Pipeline(network, platform, batch: 1);
        Assert.Equal($"generated pipeline, {weights}", row.Design);
        var fpga = (FpgaPlatform)PlatformCatalog.Open().Find(platform);
        var stages = StageGraph.Of(Quantized(network));
        var device = NetworkGeneration.BudgetOf(fpga);
        var folding = NetworkFolding.Fastest(
            stages, device with { DspSlices = device.DspSlices * 4 / 5, BlockRams = 0.8 * device.BlockRams, Luts = device.Luts * 4 / 5 }, WeightPlacement.Auto, Cancellation);
        var cycles = PipelineCycles.Predict(folding.Netlist(stages), 2, Cancellation);
        Assert.Equal(fpga.ClockHertz.Value / cycles.Interval, row.ImagesPerSecond, 1e-6);
        Assert.Equal(cycles.Frame / fpga.ClockHertz.Value, row.LatencySeconds, 1e-12);
    }

    [Fact]
    public void Images_of_a_batch_overlap_in_a_pipeline()
    {
        var (one, eight) = (Pipeline("mobilenet_v1", "zcu102", batch: 1), Pipeline("mobilenet_v1", "zcu102", batch: 8));
        Assert.Equal(one.ImagesPerSecond, eight.ImagesPerSecond);
        Assert.Equal(one.LatencySeconds + 7 / one.ImagesPerSecond, eight.LatencySeconds, 1e-12);
    }

    [Fact]
    public void A_network_without_a_pipeline_names_the_layer()
    {
        var refusal = Assert.Single(Comparison.Run(NetworkZoo.Find("shufflenet_v1").Build(new NetworkOptions()), [PlatformCatalog.Open().Find("zcu102")]).Refusals);
        Assert.Contains("'stage2/unit1/shuffle' (ChannelShuffle): its channels would have to be put in another order", refusal.Reason, StringComparison.Ordinal);
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

    private static ComparisonReport Run(string network, string platform, int batch) => Comparison.Run(Network(network, batch), [PlatformCatalog.Open().Find(platform)]);

    private static LayerGraph Network(string network, int batch) =>
        NetworkZoo.Find(network).Build(new NetworkOptions(Width: network == "mobilenet_v1" ? 0.25 : null, Batch: batch));

    private static LayerGraph Quantized(string network)
    {
        var graph = FloatPasses.Run(Network(network, 1).WithSeededWeights(1));
        var ranges = graph.Inputs.Select(input => input.Name).Concat(graph.Layers.Select(layer => layer.Name)).ToDictionary(name => name, _ => (-8.0, 8.0));
        return new Quantizer(new ActivationRanges(ranges, RangeChoice.MinMax, "none")).Apply(graph);
    }
}
