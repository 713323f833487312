using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Network;
using AccelSim.Rtl.Rendering;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl;

/// <summary>
/// Weights that come from outside: every byte against plain loops without and with random stalls of image, weights and sink, and every stream's
/// cycles, those of the weights too, equal to the model's at several beat rates.
/// </summary>
public sealed class StreamedWeightTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 2)]
    [InlineData(3, 1)]
    [InlineData(4, 3)]
    [InlineData(5, 1)]
    [InlineData(6, 7)]
    public async Task Random_networks_are_exact_in_bytes_and_cycles(int seed, int gap)
    {
        RequiredTools.RequireIcarus();
        var network = Make(seed);
        var netlist = new PipelineNetlist(network.Stages, network.RandomStreamedFoldings(), weightGap: gap);
        Assert.False(netlist.Weights.IsEmpty);
        var vectors = network.Vectors();
        string place = $"seed {seed}, gap {gap}, {string.Join(" ", netlist.Stages.Select(stage => stage.Folding))}";
        var free = await Run(netlist, vectors);
        Assert.True(free.Passed, $"{place}: {free.Verdict}");
        Assert.Equal(vectors.Result.Shape.Elements, free.Elements);
        Assert.True(!free.Differences.Any(), $"{place}: {string.Join("; ", free.Differences.Select(pair => $"measured {pair.Measured}, predicted {pair.Predicted}"))}");
        Assert.True(free.Measured.Output.FrameEnds[^1] + 1 >= vectors.Frames * netlist.IntervalBound);
        var stalled = await Run(netlist, vectors, new StallPattern(60, 60, seed) { Weights = 100 });
        Assert.True(stalled.Passed, $"{place}, stalled: {stalled.Verdict}");
        Assert.Equal(vectors.Result.Shape.Elements, stalled.Elements);
    }

    /// <summary>Where a tile arrives as fast as it is used, a frame takes as long as with the weights on the chip.</summary>
    [Fact]
    public void No_cycle_is_lost_when_the_bandwidth_suffices()
    {
        var network = new RandomNetwork(1, 1, 4, 8, 8).Pointwise(16);
        var streaming = new WeightStreaming(Pixels: 8, Lanes: 1);
        var chip = PipelineCycles.Predict(new PipelineNetlist(network.Stages, [new StageFolding(2, 1, 4)]), 4, Cancellation);
        long Interval(int pixels, int lanes) =>
            PipelineCycles.Predict(new PipelineNetlist(network.Stages, [new StageFolding(2, 1, 4) { Streaming = new WeightStreaming(pixels, lanes) }]), 4, Cancellation).Interval;
        Assert.Equal(512, chip.Interval);
        Assert.Equal(512, Interval(8, 1));
        Assert.Equal(512, Interval(1, 8));
        // A quarter of the bytes that are needed: four times as long.
        Assert.Equal(4 * 512, Interval(1, 2));
        Assert.Equal(8 * 512, Interval(1, 1));
        Assert.Equal(8 * 64, new StageDesign(network.Stages.Stages[0].Shape, new StageFolding(2, 1, 4) { Streaming = streaming }).WeightBeats);
    }

    [Fact]
    public async Task One_wrong_weight_or_TLAST_fails()
    {
        RequiredTools.RequireIcarus();
        var network = new RandomNetwork(3, 2, 4, 2, 2).Pointwise(4);
        var netlist = new PipelineNetlist(network.Stages, [new StageFolding(2, 1, 2) { Streaming = new WeightStreaming(2, 2) }]);
        string folder = _folder["network"];
        NetworkFolder.Write(netlist, network.Vectors(), folder, Cancellation);
        Assert.Contains("\nPASS\n", await Simulate(folder));
        string testbench = Path.Combine(folder, "tb", "net_tb.sv"), text = await File.ReadAllTextAsync(testbench, Cancellation);
        await File.WriteAllTextAsync(testbench, text.Replace("w00_last  <= (w00_place == W00_PASS - 1)", "w00_last  <= (w00_place == W00_PASS - 2)", StringComparison.Ordinal), Cancellation);
        Assert.Contains("FAIL the pipeline says that TLAST of the image or of weights is wrong", await Simulate(folder));
        await File.WriteAllTextAsync(testbench, text, Cancellation);
        string weights = Path.Combine(folder, "data", "w00_weights.hex");
        string[] beats = await File.ReadAllLinesAsync(weights, Cancellation);
        beats[3] = beats[3] == "7f7f" ? "8080" : "7f7f";
        await File.WriteAllLinesAsync(weights, beats, Cancellation);
        Assert.Contains("FAIL mismatches", await Simulate(folder));
    }

    [Fact]
    public async Task The_folder_is_lint_clean()
    {
        RequiredTools.Require(ExternalTool.Verilator, ExternalTool.Yosys, ExternalTool.Make);
        var network = Make(1);
        NetworkFolder.Write(new PipelineNetlist(network.Stages, network.RandomStreamedFoldings()), network.Vectors(), _folder["network"], Cancellation);
        await ExternalTool.Make.RequireSuccessAsync(["lint"], _folder["network"], TimeSpan.FromMinutes(3), cancellation: Cancellation);
    }

    /// <summary>The search streams the largest layers where the chip is too small, within the DRAM's rate, and says what it takes.</summary>
    [Fact]
    public void The_search_streams_the_largest_layers_until_the_rest_fits()
    {
        var network = new RandomNetwork(1, 1, 8, 8, 8).Pointwise(64).Depthwise(3, 1, Padding.All(1)).Pointwise(256).GlobalPool().Connect(1000);
        var stages = network.Stages;
        var budget = new PipelineBudget("small", 200, 50) { DramBytesPerCycle = 4 };
        var error = Assert.Throws<FoldingException>(() => NetworkFolding.Cheapest(stages, budget, 400_000));
        Assert.Contains("blocks of RAM", error.Message);
        var streamed = NetworkFolding.Cheapest(stages, budget, 400_000, WeightPlacement.Auto);
        var netlist = streamed.Netlist(stages);
        Assert.Equal([stages.Stages.Length - 1], netlist.Weights.Select(port => port.Stage));
        Assert.True(streamed.Interval <= 400_000 && streamed.Resources.BlockRams <= 50);
        Assert.Equal(256_000, netlist.WeightTraffic);
        Assert.Equal(stages.Stages.Sum(stage => stage.Shape.Weights * 8) - 8 * 256_000, streamed.Resources.WeightBits);
        var all = NetworkFolding.Cheapest(stages, budget, 400_000, WeightPlacement.Stream).Netlist(stages);
        Assert.Equal(3, all.Weights.Length);
        Assert.True(all.WeightTraffic <= 4 * 400_000);
        // At a byte in two cycles the classifier alone would take longer.
        var slow = Assert.Throws<FoldingException>(() => NetworkFolding.Cheapest(stages, budget with { DramBytesPerCycle = 0.5 }, 400_000, WeightPlacement.Stream));
        Assert.Contains("with the weights of 3 layers streamed at 0.5 bytes a cycle: ask for fewer frames a second.", slow.Message);
    }

    private static async Task<string> Simulate(string folder) =>
        (await ExternalTool.Make.RunAsync(["-B", "icarus"], folder, TimeSpan.FromMinutes(2), cancellation: Cancellation)).Output;

    private Task<NetworkCoSimulationReport> Run(PipelineNetlist netlist, NetworkVectors vectors, StallPattern? stalls = null) =>
        new NetworkCoSimulator(new IcarusSimulator(_folder.Path)).RunAsync(netlist, vectors, stalls, Cancellation);

    /// <summary>A random network with layers whose weights can be streamed.</summary>
    internal static RandomNetwork Make(int seed)
    {
        var random = new Random(seed);
        var network = new RandomNetwork(seed, 2, random.Next(1, 5), 6, random.Next(2, 5));
        string fork;
        switch (seed % 3)
        {
            case 0:
                fork = network.Pointwise(4).Last;
                return network.Pointwise(12).Depthwise(3, 1, Padding.All(1)).Pointwise(4).Add(fork).Connect(6);
            case 1:
                return network.Convolve(4, 3, 1, Padding.All(1)).Pointwise(6).Pointwise(8).GlobalPool().Connect(12).Table().Connect(5);
            default:
                return network.Pointwise(8).Depthwise(3, 2, Padding.All(1)).Pointwise(16);
        }
    }
}
