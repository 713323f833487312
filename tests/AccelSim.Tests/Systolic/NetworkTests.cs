using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;
using AccelSim.Reference;
using AccelSim.Systolic;
using AccelSim.Tests.Conformance;

namespace AccelSim.Tests.Systolic;

/// <summary>Whole networks, every layer, against plain loops.</summary>
public sealed class NetworkTests
{
    [Theory]
    [InlineData("lenet5", 32, null, Dataflow.OutputStationary)]
    [InlineData("mobilenet_v1", 32, 0.25, Dataflow.WeightStationary)]
    [InlineData("mobilenet_v2", 32, 0.25, Dataflow.InputStationary)]
    [InlineData("mobilenet_v3_small", 32, 0.5, Dataflow.WeightStationary)]
    public void Every_layer_of_a_network_equals_plain_loops(string name, int resolution, double? width, Dataflow dataflow)
    {
        var family = NetworkZoo.Find(name);
        var floats = FloatPasses.Run(family.Build(new NetworkOptions(Width: width, Resolution: resolution, Classes: 10, Batch: 2)).WithSeededWeights(7));
        var random = new Random(8);
        var shape = floats.Inputs[0].Type.Shape;
        float[] pixels = [.. Enumerable.Range(0, (int)shape.Elements).Select(_ => (float)(random.NextDouble() * 4 - 2))];
        var images = new Dictionary<string, Tensor> { [floats.Inputs[0].Name] = Tensor.Of(shape, pixels) };
        var cancellation = TestContext.Current.CancellationToken;
        var graph = new Quantizer(new Calibrator(new ReferenceBackend()).Calibrate(floats, [images], RangeChoice.MinMax, "random pixels", cancellation)).Apply(floats);
        var code = graph.Inputs[0].Type.Quantization!.Value;
        var codes = new Dictionary<string, Tensor> { [graph.Inputs[0].Name] = Tensor.Of(shape, [.. pixels.Select(pixel => code.Encode(pixel))]) };
        using var naive = new NaiveBackend().Compile(graph);
        using var systolic = new SystolicSimulator(TestArrays.Of(24, 20, dataflow)).Compile(graph);
        var expected = naive.Run(codes, everyLayer: true, cancellation);
        var actual = systolic.Run(codes, everyLayer: true, cancellation);
        Assert.Equal(graph.Layers.Select(layer => layer.Name), actual.Keys);
        foreach (var layer in graph.Layers)
            Assert.True(expected[layer.Name].Int8.SequenceEqual(actual[layer.Name].Int8), $"{name}: layer {layer.Name} differs");
    }
}
