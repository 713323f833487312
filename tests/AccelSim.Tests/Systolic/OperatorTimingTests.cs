using AccelSim.Graph;
using AccelSim.Systolic;
using AccelSim.Tests.Conformance;

namespace AccelSim.Tests.Systolic;

/// <summary>What each kind of layer is charged, in cycles and bytes.</summary>
public sealed class OperatorTimingTests
{
    private static readonly ArrayConfiguration Array = TestArrays.Of(16, 16, Dataflow.WeightStationary, FoldSchedule.Pipelined);

    public static TheoryData<string> Operators => [.. RandomCase.FloatOperators];

    /// <summary>The random layers of the conformance suite, as reals and as codes.</summary>
    [Theory]
    [MemberData(nameof(Operators))]
    public void Any_layer_costs_cycles_and_moves_its_bytes_or_is_a_view(string @operator)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Check(RandomCase.Float(@operator, seed).Graph);
            if (RandomCase.IntegerOperators.Contains(@operator))
                Check(RandomCase.Integer(@operator, seed).Graph);
        }

        void Check(LayerGraph graph)
        {
            foreach (var dataflow in Enum.GetValues<Dataflow>())
            {
                foreach (var timing in new SystolicSimulator(Array with { Dataflow = dataflow }).Time(graph))
                {
                    var layer = graph.LayerNamed(timing.Layer);
                    long output = graph.TypeOf(layer.Name).Bytes;
                    if (timing.Note.Contains("a view", StringComparison.Ordinal))
                    {
                        Assert.True(layer.Operator is Reshape or Flatten, layer.Operator.Name);
                        Assert.Equal((0L, 0), (timing.Total, timing.Traffic.Count));
                        continue;
                    }
                    Assert.True(timing.Compute >= 1, timing.Note);
                    Assert.InRange(timing.Utilization, 0, 1);
                    var (read, written) = (timing.Traffic.Single(t => t.Level == "activations").ReadBytes, timing.Traffic.Single(t => t.Level == "activations").WrittenBytes);
                    Assert.True(written >= output, $"{timing.Layer} writes {written} of {output} bytes");
                    Assert.True(layer.Inputs.IsEmpty || read >= 1, $"{timing.Layer} reads nothing");
                    if (graph.Outputs.Contains(layer.Name))
                        Assert.True(timing.Traffic.Single(t => t.Level == "DRAM").WrittenBytes >= output, $"{timing.Layer} leaves no output");
                }
            }
        }
    }

    /// <summary>From memory to memory on the chip: what is read is what is written is what is moved, codes a quarter of reals.</summary>
    [Fact]
    public void Movement_is_charged_by_the_bytes_that_move()
    {
        var shape = Shape.Of(2, 6, 4, 5);
        (Operator Move, long Read, long Written)[] moves =
        [
            (new Slice(1, 4, 2, -3), 2 * 2 * 4 * 5, 2 * 2 * 4 * 5),
            (new Transpose([3, 1, 0, 2]), 240, 240),
            (new Gather(3, [0, 0, 1, 4, 4, 4, 2]), 2 * 6 * 4 * 7, 2 * 6 * 4 * 7),
            (new ChannelShuffle(3), 240, 240),
            (new Pad([0, 0, 1, 2], [0, 0, 1, 0]), 240, 2 * 6 * 6 * 7),
            (new Pad([0, 0, 1, 2], [0, 0, 1, 0], PadMode.Edge), 2 * 6 * 6 * 7, 2 * 6 * 6 * 7),
            (new Flatten(), 240, 240),
            (new Reshape([2, -1]), 240, 240),
        ];
        foreach ((Operator move, long read, long written) in moves)
        {
            foreach (var type in (TensorType[])[new(ElementType.Float32, shape), new(ElementType.Int8, shape, new Quantization(0.1, 3))])
            {
                // The value before comes from a layer, so that it is on the chip, and the one after goes to a layer.
                var graph = new LayerGraph(
                    "moves", [new GraphInput("x", type)], [], [new Layer("before", new Transpose([0, 1, 2, 3]), "x"), new Layer("move", move, "before"), new Layer("after", new Slice(0, 0, 1), "move")], ["after"]);
                var timing = new SystolicSimulator(Array).Time(graph)[1];
                int bytes = type.Element.Bytes();
                Assert.Equal(new Traffic("activations", bytes * read, bytes * written), timing.Traffic[0]);
                Assert.Equal(new Traffic("DRAM", 0, 0), timing.Traffic[^1]);
                Assert.Equal((written + 15) / 16, timing.Total);
            }
        }
    }

    [Fact]
    public void A_part_of_a_value_off_the_chip_is_read_in_part()
    {
        var timing = new SystolicSimulator(Array).Time(TimedGraphs.Layer(new Slice(0, 1, 1), [Shape.Of(10, 30)])).Single();
        Assert.Equal(new Traffic("DRAM", 4 * 30, 4 * 30), timing.Traffic[^1]);
        // Repeated reads come from the chip.
        var gather = new SystolicSimulator(Array).Time(TimedGraphs.Layer(new Gather(0, [3, 3, 3]), [Shape.Of(5, 2)])).Single();
        Assert.Equal(new Traffic("DRAM", 4 * 3 * 2, 4 * 3 * 2), gather.Traffic[^1]);
    }

    [Fact]
    public void An_image_that_keeps_its_pixels_is_a_view_and_one_that_mixes_them_is_moved()
    {
        Assert.Equal(0, Total(new Reshape([0, 0, 1, 20]), Shape.Of(2, 6, 4, 5)));
        Assert.Equal(0, Total(new Reshape([-1, 8]), Shape.Of(2, 4, 4)));
        Assert.Equal(0, Total(new Flatten(), Shape.Of(2, 6, 1, 1)));
        Assert.Equal(15, Total(new Reshape([2, -1]), Shape.Of(2, 6, 4, 5)));

        static long Total(Operator move, Shape shape) => new SystolicSimulator(Array).Time(TimedGraphs.Layer(move, [shape])).Single().Total;
    }

    /// <summary>A layer that reads its weights from an activation: the same product, its bytes with the activations.</summary>
    [Fact]
    public void Weights_that_are_activations_count_as_activations()
    {
        var (input, weight) = (Shape.Of(4, 32), Shape.Of(16, 32));
        var constant = TimedGraphs.Layer(new FullyConnected(), [input], ("weight", weight));
        var activation = new LayerGraph(
            "step",
            [new GraphInput("x", new TensorType(ElementType.Float32, input)), new GraphInput("w", new TensorType(ElementType.Float32, weight))],
            [],
            [new Layer("layer", new FullyConnected(), ["x"], ["w"])],
            ["layer"]);
        var (fixedWeights, given) = (new SystolicSimulator(Array).Time(constant).Single(), new SystolicSimulator(Array).Time(activation).Single());
        Assert.Equal((fixedWeights.Compute, fixedWeights.FillDrain, fixedWeights.Macs), (given.Compute, given.FillDrain, given.Macs));
        Assert.Equal(new Traffic("weights", 0, 0), given.Traffic[1]);
        Assert.Equal(fixedWeights.Traffic[0].ReadBytes + fixedWeights.Traffic[1].ReadBytes, given.Traffic[0].ReadBytes);
        // Constants stay on the chip; a graph's input comes from outside.
        Assert.Equal(fixedWeights.Traffic[3].ReadBytes + 4 * 16 * 32, given.Traffic[3].ReadBytes);
    }

    /// <summary>Every MAC that the graph counts for a product is one on the array.</summary>
    [Theory]
    [InlineData("matrix-product")]
    [InlineData("transposed-convolution")]
    [InlineData("convolution-weight-gradient")]
    [InlineData("recurrent")]
    [InlineData("hopfield")]
    [InlineData("boltzmann")]
    [InlineData("convolution-runtime-weight")]
    public void Macs_of_products_agree_with_the_graph(string @operator)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var graph = RandomCase.Float(@operator, seed).Graph;
            Assert.Equal(graph.TotalCost().Macs, new SystolicSimulator(Array).Time(graph).Sum(timing => timing.Macs));
        }
    }

    [Fact]
    public void A_transposed_convolution_adds_its_sums_up_in_the_activation_memory()
    {
        // 5×5 pixels of 4 channels to 3 channels of 3×3 taps: 25 × 27 sums.
        var graph = TimedGraphs.Layer(
            new TransposedConvolution(Size2.Square(3), Size2.Square(2), Padding.None), [Shape.Of(1, 4, 5, 5)], ("weight", Shape.Of(4, 3, 3, 3)));
        var timing = new SystolicSimulator(Array with { VectorLanes = 4 }).Time(graph).Single();
        Assert.Equal(25 * 27 * 4, timing.Macs);
        // 25 × 4 inputs for each of two column folds, each sum once more, and the outputs on their way to DRAM.
        Assert.Equal(4 * (2 * 25 * 4 + 25 * 27 + 3 * 11 * 11), timing.Traffic[0].ReadBytes);
        Assert.Equal(4 * (25 * 27 + 3 * 11 * 11 + 25 * 4), timing.Traffic[0].WrittenBytes);
        Assert.Equal((25 * 27 + 3 * 11 * 11 + 3) / 4 - timing.Compute - timing.FillDrain, timing.Stalls[StallCause.VectorUnit]);
    }

    [Fact]
    public void Functions_cost_more_than_additions_and_say_what()
    {
        var shape = Shape.Of(1, 16, 4, 4);
        long Total(Operator op, params Shape[] inputs) => new SystolicSimulator(Array).Time(TimedGraphs.Layer(op, inputs)).Single().Total;
        Assert.Equal(16, Total(new Add(), shape, shape));
        Assert.Equal(16, Total(new Activation(ActivationKind.Relu), shape));
        Assert.Equal(13 * 16, Total(new Activation(ActivationKind.Sigmoid), shape));
        Assert.Equal(5 * 16, Total(new Arithmetic(ArithmeticKind.Divide), shape, shape));
        // 16 elements a row: 12 operations each, and 4 for the row's reciprocal.
        Assert.Equal((12 * 256 + 4 * 16) / 16, Total(new Softmax(1), shape));
        Assert.Equal(
            "vector unit, 16 lanes, float32: 12 operations an element in three passes, and one reciprocal a row; limited by the vector unit",
            new SystolicSimulator(Array).Time(TimedGraphs.Layer(new Softmax(1), [shape])).Single().Note);
    }
}
