using AccelSim.Graph;
using AccelSim.Systolic;
using AccelSim.Tests.Conformance;

namespace AccelSim.Tests.Systolic;

/// <summary>Outputs of layers on arrays of every size, dataflow and mapping against plain loops; and against the register-level array.</summary>
public sealed class FunctionalTests
{
    private static readonly string[] ArrayOperators = ["convolution", "depthwise", "pointwise", "fully-connected"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<Dataflow, GroupMapping> Mappings
    {
        get
        {
            var data = new TheoryData<Dataflow, GroupMapping>();
            foreach (var dataflow in Enum.GetValues<Dataflow>())
            {
                foreach (var groups in Enum.GetValues<GroupMapping>())
                    data.Add(dataflow, groups);
            }
            return data;
        }
    }

    /// <summary>As NASNet's shifted path does at its last cell: every dimension after the channels has one element left, and not the first.</summary>
    [Fact]
    public void A_slice_that_leaves_one_element_starts_where_it_says()
    {
        var graph = new LayerGraph(
            "slices", [new GraphInput("x", new TensorType(ElementType.Float32, Shape.Of(1, 2, 2, 3)))], [],
            [new Layer("rows", new Slice(2, 1, 1), "x"), new Layer("columns", new Slice(3, 2, 1), "rows")], ["columns"]);
        var x = Tensor.Of(Shape.Of(1, 2, 2, 3), [.. Enumerable.Range(0, 12).Select(i => (float)i)]);
        using var executor = new SystolicSimulator(TestArrays.Of(4, 4, Dataflow.WeightStationary)).Compile(graph);
        Assert.Equal([5f, 11f], executor.Run(new Dictionary<string, Tensor> { ["x"] = x }, cancellation: Cancellation)["columns"].Float32.ToArray());
    }

    [Theory]
    [MemberData(nameof(Mappings))]
    public void Every_array_computes_the_bytes_of_plain_loops(Dataflow dataflow, GroupMapping groups)
    {
        var random = new Random(3);
        for (int round = 0; round < 200; round++)
        {
            var sample = RandomCase.Integer(ArrayOperators[round % ArrayOperators.Length], 1000 + round);
            var array = TestArrays.Of(random.Next(1, 65), random.Next(1, 65), dataflow) with { Groups = groups };
            Assert.True(Naive(sample).Int8.SequenceEqual(Run(array, sample).Int8), $"{array} differs on {sample}");
        }
    }

    [Theory]
    [MemberData(nameof(Mappings))]
    public void The_register_level_array_computes_the_same_layer_in_the_predicted_cycles(Dataflow dataflow, GroupMapping groups)
    {
        var random = new Random(4);
        for (int round = 0; round < 60; round++)
        {
            var sample = RandomCase.Integer(ArrayOperators[round % ArrayOperators.Length], 2000 + round);
            var array = TestArrays.Of(random.Next(1, 20), random.Next(1, 20), dataflow, (FoldSchedule)random.Next(2)) with { Groups = groups };
            var simulator = new SystolicSimulator(array);
            var layer = sample.Graph.Layers[0];
            (Tensor output, LayerTiming counted) = simulator.RunOnRegisters(sample.Graph, layer, sample.Inputs[layer.Inputs[0]], Cancellation);
            Assert.True(Naive(sample).Int8.SequenceEqual(output.Int8), $"{array} differs on {sample}");
            var predicted = simulator.Time(sample.Graph)[0];
            Assert.Equal(Provenance.CycleAccurate, counted.Provenance);
            Assert.Equal(Provenance.Modelled, predicted.Provenance);
            Assert.True(counted.Total == predicted.Compute + predicted.FillDrain, $"{counted.Total} cycles counted, {predicted.Compute} + {predicted.FillDrain} predicted: {array} on {sample}");
        }
    }

    [Fact]
    public void A_layer_larger_than_a_chunk_is_seamless()
    {
        // 3 images of 40×40 pixels and a depth of 72 take several chunks, none of which ends with an image.
        var random = new Random(5);
        var type = new TensorType(ElementType.Int8, Shape.Of(3, 8, 40, 40), new Quantization(0.1, -7));
        var op = new Convolution(Size2.Square(3), Size2.Square(1), Padding.All(1), 1, ClampKind.None, new MacArithmetic(
            new Requantization([.. Enumerable.Repeat(200, 5)], [.. Enumerable.Repeat(18, 5)], 8, new Quantization(0.2, 3), -128, 127), [.. Enumerable.Repeat(0.01, 5)], []));
        var weight = Shape.Of(5, 8, 3, 3);
        var graph = new LayerGraph(
            "large",
            [new GraphInput("x", type)],
            [
                new Constant("w", new TensorType(ElementType.Int8, weight), Tensor.Of(weight, Codes(weight, random))),
                new Constant("b", new TensorType(ElementType.Int32, Shape.Of(5)), Tensor.Of(Shape.Of(5), [1, -2, 300, -400, 5])),
            ],
            [new Layer("y", op, ["x"], ["w", "b"])],
            ["y"]);
        var sample = new RandomCase("convolution", 5, graph, new Dictionary<string, Tensor> { ["x"] = Tensor.Of(type.Shape, Codes(type.Shape, random)) });
        var expected = Naive(sample);
        foreach (var dataflow in Enum.GetValues<Dataflow>())
            Assert.True(expected.Int8.SequenceEqual(Run(TestArrays.Of(13, 11, dataflow), sample).Int8), dataflow.ToString());
    }

    [Fact]
    public void Weights_that_were_not_given_are_named()
    {
        var builder = new GraphBuilder("bare");
        var graph = builder.Build(builder.Convolution("conv", builder.Input("x", Shape.Of(1, 2, 3, 3)), 4, 1));
        var error = Assert.Throws<GraphException>(() => new SystolicSimulator(TestArrays.Of(4, 4, Dataflow.WeightStationary)).Compile(graph));
        Assert.Equal("The constant 'conv/weight' has no data: give the graph weights first (seeded or trained).", error.Message);
    }

    [Fact]
    public void Registers_hold_no_floats()
    {
        var sample = RandomCase.Float("pointwise", 1);
        var simulator = new SystolicSimulator(TestArrays.Of(4, 4, Dataflow.WeightStationary));
        var error = Assert.Throws<UnsupportedOperatorException>(
            () => simulator.RunOnRegisters(sample.Graph, sample.Graph.Layers[0], sample.Inputs.Values.First(), Cancellation));
        Assert.Equal(
            "The 4x4 backend cannot execute layer 'layer' (Convolution): it works on floats and the registers hold integers; quantize the graph first",
            error.Message);
    }

    [Fact]
    public void Every_operator_is_timed_and_executed()
    {
        foreach (var type in OperatorCatalog.Types.Values)
            Assert.True(SystolicSimulator.Supports(type), $"{type.Name} has no implementation");
    }

    /// <summary>Accumulators are float32 and a fold's sum is added to them once: 2²⁴ + 1 + 1 is 2²⁴ in one fold of three rows from the top, and 2²⁴ + 2 where a second fold holds both ones.</summary>
    [Theory]
    [InlineData(3, 16777216f)]
    [InlineData(1, 16777216f)]
    [InlineData(2, 16777218f)]
    public void Float_sums_add_up_in_the_order_of_the_folds(int rows, float expected)
    {
        var (input, weight) = (Shape.Of(1, rows == 2 ? 4 : 3), Shape.Of(1, rows == 2 ? 4 : 3));
        float[] summands = rows == 2 ? [16777216, 0, 1, 1] : [16777216, 1, 1];
        var graph = new LayerGraph(
            "sum",
            [new GraphInput("x", new TensorType(ElementType.Float32, input))],
            [new Constant("w", new TensorType(ElementType.Float32, weight), Tensor.Of(weight, [.. summands.Select(_ => 1f)]))],
            [new Layer("y", new FullyConnected(), ["x"], ["w"])],
            ["y"]);
        using var executor = new SystolicSimulator(TestArrays.Of(rows, 4, Dataflow.WeightStationary)).Compile(graph);
        var output = executor.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Of(input, summands) }, cancellation: Cancellation)["y"];
        Assert.Equal(expected, output.Float32[0]);
    }

    [Fact]
    public void An_operator_that_nobody_registered_is_named()
    {
        var type = new TensorType(ElementType.Int8, Shape.Of(1, 2, 3, 3), new Quantization(1, 0));
        var graph = new LayerGraph("g", [new GraphInput("x", type)], [], [new Layer("odd", new Unheard(), "x")], ["odd"]);
        var error = Assert.Throws<UnsupportedOperatorException>(() => new SystolicSimulator(TestArrays.Of(4, 4, Dataflow.WeightStationary)).Compile(graph));
        Assert.Equal("The systolic 4x4 backend cannot execute layer 'odd' (Unheard): there is no implementation of this operator", error.Message);
    }

    [Fact]
    public void A_missing_input_is_named()
    {
        var sample = RandomCase.Integer("add", 1);
        using var executor = new SystolicSimulator(TestArrays.Of(4, 4, Dataflow.WeightStationary)).Compile(sample.Graph);
        Assert.Throws<GraphException>(() => executor.Run(new Dictionary<string, Tensor>(), cancellation: Cancellation));
    }

    /// <summary>Clamps and small multipliers hide some flips, but not twenty.</summary>
    [Fact]
    public void A_flipped_weight_bit_shows_in_the_output()
    {
        var array = TestArrays.Of(8, 8, Dataflow.WeightStationary);
        Assert.Contains(Enumerable.Range(0, 20), seed =>
        {
            var sample = RandomCase.Integer("pointwise", seed);
            sbyte[] weights = sample.Graph.Constants["weight"].Value.Int8.ToArray();
            weights[0] ^= 0x40;
            var faulty = sample.Graph.WithData(new Dictionary<string, Tensor> { ["weight"] = Tensor.Of(sample.Graph.TypeOf("weight").Shape, weights) });
            return !Run(array, sample).Int8.SequenceEqual(Run(array, sample with { Graph = faulty }).Int8);
        });
    }

    private static sbyte[] Codes(Shape shape, Random random) => [.. Enumerable.Range(0, (int)shape.Elements).Select(_ => (sbyte)random.Next(-128, 128))];

    private static Tensor Naive(RandomCase sample)
    {
        using var executor = new NaiveBackend().Compile(sample.Graph);
        return executor.Run(sample.Inputs, cancellation: Cancellation)[sample.Graph.Outputs[0]];
    }

    private static Tensor Run(ArrayConfiguration array, RandomCase sample)
    {
        using var executor = new SystolicSimulator(array).Compile(sample.Graph);
        return executor.Run(sample.Inputs, cancellation: Cancellation)[sample.Graph.Outputs[0]];
    }

    private sealed record Unheard : Operator
    {
        public override bool IsInteger => true;

        public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants) => inputs[0];
    }
}
