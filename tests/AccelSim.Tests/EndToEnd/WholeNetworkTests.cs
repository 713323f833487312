using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Platforms;
using AccelSim.Reference;
using AccelSim.Rtl;
using AccelSim.Rtl.Hls;
using AccelSim.Rtl.Network;
using AccelSim.Rtl.Simulation;
using AccelSim.Studies.Generate;
using AccelSim.Studies.Networks;
using AccelSim.Studies.Support;
using AccelSim.Tests.Rtl;

namespace AccelSim.Tests.EndToEnd;

/// <summary>Whole trained networks as one pipeline in Verilator, byte for byte against the reference, cycle for cycle against the model.</summary>
public sealed class WholeNetworkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_trained_MobileNetV1_is_exact_over_a_hundred_images_in_bytes_and_cycles()
    {
        RequiredTools.RequireVerilator();
        var (netlist, vectors, folding) = TrainedMobileNet();
        var simulator = new NetworkCoSimulator(new VerilatorSimulator(new SimulationCache()));
        var free = await simulator.RunAsync(netlist, vectors, cancellation: Cancellation);
        Assert.True(free.Passed, free.Verdict);
        Assert.Equal(1000, free.Elements);
        Assert.True(!free.Differences.Any(), string.Join("; ", free.Differences.Select(pair => $"measured {pair.Measured}, predicted {pair.Predicted}")));
        Assert.InRange(free.Measured.Interval, 1, folding.Interval);
        var stalled = await simulator.RunAsync(netlist, vectors, new StallPattern(60, 60, 7), Cancellation);
        Assert.True(stalled.Passed, stalled.Verdict);
        Assert.Equal(1000, stalled.Elements);
    }

    /// <summary>The same pipeline as HLS C++, compiled with g++ without a warning; no stage needs more turns than the interval asked for.</summary>
    [Fact]
    public async Task The_trained_MobileNetV1_is_exact_over_a_hundred_images_in_HLS()
    {
        RequiredTools.Require(ExternalTool.Make, ExternalTool.CppCompiler);
        using var folder = new ScratchFolder();
        var (netlist, vectors, folding) = TrainedMobileNet();
        var target = NetworkGeneration.HlsTargetOf(PlatformCatalog.Open().Find("zcu102"));
        HlsFolder.Write(netlist, vectors, target, folder["hls"], Cancellation);
        var run = await ExternalTool.Make.RequireSuccessAsync(["sim"], folder["hls"], TimeSpan.FromMinutes(8), cancellation: Cancellation);
        Assert.Equal("", run.Error);
        Assert.Contains("layer=out elements=1010 mismatches=0 ", run.Output);
        Assert.Contains("\nPASS\n", run.Output);
        Assert.All(netlist.Parts.OfType<StagePart>(), stage => Assert.InRange(StageTurns.Interval(stage, netlist), 1, folding.Interval));
    }

    /// <summary>Every operator that a backend does not take says why; what does is a pipeline.</summary>
    [Theory]
    [InlineData("lenet5", null)]
    [InlineData("mobilenet_v2", null)]
    [InlineData("mobilenet_v3_small", null)]
    [InlineData("mobilenet_v3_large", null)]
    [InlineData("resnet20", null)]
    [InlineData("resnet18", null)]
    [InlineData("squeezenet", null)]
    [InlineData("shufflenet_v2", "its channels would have to be put in another order.")]
    public void Support_names_what_no_cell_computes(string name, string? reason)
    {
        var prepared = PreparedNetwork.Prepare(new NetworkRequest { NetworkOrFile = name, Options = new NetworkOptions(Resolution: 32), SampleCount = 1 }, cancellation: Cancellation);
        var graph = prepared.Quantized;
        var matrix = SupportMatrix.Of(graph);
        Assert.Equal(reason is null, matrix.Pipeline is null);
        Assert.Contains(reason ?? "", matrix.Pipeline ?? "");
        Assert.Equal(graph.Layers.Length, matrix.Rows.Sum(row => row.Layers));
        Assert.All(matrix.Rows, row => Assert.Equal(SupportMatrix.Backends.Length, row.Reasons.Length));
        foreach (string backend in new[] { "rtl", "hls" })
            Assert.Equal(reason is not null, matrix.Rows.Any(row => row.Reasons[SupportMatrix.Backends.IndexOf(backend)] is not null));
        if (reason is null)
            return;
        // What is refused is refused in either language, for the reason that the matrix gives.
        using var folder = new ScratchFolder();
        foreach (var language in Enum.GetValues<HardwareLanguage>())
        {
            var error = Assert.Throws<UnsupportedOperatorException>(() => NetworkGeneration.Write(
                prepared, PlatformCatalog.Open().Find("zcu102"), null, folder["network"], new PipelineRequest { Language = language }, Cancellation));
            Assert.Equal(matrix.Pipeline, error.Message);
            Assert.Contains(matrix.Rows.Select(row => row.Reasons[SupportMatrix.Backends.IndexOf("hls")]), row => row is not null && error.Message.Contains(row, StringComparison.Ordinal));
        }
        Assert.False(Directory.Exists(folder["network"]));
    }

    /// <summary>Faster costs more, and nothing that is promised is slower or larger than asked for.</summary>
    [Fact]
    public void Foldings_keep_the_budget_and_the_rate()
    {
        var stages = StageGraph.Of(PreparedNetwork.Prepare(new NetworkRequest
        {
            NetworkOrFile = "mobilenet_v2",
            Options = new NetworkOptions(Width: 0.35, Resolution: 32),
            SampleCount = 1,
        }, cancellation: Cancellation).Quantized);
        var budget = new PipelineBudget("test", 800, 600);
        var fastest = NetworkFolding.Fastest(stages, budget, cancellation: Cancellation);
        Assert.True(fastest.Resources.DspSlices <= 800 && fastest.Resources.BlockRams <= 600);
        var next = fastest.NextFaster(stages, budget)!;
        Assert.True(next.Interval < fastest.Interval && (next.Resources.DspSlices > 800 || next.Resources.BlockRams > 600), $"{fastest}\n{next}");
        var half = NetworkFolding.Cheapest(stages, budget, 2 * fastest.Interval);
        Assert.True(half.Interval <= 2 * fastest.Interval && half.Resources.DspSlices < fastest.Resources.DspSlices);
        Assert.Equal(fastest.Interval, new PipelineNetlist(stages, fastest.Foldings).IntervalBound);
        var error = Assert.Throws<FoldingException>(() => NetworkFolding.Fastest(stages, new PipelineBudget("tiny", 100, 10), cancellation: Cancellation));
        Assert.Contains("but tiny has 100 and 10: ask for fewer frames a second, a smaller width, or a larger device.", error.Message);
    }

    /// <summary>MobileNetV1 0.25/32 as a pipeline for a frame every 20,000 cycles, with a hundred photographs and what the reference makes of them.</summary>
    private static (PipelineNetlist Netlist, NetworkVectors Vectors, NetworkFolding Folding) TrainedMobileNet()
    {
        var network = PreparedNetwork.Prepare(new NetworkRequest
        {
            NetworkOrFile = "mobilenet_v1",
            Options = new NetworkOptions(Width: 0.25, Resolution: 32),
            SampleCount = 100,
        }, cancellation: Cancellation);
        var graph = network.Quantized.WithBatch(100);
        var stages = StageGraph.Of(graph);
        var device = Assert.IsType<FpgaPlatform>(PlatformCatalog.Open().Find("zcu102"));
        var folding = NetworkFolding.Cheapest(stages, NetworkGeneration.BudgetOf(device), 20_000);
        var netlist = new PipelineNetlist(stages, folding.Foldings);
        using var reference = new ReferenceBackend().Compile(graph);
        var inputs = PreparedNetwork.InputOf(graph, network.Samples.Images);
        var vectors = new NetworkVectors(inputs[graph.Inputs[0].Name], reference.Run(inputs, everyLayer: true, Cancellation)[stages.Output]);
        return (netlist, vectors, folding);
    }
}
