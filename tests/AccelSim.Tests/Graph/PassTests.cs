using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;
using AccelSim.Reference;

namespace AccelSim.Tests.Graph;

/// <summary>Passes keep what a network computes; quantization keeps its promises.</summary>
public sealed class PassTests
{
    public static TheoryData<string, string?, double?, int> Networks => new()
    {
        { "lenet5", null, null, 32 },
        { "lenet5", "1998", null, 32 },
        { "lenet_caffe", null, null, 28 },
        { "resnet18", null, null, 64 },
        { "mobilenet_v1", null, 0.25, 64 },
        { "mobilenet_v2", null, 0.35, 64 },
        { "mobilenet_v3_small", null, 0.5, 64 },
        { "mobilenet_v3_large", null, 0.35, 64 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Folding_and_fusing_keep_the_outputs(string name, string? variant, double? width, int resolution)
    {
        var graph = NetworkZoo.Find(name).Build(new NetworkOptions(variant, width, resolution, Batch: 2)).WithSeededWeights(7);
        var image = Noise(graph, 3);
        var before = Run(new ReferenceBackend(doublePrecision: true), graph, image);
        var passed = FloatPasses.Run(graph);
        Assert.DoesNotContain(passed.Layers, layer => layer.Operator is BatchNormalization);
        Assert.DoesNotContain(passed.Layers, layer => layer.Operator is Activation { Kind: ActivationKind.Relu or ActivationKind.Relu6 });
        AssertClose(before, Run(new ReferenceBackend(doublePrecision: true), passed, image), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_network_that_can_be_quantized_stays_close(string name, string? variant, double? width, int resolution)
    {
        var graph = FloatPasses.Run(NetworkZoo.Find(name).Build(new NetworkOptions(variant, width, resolution, Batch: 2)).WithSeededWeights(7));
        var image = Noise(graph, 3);
        var ranges = new Calibrator(new ReferenceBackend()).Calibrate(graph, [image], RangeChoice.MinMax, "noise", TestContext.Current.CancellationToken);
        var quantized = new Quantizer(ranges).Apply(graph);
        // What has no integer form stays float, behind a conversion.
        string[] floats = variant == "1998" ? [$"{graph.LayerNamed("output").Inputs[0]}/dequantized", "output"] : [];
        Assert.Equal(floats, quantized.Layers.Where(layer => quantized.TypeOf(layer.Name).Element != ElementType.Int8).Select(layer => layer.Name));
        var code = quantized.Inputs[0].Type.Quantization!.Value;
        var codes = new Dictionary<string, Tensor> { [quantized.Inputs[0].Name] = code.Encode(image.Values.Single()) };
        var output = Run(new ReferenceBackend(), quantized, codes);
        var decoded = output.Element == ElementType.Float32
            ? output.Float32.ToArray()
            : Array.ConvertAll(output.Int8.ToArray(), value => (float)quantized.TypeOf(quantized.Outputs[0]).Quantization!.Value.Decode(value));
        // Noise through up to sixty untrained layers of 8 bits: 10 dB tells a right scale from a wrong one.
        AssertClose(Run(new ReferenceBackend(), graph, image), Tensor.Of(output.Shape, decoded), 0.3);
    }

    [Fact]
    public void Dead_layers_go_and_their_constants_with_them()
    {
        var builder = new GraphBuilder("net");
        string image = builder.Input("image", Shape.Of(1, 3, 8, 8));
        string live = builder.Convolution("live", image, 4, 3);
        builder.Convolution("dead", live, 5, 3);
        var passed = FloatPasses.Run(builder.Build(live));
        Assert.Equal(["live"], passed.Layers.Select(layer => layer.Name));
        Assert.Equal(["live/weight"], passed.Constants.Keys);
    }

    [Fact]
    public void A_value_that_something_else_reads_keeps_its_normalization()
    {
        var builder = new GraphBuilder("net");
        string image = builder.Input("image", Shape.Of(1, 3, 8, 8));
        string convolution = builder.Convolution("conv", image, 3, 3);
        string normalized = builder.BatchNormalization("bn", convolution, 1e-3);
        var graph = builder.Build(builder.Layer("sum", new Add(), [convolution, normalized])).WithSeededWeights(1);
        var passed = FloatPasses.Run(graph);
        Assert.IsType<Convolution>(passed.LayerNamed("bn").Operator);
        var inputs = Noise(graph, 1);
        AssertClose(Run(new ReferenceBackend(true), graph, inputs), Run(new ReferenceBackend(true), passed, inputs), 1e-6);
    }

    [Fact]
    public void An_accumulator_that_could_overflow_is_refused_with_its_bound()
    {
        var weights = Enumerable.Repeat((sbyte)127, 70000).ToArray();
        Assert.Equal("the accumulator of output channel 3 could reach 2275840000, beyond int32: split the layer's 70000 inputs or shrink its bias.",
            Assert.Throws<GraphException>(() => AccumulatorBound.Check(weights, 0, -128, 3)).Message);
        AccumulatorBound.Check(weights.AsSpan(0, 60000), 0, -128, 3);
    }

    [Fact]
    public void Multipliers_are_nearest_and_have_their_bits()
    {
        var random = new Random(5);
        for (int i = 0; i < 20000; i++)
        {
            int bits = random.Next(8, 32);
            double ratio = Math.Exp(random.NextDouble() * 24 - 20);
            var (multiplier, shift) = Requantization.Encode(ratio, bits);
            Assert.InRange(multiplier, 1L << (bits - 1), (1L << bits) - 1);
            Assert.InRange(shift, 1, 62);
            Assert.True(Math.Abs(Math.ScaleB(multiplier, -shift) / ratio - 1) <= Math.ScaleB(1, -bits), $"{ratio} in {bits} bits");
        }
        Assert.Equal((0, 1), Requantization.Encode(0, 16));
        Assert.Throws<GraphException>(() => Requantization.Encode(1e6, 16));
        Assert.Throws<GraphException>(() => Requantization.Encode(double.NaN, 16));
    }

    private static Dictionary<string, Tensor> Noise(LayerGraph graph, ulong seed)
    {
        var random = new NormalNumbers(seed);
        var shape = graph.Inputs[0].Type.Shape;
        return new() { [graph.Inputs[0].Name] = Tensor.Of(shape, [.. Enumerable.Range(0, (int)shape.Elements).Select(_ => (float)random.Next())]) };
    }

    private static Tensor Run(ReferenceBackend backend, LayerGraph graph, IReadOnlyDictionary<string, Tensor> inputs)
    {
        using var executor = backend.Compile(graph);
        return executor.Run(inputs, cancellation: TestContext.Current.CancellationToken)[graph.Outputs[0]];
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        double error = 0, norm = 0;
        for (int i = 0; i < expected.Float32.Length; i++)
        {
            Assert.True(float.IsFinite(expected.Float32[i]) && float.IsFinite(actual.Float32[i]), $"element {i}: {expected.Float32[i]} expected, {actual.Float32[i]} found");
            error += Math.Pow(expected.Float32[i] - (double)actual.Float32[i], 2);
            norm += Math.Pow(expected.Float32[i], 2);
        }
        Assert.True(error <= tolerance * tolerance * norm, $"relative error {Math.Sqrt(error / norm):e2}");
    }
}
