using System.Globalization;
using AccelSim.Graph;
using AccelSim.Systolic;
using AccelSim.Systolic.Memory;

namespace AccelSim.Tests.Systolic;

/// <summary>Layers whose steps wait for one another: what a step costs and where its weights are.</summary>
public sealed class SequenceTimingTests
{
    private const int Inputs = 6;
    private const int Images = 2;

    public static TheoryData<RecurrentCell, bool> Cells => new()
    {
        { RecurrentCell.Simple, false },
        { RecurrentCell.Lstm, false },
        { RecurrentCell.Gru, false },
        { RecurrentCell.Gru, true },
    };

    private static int Gates(RecurrentCell cell) => cell switch
    {
        RecurrentCell.Simple => 1,
        RecurrentCell.Lstm => 4,
        _ => 3,
    };

    private static LayerGraph Sequence(RecurrentCell cell, int steps, int hidden, bool resetAfter = false)
    {
        int rows = Gates(cell) * hidden;
        return TimedGraphs.Layer(
            new Recurrent(cell, LinearBeforeReset: resetAfter),
            [Shape.Of(steps, Images, Inputs)],
            ("input_weight", Shape.Of(rows, Inputs)),
            ("recurrent_weight", Shape.Of(rows, hidden)),
            ("bias", Shape.Of(2 * rows)));
    }

    private static LayerTiming Time(ArrayConfiguration array, LayerGraph graph) => new SystolicSimulator(array).Time(graph).Single();

    /// <summary>One more step costs one more of each step's products and gates, and its share of the input's product: the cost is a line in the steps.</summary>
    [Theory]
    [MemberData(nameof(Cells))]
    public void The_cost_grows_with_the_length_of_the_sequence(RecurrentCell cell, bool resetAfter)
    {
        foreach (var dataflow in Enum.GetValues<Dataflow>())
        {
            var array = TestArrays.Of(16, 16, dataflow);
            // Multiples of 16 pixels, so that the input's product is cut into whole folds.
            LayerTiming[] times = [.. Enumerable.Range(1, 4).Select(i => Time(array, Sequence(cell, 16 * i, 40, resetAfter)))];
            for (int i = 1; i < times.Length; i++)
            {
                Assert.True(times[i].Total > times[i - 1].Total);
                Assert.Equal((i + 1) * times[0].Macs, times[i].Macs);
                Assert.Equal((i + 1) * times[0].Stalls[StallCause.VectorUnit], times[i].Stalls[StallCause.VectorUnit]);
            }
            Assert.Equal(times[3].Total - times[2].Total, times[2].Total - times[1].Total);
        }
    }

    /// <summary>By hand: 64 units of an LSTM on 8×16 without drain to hide: 4·64 ÷ 16 column folds and 64 ÷ 8 row folds a step, each of 2 images.</summary>
    [Fact]
    public void A_step_is_a_product_of_the_states_with_the_gates()
    {
        var array = TestArrays.Of(8, 16, Dataflow.WeightStationary);
        var (one, two) = (Time(array, Sequence(RecurrentCell.Lstm, 1, 64)), Time(array, Sequence(RecurrentCell.Lstm, 2, 64)));
        // The input's product has 6 rows and 16 column folds: each takes 2 more steps.
        Assert.Equal(16 * 2 + 16 * 8 * 2, two.Compute - one.Compute);
        Assert.Equal(16 * 8 * (8 + 8 + 16 - 2), two.FillDrain - one.FillDrain);
        Assert.Equal(2L * Images * 4 * 64 * (Inputs + 64), two.Macs);
        Assert.Contains("(16 folds), then 2 steps of 128 folds, weights held on the chip; ", two.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_fit_one_fold_stay_in_the_array()
    {
        var array = TestArrays.Of(16, 16, Dataflow.WeightStationary);
        var (held, loaded) = (Time(array, Sequence(RecurrentCell.Simple, 10, 16)), Time(array with { Rows = 15 }, Sequence(RecurrentCell.Simple, 10, 16)));
        Assert.Contains("weights held in the array", held.Note, StringComparison.Ordinal);
        Assert.Contains("weights held on the chip", loaded.Note, StringComparison.Ordinal);
        // 16 × 16 of the state's once, 6 × 16 of the input's once; or the state's in each step.
        Assert.Equal(4 * (16 * 16 + 6 * 16), Read(held, "weights"));
        Assert.Equal(4 * (10 * 16 * 16 + 6 * 16), Read(loaded, "weights"));
        // A later step has no load: 2 images, then 15 and 15 cycles of skew.
        Assert.Equal(10 * (2 + 15 + 15) + 16, held.Compute + held.FillDrain - InputProduct(10 * Images, 16, 16));
        Assert.Contains("weights held on the chip", Time(array with { Dataflow = Dataflow.OutputStationary }, Sequence(RecurrentCell.Simple, 10, 16)).Note, StringComparison.Ordinal);

        // 6 rows to load, then all pixels and the skew.
        static long InputProduct(int pixels, int rows, int columns) => Inputs + pixels + rows - 1 + columns - 1;
    }

    [Fact]
    public void Weights_that_do_not_fit_come_from_dram_in_each_step()
    {
        var graph = Sequence(RecurrentCell.Gru, 7, 40, resetAfter: true);
        long recurrent = 4 * 3 * 40 * 40, rest = 4 * (3 * 40 * Inputs + 2 * 3 * 40), sequence = 4 * 7 * Images * Inputs;
        var array = TestArrays.Of(16, 16, Dataflow.WeightStationary);
        // Double-buffered: half is room. All weights together never fit twice.
        var held = Time(array with { Memory = MemoryHierarchy.Split(1L << 40, recurrent + rest - 1, new Dram(1e15), Buffering.Single) }, graph);
        var streamed = Time(array with { Memory = MemoryHierarchy.Split(1L << 40, recurrent - 1, new Dram(1e15), Buffering.Single) }, graph);
        var resident = Time(array, graph);
        Assert.Equal((sequence + recurrent + rest, sequence + 7 * recurrent + rest, sequence), (Read(held, "DRAM"), Read(streamed, "DRAM"), Read(resident, "DRAM")));
        Assert.Contains("weights held on the chip", held.Note, StringComparison.Ordinal);
        Assert.Contains("weights streamed from DRAM again in each step", streamed.Note, StringComparison.Ordinal);
        Assert.Equal(held.Compute + held.FillDrain, streamed.Compute + streamed.FillDrain);
        // A slow DRAM makes the difference one of time.
        var slow = array with { Memory = MemoryHierarchy.Split(1 << 30, recurrent - 1, new Dram(1e9), Buffering.Single) };
        Assert.Equal(6 * recurrent, Time(slow, graph).Stalls[StallCause.DramBandwidth] - Time(slow with { Memory = slow.Memory.Resized("weights", recurrent + rest - 1) }, graph).Stalls[StallCause.DramBandwidth]);
    }

    [Fact]
    public void A_gru_that_resets_first_has_two_products_a_step()
    {
        var array = TestArrays.Of(16, 16, Dataflow.WeightStationary);
        var (before, after) = (Time(array, Sequence(RecurrentCell.Gru, 5, 16)), Time(array, Sequence(RecurrentCell.Gru, 5, 16, resetAfter: true)));
        Assert.Contains("5 steps of 2 folds and 1 fold, ", before.Note, StringComparison.Ordinal);
        Assert.Contains("5 steps of 3 folds, ", after.Note, StringComparison.Ordinal);
        Assert.Equal(after.Macs, before.Macs);
    }

    /// <summary>U dot products of U, one after another: twice the units take four times the weights and more than twice the time.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(64)]
    public void A_hopfield_sweep_takes_a_dot_product_a_unit(int units)
    {
        var array = TestArrays.Of(16, 16, Dataflow.WeightStationary);
        var timing = Time(array, TimedGraphs.Layer(new HopfieldSweep(), [Shape.Of(3, units)], ("weight", Shape.Of(units, units))));
        int folds = (units + 15) / 16;
        Assert.Equal(units * folds * 3, timing.Compute);
        // Rows of the last fold are what remains of the units.
        Assert.Equal(units * (units + folds * (16 - 1)), timing.FillDrain);
        Assert.Equal(3L * units * (units - 1), timing.Macs);
        Assert.Equal(units, timing.Stalls[StallCause.VectorUnit]);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"float32: {units} steps of {folds} folds, each with its own weights"), timing.Note, StringComparison.Ordinal);
        Assert.Equal(4 * units * units, Read(timing, "weights"));
    }

    private static long Read(LayerTiming timing, string level) => timing.Traffic.Single(traffic => traffic.Level == level).ReadBytes;
}
