using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Network;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl;

/// <summary>
/// Whole pipelines against plain loops, in Icarus Verilog: every byte without and with random stalls, and on every stream inside the first
/// beat, the end of each frame and the cycles stalled, equal to the model's.
/// </summary>
public sealed class NetworkCoSimulationTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>Every kind of stage behind and before others, with random frames and foldings.</summary>
    [Theory]
    [InlineData(1, "classifier")]
    [InlineData(2, "LeNet")]
    [InlineData(3, "inverted residual")]
    [InlineData(4, "inverted residual")]
    [InlineData(5, "max pool")]
    [InlineData(6, "separable")]
    [InlineData(7, "residual")]
    [InlineData(8, "pools")]
    [InlineData(9, "input forks")]
    [InlineData(10, "one pixel")]
    [InlineData(11, "squeeze and excite")]
    [InlineData(12, "squeeze and excite in a residual")]
    [InlineData(13, "squeeze and excite in a residual")]
    [InlineData(14, "gated input")]
    [InlineData(15, "projection")]
    [InlineData(16, "zeros for channels")]
    [InlineData(17, "three readers")]
    [InlineData(18, "slices and pads")]
    [InlineData(19, "concat")]
    [InlineData(20, "concat")]
    public async Task Random_networks_with_random_foldings_are_exact_in_bytes_and_cycles(int seed, string kind)
    {
        RequiredTools.RequireIcarus();
        var network = RandomNetwork.Make(seed, kind);
        var netlist = new PipelineNetlist(network.Stages, network.RandomFoldings());
        var vectors = network.Vectors();
        var free = await Run(netlist, vectors);
        string place = $"{kind}, seed {seed}, {string.Join(" ", netlist.Stages.Select(stage => stage.Folding))}";
        Assert.True(free.Passed, $"{place}: {free.Verdict}");
        Assert.Equal(vectors.Result.Shape.Elements, free.Elements);
        Assert.True(!free.Differences.Any(), $"{place}: {string.Join("; ", free.Differences.Select(pair => $"measured {pair.Measured}, predicted {pair.Predicted}"))}");
        var stalled = await Run(netlist, vectors, new StallPattern(90, 90, seed));
        Assert.True(stalled.Passed, $"{place}, stalled: {stalled.Verdict}");
        Assert.Equal(vectors.Result.Shape.Elements, stalled.Elements);
        Assert.True(stalled.Measured.Frame >= free.Measured.Frame);
    }

    [Fact]
    public async Task A_flipped_golden_byte_fails()
    {
        RequiredTools.RequireIcarus();
        var network = RandomNetwork.Make(2, "LeNet");
        var vectors = network.Vectors();
        sbyte[] codes = vectors.Result.Int8.ToArray();
        codes[1] ^= 1;
        var report = await Run(new PipelineNetlist(network.Stages, network.RandomFoldings()), vectors with { Result = Tensor.Of(vectors.Result.Shape, codes) });
        Assert.Equal("FAIL mismatches", report.Verdict);
        Assert.Equal(1, report.Mismatches);
    }

    /// <summary>A queue on the skip path that is smaller than what the other path swallows before it gives anything: the model and the hardware both deadlock.</summary>
    [Fact]
    public async Task Too_short_a_skip_queue_deadlocks_in_the_model_and_in_the_hardware()
    {
        RequiredTools.RequireIcarus();
        var network = RandomNetwork.Make(3, "inverted residual");
        var foldings = network.RandomFoldings();
        int add = network.Stages.Stages.Select((stage, i) => (stage, i)).Single(pair => pair.stage.Shape.Kind == StageKind.Add).i;
        int depth = Shortest(network.Stages, foldings, add);
        var shortest = new PipelineNetlist(network.Stages, foldings, new Dictionary<int, int> { [add] = depth });
        Assert.True(depth <= new PipelineNetlist(network.Stages, foldings).SkipQueues.Single().Depth);
        var vectors = network.Vectors();
        var report = await Run(shortest, vectors);
        Assert.True(report.Passed && !report.Differences.Any(), report.Verdict);
        var shorter = new PipelineNetlist(network.Stages, foldings, new Dictionary<int, int> { [add] = depth - 1 });
        var error = Assert.Throws<RtlException>(() => PipelineCycles.Predict(shorter, 2, Cancellation));
        Assert.Contains("deadlocks after 0 output beats: beats wait on ", error.Message);
        var simulator = new IcarusSimulator(_folder.Path);
        // Stalls keep the report from asking the model again.
        var stuck = await new NetworkCoSimulator(simulator).RunAsync(shorter, vectors, new StallPattern(1, 0, 1), Cancellation);
        Assert.Equal("FAIL no beat moved for too long: deadlock, or too few beats", stuck.Verdict);
    }

    /// <summary>
    /// Squeeze-and-excite's hold buffer where the input itself is gated, a beat a cycle: with the closed form a frame follows the other without a
    /// gap, with a place fewer it does not. The shortest that does not deadlock is a frame without its last beat, which the pool can take from the fork.
    /// </summary>
    [Fact]
    public async Task A_hold_buffer_of_one_place_fewer_loses_rate_and_of_less_than_a_frame_deadlocks()
    {
        RequiredTools.RequireIcarus();
        var network = new RandomNetwork(7, 3, 4, 6, 5).SqueezeExcite(2);
        ImmutableArray<StageFolding> foldings = [new(2, 1, 1), new(2, 1, 1), new(1, 1, 2), new(2, 1, 1)];
        const int frame = 6 * 5 * 4 / 2, scale = 3;
        PipelineNetlist Held(int depth) => new(network.Stages, foldings, new Dictionary<int, int> { [scale] = depth });
        long Interval(int depth) => PipelineCycles.Predict(Held(depth), 6, Cancellation).Interval;
        int closed = new PipelineNetlist(network.Stages, foldings).SkipQueues.Single().Depth;
        Assert.Equal(frame, Interval(closed));
        Assert.True(Interval(closed - 1) > frame);
        var vectors = network.Vectors();
        foreach (int depth in new[] { closed, closed - 1, frame - 1 })
        {
            var report = await Run(Held(depth), vectors);
            Assert.True(report.Passed && !report.Differences.Any(), $"{depth}: {report.Verdict}; {string.Join("; ", report.Differences)}");
        }
        var error = Assert.Throws<RtlException>(() => PipelineCycles.Predict(Held(frame - 2), 2, Cancellation));
        Assert.Contains("deadlocks after 0 output beats", error.Message);
        var stuck = await Run(Held(frame - 2), vectors, new StallPattern(1, 0, 1));
        Assert.Equal("FAIL no beat moved for too long: deadlock, or too few beats", stuck.Verdict);
    }

    /// <summary>With the closed forms no queue costs rate: as many frames a second as with queues that never fill.</summary>
    [Fact]
    public void Queues_of_the_closed_form_cost_no_rate()
    {
        for (int seed = 1; seed <= 60; seed++)
        {
            var network = new RandomNetwork(seed, 1, 2 + seed % 5, 5 + seed % 7, 6 + seed % 5).Pointwise(4).RandomBlock().RandomBlock();
            var foldings = network.RandomFoldings();
            var netlist = new PipelineNetlist(network.Stages, foldings);
            var endless = Enumerable.Range(0, netlist.Stages.Length).ToDictionary(stage => stage, _ => 1 << 16);
            // Over several frames, as the intervals of a pipeline whose stages hold frames alternate.
            long Span(PipelineNetlist pipeline) => PipelineCycles.Predict(pipeline, 14, Cancellation).Output.FrameEnds is var ends ? ends[^1] - ends[^7] : 0;
            Assert.True(Span(netlist) == Span(new PipelineNetlist(network.Stages, foldings, endless)), $"seed {seed}: {Span(netlist)} cycles for 6 frames, {Span(new PipelineNetlist(network.Stages, foldings, endless))} with endless queues");
        }
    }

    /// <summary>A concat takes a pixel from one operand and then from the other; neither's engine waits for that.</summary>
    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 2)]
    public async Task A_concat_costs_no_rate(int one, int three)
    {
        RequiredTools.RequireIcarus();
        var network = new RandomNetwork(1, 2, 4, 8, 8).Pointwise(4);
        string fork = network.Last, first = network.Pointwise(8 * one).Last;
        network.From(fork).Convolve(8 * three, 3, 1, Padding.All(1)).Concat(first);
        // A result of either in the same time, so that no engine is idle.
        var netlist = new PipelineNetlist(network.Stages, [new(1, 1, 1), new(1, 1, one), new(1, 9, three), new(4, 1, 1)]);
        Assert.Equal(2, netlist.SkipQueues.Count(queue => queue.Name.StartsWith("s03", StringComparison.Ordinal)));
        Assert.InRange(PipelineCycles.Predict(netlist, 6, Cancellation).Interval, netlist.IntervalBound, netlist.IntervalBound * 21 / 20);
        var report = await Run(netlist, network.Vectors());
        Assert.True(report.Passed, report.Verdict);
        Assert.Empty(report.Differences);
    }

    /// <summary>Every other queue is as deep as its credits need: with a place fewer the bytes are right, but the frame is late.</summary>
    [Fact]
    public async Task One_place_too_few_behind_an_engine_costs_cycles()
    {
        RequiredTools.RequireIcarus();
        var network = new RandomNetwork(5, 2, 2, 4, 4).Pointwise(4);
        var netlist = new PipelineNetlist(network.Stages, [new StageFolding(2, 1, 4)]);
        int depth = netlist.Stages[0].QueueDepth;
        var vectors = network.Vectors();
        long full = PipelineCycles.Predict(netlist, 2, Cancellation).Output.FrameEnds[1];
        string folder = _folder["network"];
        NetworkFolder.Write(netlist, vectors, folder, Cancellation);
        Assert.Contains($"end=out cycle={full}\n", await Simulate(folder, depth, depth));
        string less = await Simulate(folder, depth, depth - 1);
        Assert.Contains("\nPASS\n", less);
        Assert.DoesNotContain($"end=out cycle={full}\n", less);
    }

    /// <summary>What an engineer takes away lints without a warning, has no latch, and runs.</summary>
    [Theory]
    [InlineData(2, "LeNet")]
    [InlineData(4, "inverted residual")]
    public async Task The_folder_of_a_network_is_lint_clean_and_runs(int seed, string kind)
    {
        RequiredTools.Require(ExternalTool.Verilator, ExternalTool.Yosys, ExternalTool.Make);
        RequiredTools.RequireIcarus();
        var network = RandomNetwork.Make(seed, kind);
        string folder = _folder["network"];
        NetworkFolder.Write(new PipelineNetlist(network.Stages, network.RandomFoldings()), network.Vectors(), folder, Cancellation);
        await ExternalTool.Make.RequireSuccessAsync(["lint", "icarus"], folder, TimeSpan.FromMinutes(3), cancellation: Cancellation);
    }

    private static async Task<string> Simulate(string folder, int depth, int changed)
    {
        string top = Path.Combine(folder, "rtl", "net_top.sv"), text = await File.ReadAllTextAsync(top, Cancellation);
        Assert.Contains($".QueueDepth      ({depth})", text);
        await File.WriteAllTextAsync(top, text.Replace($".QueueDepth      ({depth})", $".QueueDepth      ({changed})", StringComparison.Ordinal), Cancellation);
        return (await ExternalTool.Make.RunAsync(["-B", "icarus"], folder, TimeSpan.FromMinutes(2), cancellation: Cancellation)).Output;
    }

    /// <summary>The shortest skip queue with which the model does not deadlock.</summary>
    private static int Shortest(StageGraph graph, IReadOnlyList<StageFolding> foldings, int add)
    {
        for (int depth = 1; ; depth++)
        {
            try
            {
                PipelineCycles.Predict(new PipelineNetlist(graph, foldings, new Dictionary<int, int> { [add] = depth }), 2, Cancellation);
                return depth;
            }
            catch (RtlException)
            {
                // Longer, then.
            }
        }
    }

    private Task<NetworkCoSimulationReport> Run(PipelineNetlist netlist, NetworkVectors vectors, StallPattern? stalls = null) =>
        new NetworkCoSimulator(new IcarusSimulator(_folder.Path)).RunAsync(netlist, vectors, stalls, Cancellation);
}
