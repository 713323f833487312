using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;
using AccelSim.Studies.Simulate;
using AccelSim.Systolic;
using AccelSim.Systolic.Mapping;
using AccelSim.Systolic.Memory;

namespace AccelSim.Tests.Systolic;

/// <summary>Depthwise layers with the pointwise layers behind them, in whole networks.</summary>
public sealed class FusionTests
{
    private static readonly ArrayConfiguration Apart =
        TestArrays.Of(32, 32, Dataflow.WeightStationary, FoldSchedule.Pipelined) with { Depthwise = new DepthwiseEngine(32, 9), VectorLanes = 1024 };

    private static readonly LayerGraph MobileNet = TimedGraphs.Quantized(FloatPasses.Run(NetworkZoo.Find("mobilenet_v1").Build(new NetworkOptions(Resolution: 128)).WithSeededWeights(1)));

    [Fact]
    public void An_engine_and_an_array_work_at_the_same_time()
    {
        var apart = new SystolicSimulator(Apart).Time(MobileNet);
        var fused = new SystolicSimulator(Apart with { FuseDepthwise = true }).Time(MobileNet);
        Assert.Equal(apart.Select(timing => (timing.Layer, timing.Macs)), fused.Select(timing => (timing.Layer, timing.Macs)));
        Assert.True(fused.Sum(timing => timing.Total) < apart.Sum(timing => timing.Total));
        Assert.All(apart, timing => Assert.Equal(0, timing.Hidden));
        var pairs = fused.Where(timing => timing.Note.Contains("fused with", StringComparison.Ordinal)).ToList();
        Assert.InRange(pairs.Count, 10, 26);
        Assert.Equal(0, pairs.Count % 2);
        Assert.All(fused, timing => Assert.InRange(timing.Hidden, 0, timing.Compute + timing.FillDrain + timing.Stalls.Values.Sum()));
        Assert.All(fused, timing => Assert.InRange(timing.Utilization, 0, 1));
        // Where no transfer is in the way, a pair takes what its schedule says.
        foreach (var (first, second) in fused.Zip(fused.Skip(1)).Where(pair => pair.First.Hidden > 0))
        {
            string note = first.Note;
            int at = note.IndexOf(" cycles together", StringComparison.Ordinal);
            long together = long.Parse(note[(note.LastIndexOf(' ', at - 1) + 1)..at], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(together, first.Total + second.Total - first.Stalls.Values.Sum() - second.Stalls.Values.Sum());
        }
    }

    /// <summary>With one byte a cycle from DRAM and no room, what is between the layers costs; fused it does not leave the chip, though one array does both in turn.</summary>
    [Fact]
    public void Without_an_engine_the_transfers_between_the_layers_are_saved()
    {
        var slow = Apart with { Depthwise = null, Memory = TestMemory(48 << 10) };
        var apart = new SystolicSimulator(slow).Time(MobileNet);
        var fused = new SystolicSimulator(slow with { FuseDepthwise = true }).Time(MobileNet);
        Assert.Contains(fused, timing => timing.Note.Contains("fused with", StringComparison.Ordinal));
        Assert.All(fused, timing => Assert.Equal(0, timing.Hidden));
        Assert.True(Dram(fused) < Dram(apart), $"{Dram(fused)} bytes fused, {Dram(apart)} apart");
        Assert.True(fused.Sum(timing => timing.Total) < apart.Sum(timing => timing.Total));

        static long Dram(IReadOnlyList<LayerTiming> timings) =>
            timings.SelectMany(timing => timing.Traffic).Where(traffic => traffic.Level == "DRAM").Sum(traffic => traffic.ReadBytes + traffic.WrittenBytes);
    }

    /// <summary>Both layers' bytes pass one DRAM: however much is hidden, a pair takes no less than they take.</summary>
    [Fact]
    public void Nothing_hides_behind_a_DRAM_that_is_busy()
    {
        var slow = Apart with { FuseDepthwise = true, Memory = TestMemory(256 << 10) };
        var fused = new SystolicSimulator(slow).Time(MobileNet);
        double bytes = fused.SelectMany(timing => timing.Traffic).Where(traffic => traffic.Level == "DRAM").Sum(traffic => (double)traffic.ReadBytes + traffic.WrittenBytes);
        Assert.True(fused.Sum(timing => timing.Total) >= bytes / slow.DramBytesPerCycle);
    }

    /// <summary>A layer whose value two layers read, or that is an output, is not fused.</summary>
    [Fact]
    public void Only_a_value_that_one_pointwise_layer_reads_is_fused()
    {
        Assert.Equal(2, Fused((builder, dw) => [builder.Convolution("pw", dw, 64, 1, bias: true)]));
        Assert.Equal(0, Fused((builder, dw) => [builder.Convolution("pw", dw, 64, 1, bias: true), builder.Convolution("pw2", dw, 64, 1, bias: true)]));
        Assert.Equal(0, Fused((builder, dw) => [builder.Convolution("pw", dw, 64, 3, bias: true)]));
        Assert.Equal(0, Fused((builder, dw) => [builder.Convolution("pw", dw, 64, 1, bias: true), dw]));

        static int Fused(Func<GraphBuilder, string, string[]> define)
        {
            var builder = new GraphBuilder("test");
            string dw = builder.Convolution("dw", builder.Input("x", Shape.Of(1, 64, 32, 32)), 64, 3, groups: 64, bias: true);
            var graph = TimedGraphs.Quantized(builder.Build(define(builder, dw)));
            return new SystolicSimulator(Apart with { FuseDepthwise = true }).Time(graph).Count(timing => timing.Note.Contains("fused with", StringComparison.Ordinal));
        }
    }

    /// <summary>
    /// An activation between the two is done tile by tile, and neither its value nor the one before leaves the chip; a squeeze-and-excite needs the whole plane first, and the
    /// note names it. MobileNetV3 has both kinds of block.
    /// </summary>
    [Fact]
    public void An_activation_is_fused_through_and_a_squeeze_and_excite_is_named()
    {
        var graph = TimedNetwork.Quantized(NetworkZoo.Find("mobilenet_v3_large").Build(new NetworkOptions()));
        var slow = Apart with { Memory = TestMemory(56 << 10) };
        var apart = new SystolicSimulator(slow).Time(graph);
        var fused = new SystolicSimulator(slow with { FuseDepthwise = true }).Time(graph);
        Assert.Equal(apart.Sum(timing => timing.Macs), fused.Sum(timing => timing.Macs));
        var between = Enumerable.Range(0, fused.Count).Where(i => fused[i].Note.Contains("tile by tile between two fused layers", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(between);
        Assert.All(between, i =>
        {
            Assert.Contains($"fused with {fused[i + 1].Layer}", fused[i - 1].Note, StringComparison.Ordinal);
            Assert.Equal(0, DramOf(fused[i]));
            Assert.Equal(0, fused[i - 1].Traffic.Single(traffic => traffic.Level == "DRAM").WrittenBytes);
            Assert.True(DramOf(apart[i]) > 0);
            Assert.Equal(apart[i].Compute, fused[i].Compute);
        });
        Assert.True(fused.Sum(DramOf) < apart.Sum(DramOf));
        var squeezed = graph.Layers.Select((layer, i) => (layer, i)).Where(each => each.layer.Operator is Convolution convolution && convolution.IsDepthwise(graph.TypeOf(each.layer.Inputs[0])) && fused[each.i].Note.Contains("; not fused: ", StringComparison.Ordinal)).ToList();
        Assert.Contains(squeezed, each => fused[each.i].Note.Contains(" and ", StringComparison.Ordinal) && fused[each.i].Note.Contains(" read ", StringComparison.Ordinal));
        // Every depthwise layer is fused or says why not.
        Assert.All(graph.Layers.Select((layer, i) => (layer, i)).Where(each => each.layer.Operator is Convolution convolution && convolution.IsDepthwise(graph.TypeOf(each.layer.Inputs[0]))),
            each => Assert.True(fused[each.i].Note.Contains("fused with", StringComparison.Ordinal) || fused[each.i].Note.Contains("; not fused: ", StringComparison.Ordinal), fused[each.i].Note));

        static long DramOf(LayerTiming timing) => timing.Traffic.Where(traffic => traffic.Level == "DRAM").Sum(traffic => traffic.ReadBytes + traffic.WrittenBytes);
    }

    private static MemoryHierarchy TestMemory(long activationBytes) => new(
        [
            new MemoryLevel("activations", MemoryContents.Activations, activationBytes, Buffering.Double),
            new MemoryLevel("weights", MemoryContents.Weights, 8 << 20, Buffering.Double),
            new MemoryLevel("partial sums", MemoryContents.PartialSums, 8 << 20, Buffering.Double),
        ],
        new Dram(4e9));
}
