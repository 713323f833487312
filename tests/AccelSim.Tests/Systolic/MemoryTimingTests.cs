using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;
using AccelSim.Systolic;
using AccelSim.Systolic.Memory;

namespace AccelSim.Tests.Systolic;

/// <summary>What the levels of memory do to a layer: figures by hand.</summary>
public sealed class MemoryTimingTests
{
    private static readonly ArrayConfiguration Array = TestArrays.Of(16, 16, Dataflow.WeightStationary, FoldSchedule.Pipelined);

    // 32 channels of 8×8 to 64: 8192 inputs cross the edge in four column folds, 4096 outputs return. 512 + 46 cycles.
    private static LayerGraph Pointwise() => Build(Shape.Of(1, 32, 8, 8), (graph, x) => graph.Convolution("conv", x, 64, 1, bias: true));

    [Theory]
    [InlineData(1, 8.0, 1, 1536 - 558)]
    [InlineData(2, 8.0, 1, 768 - 558)]
    [InlineData(1, 8.0, 2, 768 - 558)]
    [InlineData(4, 8.0, 1, 0)]
    public void Banks_that_are_too_few_or_too_narrow_hold_the_array_up(int banks, double width, int ports, long stall)
    {
        MemoryLevel level = TestArrays.Ample.Levels[0] with { Banks = banks, WidthBytes = width, Ports = ports };
        var timing = Time(Array with { Memory = TestArrays.Ample with { Levels = [level, TestArrays.Ample.Levels[1]] } }, Pointwise());
        Assert.Equal(558, timing.Compute + timing.FillDrain);
        Assert.Equal(stall, timing.Stalls.GetValueOrDefault(StallCause.BankConflict));
        Assert.EndsWith(stall > 512 ? "limited by memory banks" : "limited by compute", timing.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bank_stall_begins_where_the_vector_unit_ends_and_dram_hides_behind_both()
    {
        MemoryLevel level = TestArrays.Ample.Levels[0] with { WidthBytes = 8 };
        // 4096 outputs on four lanes take 1024 cycles, the banks 1536, DRAM 6144 − 16 bytes at four a cycle as many.
        var memory = new MemoryHierarchy([level, TestArrays.Ample.Levels[1]], new Dram(4e9));
        var timing = Time(Array with { VectorLanes = 4, Memory = memory }, Pointwise());
        Assert.Equal(
            new Dictionary<StallCause, long> { [StallCause.VectorUnit] = 1024 - 558, [StallCause.BankConflict] = 1536 - 1024, [StallCause.Dependency] = 4 },
            timing.Stalls);
        Assert.Equal(1536 + 4, timing.Total);
    }

    [Fact]
    public void Nothing_stays_in_a_fifo_and_it_fills_while_it_is_read()
    {
        var fifo = TestArrays.Ample.Levels[1] with { Bytes = 64, Buffering = Buffering.Fifo };
        var memory = new MemoryHierarchy([TestArrays.Ample.Levels[0], fifo], new Dram(1e10));
        var timing = Time(Array with { Memory = memory }, Pointwise());
        Assert.Equal(2048 + 2048 + 4 * 64, Level(timing, "DRAM").ReadBytes);
        Assert.Equal(558, timing.Compute + timing.FillDrain);
        // 272 bytes are waited for; the others take less than the array.
        Assert.Equal(new Dictionary<StallCause, long> { [StallCause.Dependency] = 28, [StallCause.DramBandwidth] = (2048 + 2048 + 256 + 4096 - 272 + 9) / 10 - 558 }, timing.Stalls);
        // Sums in pieces of 32 pixels: the weights of each fold pass a second time.
        var pieces = memory with { Levels = memory.Levels.Add(new MemoryLevel("sums", MemoryContents.PartialSums, 2 * 4 * 16 * 32)) };
        Assert.Equal(2048 + 2 * 2048 + 4 * 64, Level(Time(Array with { Memory = pieces }, Pointwise()), "DRAM").ReadBytes);
    }

    [Fact]
    public void Each_level_is_reported_by_its_name_from_the_array_outwards()
    {
        var memory = new MemoryHierarchy(
            [
                new MemoryLevel("line buffer", MemoryContents.Activations, 1 << 16),
                new MemoryLevel("accumulators", MemoryContents.PartialSums, 1 << 16),
                new MemoryLevel("global buffer", MemoryContents.Activations | MemoryContents.Weights, 1 << 20),
            ],
            new Dram(1e15));
        var timing = Time(Array with { Memory = memory }, Pointwise());
        Assert.Equal(
            [
                // Inputs in once and to the array four times; outputs through.
                new Traffic("line buffer", 4 * 2048 + 4096, 2048 + 4096),
                new Traffic("accumulators", 4 * 4096, 2 * 4 * 4096),
                new Traffic("global buffer", 2048 + 2048 + 4096, 2048 + 4096),
                new Traffic("DRAM", 2048, 4096),
            ],
            timing.Traffic);
        // A line buffer of two rows with their outputs (half of it fills) is filled no more often: rows do not overlap under a 1×1 kernel.
        Assert.Equal(timing.Traffic, Time(Array with { Memory = memory.Resized("line buffer", 2 * 2 * 8 * 32) }, Pointwise()).Traffic);
    }

    [Fact]
    public void An_inner_level_that_holds_less_than_a_window_of_rows_is_filled_again_with_their_halos()
    {
        LayerGraph graph = Build(Shape.Of(1, 1, 16, 16), (b, x) => b.Convolution("conv", x, 16, 3, padding: 1, bias: true));
        // Room for the input of four rows of outputs, six rows of 16 bytes, of which the borders have five: 22 rows are read for 16. No other tile of 96 bytes reads less.
        var memory = new MemoryHierarchy(
            [
                new MemoryLevel("line buffer", MemoryContents.Activations, 2 * 6 * 16),
                new MemoryLevel("global buffer", MemoryContents.Activations | MemoryContents.Weights, 1 << 20),
            ],
            new Dram(1e15));
        var timing = Time(Array with { Memory = memory }, graph);
        Assert.Equal(22 * 16 + 16 * 256, Level(timing, "line buffer").WrittenBytes);
        Assert.Equal(256, Level(timing, "DRAM").ReadBytes);
    }

    [Fact]
    public void Values_stay_by_the_transfers_they_save_where_not_all_of_them_fit()
    {
        // Each value 1024 bytes; at the last two layers three are alive.
        LayerGraph graph = Build(Shape.Of(1, 16, 8, 8), (b, x) =>
        {
            string first = b.Convolution("first", x, 16, 1, bias: true);
            return b.Layer("sum", new Add(), [first, b.Convolution("third", b.Convolution("second", first, 16, 1, bias: true), 16, 1, bias: true)], []);
        });
        Assert.Equal([(1024, 0), (0, 0), (0, 0), (0, 1024)], Dram(3072));
        // Where not all fit half is for tiles: room for one value there. 'second' saves two transfers in two layers, 'first' three in four, the output none.
        Assert.Equal([(1024, 1024), (1024, 0), (0, 1024), (2048, 1024)], Dram(2560));
        Assert.Equal([(1024, 1024), (1024, 1024), (1024, 1024), (2048, 1024)], Dram(1500));

        (long, long)[] Dram(long bytes) =>
        [
            .. new SystolicSimulator(Array with { Memory = TestArrays.Ample.Resized("activations", bytes) }).Time(graph)
                .Select(timing => Level(timing, "DRAM")).Select(traffic => (traffic.ReadBytes, traffic.WrittenBytes)),
        ];
    }

    [Fact]
    public void Short_runs_take_whole_bursts()
    {
        // 32 bytes a pixel, of which a row of eight is a run; weights are one run.
        LayerGraph graph = Pointwise();
        var slow = TestArrays.Ample with { Dram = new Dram(1e9, BurstBytes: 1024) };
        var timing = Time(Array with { Memory = slow }, graph);
        // Eight rows of 256 bytes in, eight of 512 out, each a burst; the traffic is that of bytes.
        Assert.Equal(16 * 1024, timing.Total);
        Assert.Equal(new Traffic("DRAM", 2048, 4096), Level(timing, "DRAM"));
        // Half of the peak is twice the time.
        Assert.Equal(32 * 1024, Time(Array with { Memory = slow with { Dram = slow.Dram with { Efficiency = 0.5 } } }, graph).Total);
    }

    [Fact]
    public void A_layer_of_the_vector_unit_has_a_utilization_of_its_own()
    {
        LayerGraph graph = TimedGraphs.Layer(new Add(), [Shape.Of(1, 16, 4, 4), Shape.Of(1, 16, 4, 4)]);
        Assert.Equal(1, Time(Array, graph).Utilization);
        Assert.Equal(256 / (26.0 * 10), Time(Array with { VectorLanes = 10 }, graph).Utilization);
    }

    public static TheoryData<string, long, double> Memories => new()
    {
        { "mobilenet_v2", 1 << 20, 4e9 },
        { "mobilenet_v2", 1 << 14, 1e9 },
        { "resnet18", 1 << 16, 8e9 },
        { "squeezenet", 1 << 16, 1e10 },
    };

    /// <summary>A layer takes as long as its slowest part at least, and no longer than all of them one after another.</summary>
    [Theory]
    [MemberData(nameof(Memories))]
    public void No_cycle_is_counted_twice_and_none_is_left_out(string network, long bytes, double bandwidth)
    {
        LayerGraph graph = FloatPasses.Run(NetworkZoo.Find(network).Build(new NetworkOptions()));
        var memory = MemoryHierarchy.Split(bytes, bytes, new Dram(bandwidth, 50e-9), accumulatorBytes: 1 << 13);
        foreach (LayerTiming timing in new SystolicSimulator(Array with { Memory = memory }).Time(graph).Where(timing => timing.Traffic.Count > 0))
        {
            Traffic dram = Level(timing, "DRAM");
            double transfer = (dram.ReadBytes + dram.WrittenBytes) / bandwidth * 1e9;
            long waits = timing.Stalls.GetValueOrDefault(StallCause.DramBandwidth) + timing.Stalls.GetValueOrDefault(StallCause.Dependency);
            Assert.True(timing.Total >= transfer, $"{timing.Layer}: {timing.Total} cycles for {transfer} of transfers");
            Assert.True(waits <= transfer + 2, $"{timing.Layer} waits {waits} cycles for {transfer} of transfers");
            Assert.Equal(dram.ReadBytes > 0 ? 50 : 0, timing.Stalls.GetValueOrDefault(StallCause.DramLatency));
            Assert.Contains("; limited by ", timing.Note, StringComparison.Ordinal);
        }
    }

    private static Traffic Level(LayerTiming timing, string level) => timing.Traffic.Single(traffic => traffic.Level == level);

    private static LayerTiming Time(ArrayConfiguration array, LayerGraph graph) => new SystolicSimulator(array).Time(graph).Single();

    private static LayerGraph Build(Shape input, Func<GraphBuilder, string, string> define)
    {
        var builder = new GraphBuilder("test");
        return TimedGraphs.Quantized(builder.Build(define(builder, builder.Input("x", input))));
    }
}
