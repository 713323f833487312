using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;
using AccelSim.Systolic;
using AccelSim.Systolic.Memory;

namespace AccelSim.Tests.Systolic;

/// <summary>The time of whole layers: what is charged, what waits for what, and what the notes say.</summary>
public sealed class TimingTests
{
    private static readonly ArrayConfiguration Array = TestArrays.Of(16, 16, Dataflow.WeightStationary, FoldSchedule.Pipelined);

    // 32 channels of 8×8 to 64: M 64, K 32, N 64, in 2 × 4 folds of 16 × 16 and 64 steps.
    private static LayerGraph Pointwise(int images = 1) => Build(Shape.Of(images, 32, 8, 8), (graph, x) => graph.Convolution("conv", x, 64, 1, bias: true));

    [Fact]
    public void An_ample_memory_leaves_compute_fill_and_drain()
    {
        var timing = Time(Array, Pointwise());
        Assert.Equal(8 * 64, timing.Compute);
        Assert.Equal(16 + 16 + 16 - 2, timing.FillDrain);
        Assert.Equal(64L * 32 * 64, timing.Macs);
        Assert.Equal(256, timing.MacsPerCycle);
        Assert.Equal("16×16 weight-stationary: 8 folds; limited by compute", timing.Note);
        // The input comes from outside and the output goes outside, though at no cost with such a DRAM; the weights stay.
        Assert.Equal(new Traffic("DRAM", 32 * 64, 64 * 64), timing.Traffic.Single(traffic => traffic.Level == "DRAM"));
        Assert.Equal(new Traffic("weights", 32 * 64, 0), timing.Traffic.Single(traffic => traffic.Level == "weights"));
        // Each of four column tiles streams all inputs; outputs pass on their way to DRAM.
        Assert.Equal(new Traffic("activations", 4 * 32 * 64 + 64 * 64, 64 * 64 + 32 * 64), timing.Traffic.Single(traffic => traffic.Level == "activations"));
        // Two row folds of int32 sums for each output, of which the second adds to the first.
        Assert.Equal(new Traffic("partial sums", 4 * 64 * 64, 2 * 4 * 64 * 64), timing.Traffic.Single(traffic => traffic.Level == "partial sums"));
    }

    [Fact]
    public void A_slow_dram_stalls_by_the_bytes_that_do_not_fit_behind_the_work()
    {
        // One byte a cycle.
        var slow = Array with { Memory = MemoryHierarchy.Split(1 << 20, 1 << 20, new Dram(1e9)) };
        var timing = Time(slow, Pointwise());
        long work = timing.Compute + timing.FillDrain;
        // The first vector of inputs, one a row, is waited for; the rest comes while the array works.
        Assert.Equal(16, timing.Stalls[StallCause.Dependency]);
        Assert.Equal(32 * 64 + 64 * 64 - 16 - work, timing.Stalls[StallCause.DramBandwidth]);
        Assert.Equal(32 * 64 + 64 * 64, timing.Total);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_read_and_the_first_tile_is_waited_for()
    {
        var small = Array with { Memory = MemoryHierarchy.Split(1 << 20, 1024, new Dram(64e9)) };
        var timing = Time(small, Pointwise());
        Assert.Equal(new Traffic("DRAM", 32 * 64 + (32 * 64 + 4 * 64), 64 * 64), timing.Traffic.Single(traffic => traffic.Level == "DRAM"));
        // 256 weights and 16 inputs at 64 bytes a cycle; the rest hides.
        Assert.Equal(new Dictionary<StallCause, long> { [StallCause.Dependency] = 5 }, timing.Stalls);
        Assert.Equal("16×16 weight-stationary: 8 folds; 4 tiles of 8×8 pixels, 32 to 16 channels; limited by compute", timing.Note);
    }

    [Fact]
    public void Inputs_that_do_not_fit_come_in_bands_and_again_only_where_weights_do_not_fit_either()
    {
        var small = Array with { Memory = MemoryHierarchy.Split(2048, 1 << 20, new Dram(1e15)) };
        Assert.Equal(32 * 64, Time(small, Pointwise()).Traffic.Single(traffic => traffic.Level == "DRAM").ReadBytes);
        // 512 bytes hold 16 filters, whose outputs leave room for two of eight rows: inputs once and weights four times, or the other way round.
        var both = small with { Memory = MemoryHierarchy.Split(2048, 1024, new Dram(1e15)) };
        Assert.Equal((1 + 4) * 32 * 64 + 4 * 64, Time(both, Pointwise()).Traffic.Single(traffic => traffic.Level == "DRAM").ReadBytes);
    }

    [Fact]
    public void Accumulators_that_do_not_hold_a_stream_cut_it_and_the_weights_load_again()
    {
        // 2 × 16 columns × 4 bytes × 40: pieces of 40 and 24 pixels.
        var few = Array with { Schedule = FoldSchedule.Serial, Memory = MemoryHierarchy.Split(1L << 40, 1L << 40, new Dram(1e15), accumulatorBytes: 5120) };
        var timing = Time(few, Pointwise());
        Assert.Equal("16×16 weight-stationary: 16 folds; limited by fill and drain", timing.Note);
        Assert.Equal((8 * 64, 16 * (16 + 16 + 16 - 2)), (timing.Compute, timing.FillDrain));
        Assert.Equal(2 * 32 * 64, timing.Traffic.Single(traffic => traffic.Level == "weights").ReadBytes);
        // A depth that fits the rows leaves no sums to hold.
        Assert.Equal("32×16 weight-stationary: 4 folds; limited by fill and drain", Time(few with { Rows = 32 }, Pointwise()).Note);
    }

    [Fact]
    public void Weights_of_a_cut_stream_come_from_dram_again_only_where_a_column_tile_does_not_fit()
    {
        var cut = Array with { Memory = MemoryHierarchy.Split(1 << 20, 1024, new Dram(1e15), accumulatorBytes: 5120) };
        Assert.Equal(32 * 64 + 32 * 64 + 4 * 64, Time(cut, Pointwise()).Traffic.Single(traffic => traffic.Level == "DRAM").ReadBytes);
        var tiny = cut with { Memory = cut.Memory.Resized("weights", 1022) };
        // Half of the channels, so that sums wait for the other half: room for those of five of eight rows. Biases stay.
        Assert.Equal(32 * 64 + 2 * 32 * 64 + 4 * 64, Time(tiny, Pointwise()).Traffic.Single(traffic => traffic.Level == "DRAM").ReadBytes);
    }

    /// <summary>With room for everything the traffic is the same, and a single buffer hides none of it.</summary>
    [Fact]
    public void A_single_buffer_waits_for_all_of_its_transfer()
    {
        var twice = Array with { Memory = MemoryHierarchy.Split(1 << 24, 1 << 24, new Dram(1e9)) };
        var single = twice with { Memory = MemoryHierarchy.Split(1 << 24, 1 << 24, new Dram(1e9), Buffering.Single) };
        var graph = NetworkZoo.Find("mobilenet_v1").Build(new NetworkOptions(Width: 0.25, Resolution: 64));
        graph = TimedGraphs.Quantized(FloatPasses.Run(graph));
        var hidden = new SystolicSimulator(twice).Time(graph);
        var waiting = new SystolicSimulator(single).Time(graph);
        Assert.Equal(hidden.SelectMany(layer => layer.Traffic), waiting.SelectMany(layer => layer.Traffic));
        Assert.All(hidden.Zip(waiting), pair => Assert.True(pair.First.Total <= pair.Second.Total, pair.First.Layer));
        Assert.True(hidden.Sum(layer => layer.Total) < waiting.Sum(layer => layer.Total));
    }

    [Fact]
    public void Latency_is_paid_once_by_a_layer_that_reads_dram()
    {
        var late = Array with { Memory = TestArrays.Ample with { Dram = new Dram(1e15, 100e-9) } };
        Assert.Equal(100, Time(late, Pointwise()).Stalls[StallCause.DramLatency]);
    }

    [Fact]
    public void Too_few_vector_lanes_hold_the_array_up()
    {
        var narrow = Array with { VectorLanes = 1 };
        var timing = Time(narrow, Pointwise());
        Assert.Equal(64 * 64 - timing.Compute - timing.FillDrain, timing.Stalls[StallCause.VectorUnit]);
    }

    [Fact]
    public void A_value_between_layers_stays_on_the_chip_while_everything_alive_fits()
    {
        var graph = Build(Shape.Of(1, 16, 8, 8), (b, x) => b.Convolution("second", b.Convolution("first", x, 16, 1, bias: true), 16, 1, bias: true));
        var fits = Array with { Memory = TestArrays.Ample.Resized("activations", 2048) };
        var spills = Array with { Memory = TestArrays.Ample.Resized("activations", 2047) };
        Assert.Equal([(1024, 0), (0, 1024)], Dram(fits));
        Assert.Equal([(1024, 1024), (1024, 1024)], Dram(spills));

        (long, long)[] Dram(ArrayConfiguration array) =>
            [.. new SystolicSimulator(array).Time(graph).Select(timing => timing.Traffic.Single(traffic => traffic.Level == "DRAM")).Select(t => (t.ReadBytes, t.WrittenBytes))];
    }

    // 512 weights with 128 bytes of biases, beside at most 2 × 1024 activations; the input of 1024 is always read.
    [Theory]
    [InlineData(2048 + 640, 1024)]
    [InlineData(2048 + 639, 1024 + 1024)]
    [InlineData(1000, 1024 + 1024 + 640)]
    public void A_shared_memory_keeps_everything_or_is_halved(long bytes, long read)
    {
        var graph = Build(Shape.Of(1, 16, 8, 8), (b, x) => b.Convolution("second", b.Convolution("first", x, 16, 1, bias: true), 16, 1, bias: true));
        var shared = Array with { Memory = new MemoryHierarchy([new MemoryLevel("shared", MemoryContents.Activations | MemoryContents.Weights, bytes, Buffering.Single)], new Dram(1e15)) };
        var dram = new SystolicSimulator(shared).Time(graph).Select(timing => timing.Traffic.Single(traffic => traffic.Level == "DRAM"));
        Assert.Equal(read, dram.Sum(traffic => traffic.ReadBytes));
    }

    [Fact]
    public void Auto_takes_the_mapping_of_fewer_cycles_and_says_which_and_why()
    {
        var depthwise = Build(Shape.Of(1, 32, 8, 8), (graph, x) => graph.Convolution("dw", x, 32, 3, groups: 32, bias: true));
        var wide = TestArrays.Of(64, 64, Dataflow.WeightStationary);
        var auto = Time(wide, depthwise);
        var one = Time(wide with { Groups = GroupMapping.OneGroupAFold }, depthwise);
        var many = Time(wide with { Groups = GroupMapping.GroupsAcrossColumns }, depthwise);
        Assert.Equal("64×64 weight-stationary: 7 groups across columns (5 folds of 63×7, 950 cycles); one group a fold (32 folds of 9×1, 4352 cycles); 1×2 pixels of 5 groups across columns (7 folds of 60×10, 1106 cycles); limited by fill and drain", auto.Note);
        Assert.Equal("64×64 weight-stationary: one group a fold (32 folds of 9×1, 4352 cycles), as asked; 7 groups across columns (5 folds of 63×7, 950 cycles); 1×2 pixels of 5 groups across columns (7 folds of 60×10, 1106 cycles); limited by fill and drain", one.Note);
        Assert.Equal("64×64 weight-stationary: 7 groups across columns (5 folds of 63×7, 950 cycles), as asked; one group a fold (32 folds of 9×1, 4352 cycles); 1×2 pixels of 5 groups across columns (7 folds of 60×10, 1106 cycles); limited by fill and drain", many.Note);
        Assert.Equal((950, 4352, 950), (auto.Compute + auto.FillDrain, one.Compute + one.FillDrain, many.Compute + many.FillDrain));
        Assert.Equal("8×8 weight-stationary: one group a fold, no two fit side by side; 64 folds of 8×1; limited by compute", Time(TestArrays.Of(8, 8, Dataflow.WeightStationary), depthwise).Note);
    }

    public static TheoryData<string> Families => [.. NetworkZoo.Families.Select(family => family.Name)];

    /// <summary>As the paper gives it, batch normalization and activations as layers of their own: no weights are needed.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void No_layer_is_free_by_omission(string family)
    {
        foreach (var timing in new SystolicSimulator(Array).Time(NetworkZoo.Find(family).Build(new NetworkOptions())))
        {
            Assert.NotEmpty(timing.Note);
            Assert.True(timing.Total > 0 || timing.Note.Contains("a view", StringComparison.Ordinal), $"{timing.Layer} is free");
            Assert.InRange(timing.Utilization, 0, 1);
        }
    }

    [Theory]
    [InlineData(Dataflow.OutputStationary)]
    [InlineData(Dataflow.WeightStationary)]
    [InlineData(Dataflow.InputStationary)]
    public void Macs_agree_with_the_graph_and_a_batch_costs_at_most_its_images(Dataflow dataflow)
    {
        var simulator = new SystolicSimulator(TestArrays.Of(16, 16, dataflow, FoldSchedule.Pipelined));
        var graph = FloatPasses.Run(NetworkZoo.Find("mobilenet_v2").Build(new NetworkOptions(Resolution: 96)).WithSeededWeights(1));
        var one = simulator.Time(graph);
        var eight = simulator.Time(graph.WithBatch(8));
        Assert.Equal(graph.Layers.Select(layer => layer.Name), one.Select(timing => timing.Layer));
        Assert.Equal(graph.TotalCost().Macs, one.Sum(timing => timing.Macs));
        Assert.All(one.Zip(eight), pair => Assert.InRange(pair.Second.Total, pair.First.Total, 8 * pair.First.Total));
    }

    /// <summary>A float graph takes the array as long; its bytes are four times as many, and its note says float32.</summary>
    [Fact]
    public void A_float_graph_without_weights_is_timed_by_the_size_of_its_elements()
    {
        var builder = new GraphBuilder("float");
        var graph = builder.Build(builder.Convolution("conv", builder.Input("x", Shape.Of(1, 32, 8, 8)), 64, 1, bias: true));
        var (codes, reals) = (Time(Array, Pointwise()), Time(Array, graph));
        Assert.Equal((codes.Compute, codes.FillDrain), (reals.Compute, reals.FillDrain));
        Assert.Equal("16×16 weight-stationary, float32: 8 folds; limited by compute", reals.Note);
        foreach (string level in (string[])["activations", "weights", "DRAM"])
        {
            var (one, four) = (codes.Traffic.Single(traffic => traffic.Level == level), reals.Traffic.Single(traffic => traffic.Level == level));
            Assert.Equal(new Traffic(level, 4 * one.ReadBytes, 4 * one.WrittenBytes), four);
        }
        // Sums are four bytes in both.
        Assert.Equal(codes.Traffic.Single(traffic => traffic.Level == "partial sums"), reals.Traffic.Single(traffic => traffic.Level == "partial sums"));
    }

    [Theory]
    [InlineData("rows 0; allowed: 1 to 4096")]
    [InlineData("columns 5000; allowed: 1 to 4096")]
    [InlineData("vector lanes 0; allowed: 1 or more")]
    [InlineData("clock in Hz -1; allowed: more than 0")]
    [InlineData("DRAM bytes a second 0; allowed: more than 0")]
    [InlineData("'weights' bytes -1; allowed: 0 or more")]
    [InlineData("bytes of partial sums in use at one time 63; allowed: 64 or more, one int32 a column")]
    public void A_number_out_of_range_is_named(string text)
    {
        var wrong = text.Split(' ')[0] switch
        {
            "rows" => Array with { Rows = 0 },
            "columns" => Array with { Columns = 5000 },
            "vector" => Array with { VectorLanes = 0 },
            "clock" => Array with { ClockHz = -1 },
            "DRAM" => Array with { Memory = Array.Memory with { Dram = new Dram(0) } },
            "bytes" => Array with { Memory = MemoryHierarchy.Split(1, 1, new Dram(1), accumulatorBytes: 127) },
            _ => Array with { Memory = Array.Memory.Resized("weights", -1) },
        };
        Assert.Equal($"The array '16x16' has {text}.", Assert.Throws<ArrayConfigurationException>(() => new SystolicSimulator(wrong)).Message);
    }

    private static LayerTiming Time(ArrayConfiguration array, LayerGraph graph) => new SystolicSimulator(array).Time(graph).Single();

    private static LayerGraph Build(Shape input, Func<GraphBuilder, string, string> define)
    {
        var builder = new GraphBuilder("test");
        return TimedGraphs.Quantized(builder.Build(define(builder, builder.Input("x", input))));
    }
}
