using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Reference;

namespace AccelSim.Tests.Gpu;

/// <summary>Graphs of several layers in which values reach layers in unusual ways: as weights, through views, between int8 and float32.</summary>
[Collection(OnGpu.Name)]
public sealed class OperandTests(GpuDevicesFixture devices)
{
    /// <summary>A weight that a layer computes is alive until its reader has run, though it stands among the constants.</summary>
    [Theory]
    [MemberData(nameof(TestDevices.EveryDevice), MemberType = typeof(TestDevices))]
    public void WeightsMayBeValues(string device)
    {
        var float4 = Shape.Of(2, 3, 4, 4);
        var graph = new LayerGraph(
            "step",
            [Input("x", float4), Input("w", Shape.Of(5, 3, 3, 3)), Input("b", Shape.Of(5)), Input("statistics", Shape.Of(5)), Input("variance", Shape.Of(5))],
            [],
            [
                new Layer("scaled", new Activation(ActivationKind.Affine, null, 0.5, 0.1), "w"),
                new Layer("squares", new Multiply(), "variance", "variance"),
                new Layer("first", new Activation(ActivationKind.Sigmoid), "x"),
                new Layer("second", new Activation(ActivationKind.Tanh), "first"),
                new Layer("third", new Activation(ActivationKind.Exp), "second"),
                new Layer("convolved", new Convolution(Size2.Square(3), Size2.Square(1), Padding.All(1)), ["third"], ["scaled", "b"]),
                new Layer("normal", new BatchNormalization(), ["convolved"], ["b", "statistics", "b", "squares"]),
            ],
            ["normal"]);
        AssertNear(device, graph, everyLayer: false);
        AssertNear(device, graph, everyLayer: true);
    }

    /// <summary>Views of views, of an input, as output, and read after their owner's last reader.</summary>
    [Theory]
    [MemberData(nameof(TestDevices.EveryDevice), MemberType = typeof(TestDevices))]
    public void ViewsShareTheirOwnersMemory(string device)
    {
        var graph = new LayerGraph(
            "views",
            [Input("x", Shape.Of(2, 3, 4))],
            [new Constant("c", new TensorType(ElementType.Float32, Shape.Of(1, 12)), new RandomTensors(3).Floats(Shape.Of(1, 12)))],
            [
                new Layer("flat", new Flatten(), "x"),
                new Layer("bias", new Literal(), [], ["c"]),
                new Layer("sum", new Add(), "flat", "bias"),
                new Layer("view", new Reshape([4, 6]), "sum"),
                new Layer("other", new Activation(ActivationKind.Negate), "x"),
                new Layer("another", new Activation(ActivationKind.Floor), "other"),
                new Layer("again", new Reshape([-1]), "view"),
                new Layer("sorted", new Slice(0, 23, 24, -1), "again"),
                new Layer("out", new Reshape([2, 12]), "sorted"),
            ],
            ["out", "another"]);
        AssertNear(device, graph, everyLayer: false);
        AssertNear(device, graph, everyLayer: true);
        var plan = MemoryPlan.Of(graph, keepAll: true);
        Assert.Equal(plan.Values["sum"], plan.Values["again"]);
        Assert.Equal(plan.Values["x"], plan.Values["flat"]);
        Assert.Equal(6, plan.ArenaBytes.Count);
    }

    [Fact]
    public void AGraphNeedsNoInput()
    {
        var graph = new LayerGraph(
            "constant",
            [],
            [new Constant("c", new TensorType(ElementType.Float32, Shape.Of(3)), Tensor.Of(Shape.Of(3), [1f, 2, 3]))],
            [new Layer("value", new Literal(), [], ["c"]), new Layer("y", new Multiply(), "value", "value")],
            ["y"]);
        using var executor = devices.Open(GpuDevices.Cpu).Compile(graph);
        Assert.Equal([1, 4, 9], executor.Run(new Dictionary<string, Tensor>(), false, TestContext.Current.CancellationToken)["y"].Float32.ToArray());
    }

    /// <summary>A float island in an int8 graph: bytes on both sides of it are equal to the reference's.</summary>
    [Theory]
    [MemberData(nameof(TestDevices.EveryDevice), MemberType = typeof(TestDevices))]
    public void AFloatIslandInAnIntegerGraphGivesTheReferencesBytes(string device)
    {
        Quantization codes = new(0.02, -3), wide = new(0.05, 10);
        var shape = Shape.Of(2, 6, 5, 4);
        var graph = new LayerGraph(
            "mixed",
            [new GraphInput("x", new TensorType(ElementType.Int8, shape, codes))],
            [],
            [
                new Layer("pooled", new MaxPool(Size2.Square(2), Size2.Square(1), Padding.None, new Size2(2, 1)), "x"),
                new Layer("shuffled", new ChannelShuffle(3), "pooled"),
                new Layer("real", new Dequantize(), "shuffled"),
                new Layer("scaled", new Activation(ActivationKind.Affine, null, 1.5, -0.25), "real"),
                new Layer("code", new Quantize(wide), "scaled"),
                new Layer("joined", new Concat(1, new Requantization([52429, 52429], [17, 17], 16, wide, -128, 127)), "code", "shuffled"),
                new Layer("padded", new Pad([0, 0, 1, 0], [0, 0, 0, 2], PadMode.Constant, -1), "joined"),
                new Layer("y", new Transpose([0, 2, 3, 1]), "padded"),
            ],
            ["y"]);
        var inputs = new Dictionary<string, Tensor> { ["x"] = Tensor.Of(shape, [.. Enumerable.Range(0, (int)shape.Elements).Select(i => (sbyte)(i * 37 % 256 - 128))]) };
        using var tested = devices.Open(device).Compile(graph);
        using var reference = new ReferenceBackend().Compile(graph);
        var actual = tested.Run(inputs, everyLayer: true, TestContext.Current.CancellationToken);
        var expected = reference.Run(inputs, everyLayer: true, TestContext.Current.CancellationToken);
        foreach (var layer in graph.Layers)
        {
            Assert.True(graph.TypeOf(layer.Name).Element == ElementType.Int8
                ? expected[layer.Name].Int8.SequenceEqual(actual[layer.Name].Int8)
                : expected[layer.Name].Float32.SequenceEqual(actual[layer.Name].Float32), layer.Name);
        }
    }

    [Fact]
    public void AnActivationWithoutADerivativeIsRefusedByName()
    {
        var graph = new LayerGraph("steps", [Input("x", Shape.Of(4)), Input("dy", Shape.Of(4))], [], [new Layer("dx", new ActivationGradient(ActivationKind.Round), "x", "dy")], ["dx"]);
        var error = Assert.Throws<UnsupportedOperatorException>(() => devices.Open(GpuDevices.Cpu).Compile(graph));
        Assert.Equal("The gpu cpu backend cannot execute layer 'dx' (ActivationGradient): Round has no useful derivative.", error.Message);
    }

    private void AssertNear(string device, LayerGraph graph, bool everyLayer)
    {
        var random = new RandomTensors(5);
        var inputs = graph.Inputs.ToDictionary(input => input.Name, input => random.Floats(input.Type.Shape));
        using var tested = devices.Open(device).Compile(graph);
        using var reference = new ReferenceBackend(doublePrecision: true).Compile(graph);
        var actual = tested.Run(inputs, everyLayer, TestContext.Current.CancellationToken);
        foreach (var (name, expected) in reference.Run(inputs, everyLayer, TestContext.Current.CancellationToken))
        {
            double[] exact = Array.ConvertAll(expected.Float32.ToArray(), value => (double)value);
            double error = Math.Sqrt(exact.Zip(actual[name].Float32.ToArray(), (e, a) => (e - a) * (e - a)).Sum());
            Assert.True(error <= 1e-5 * Math.Sqrt(exact.Sum(e => e * e)), $"{name}: {error:e2}");
        }
    }

    private static GraphInput Input(string name, Shape shape) => new(name, new TensorType(ElementType.Float32, shape));
}
