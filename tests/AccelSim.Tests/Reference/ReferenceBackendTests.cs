using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;
using AccelSim.Reference;

namespace AccelSim.Tests.Reference;

public sealed class ReferenceBackendTests
{
    /// <summary>
    /// oneDNN's float32 convolution from 20 to 50 channels reads memory that nobody wrote; runs of the int8 graph in between leave bytes there that
    /// are NaN as floats. Failed in each of three runs before oneDNN was switched off.
    /// </summary>
    [Fact]
    public void Float32_results_do_not_depend_on_what_memory_held_before()
    {
        var graph = FloatPasses.Run(NetworkZoo.Find("lenet_caffe").Build(new NetworkOptions(Batch: 2)).WithSeededWeights(7));
        var shape = graph.Inputs[0].Type.Shape;
        var random = new NormalNumbers(3);
        var image = new Dictionary<string, Tensor> { ["image"] = Tensor.Of(shape, [.. Enumerable.Range(0, (int)shape.Elements).Select(_ => (float)random.Next())]) };
        var ranges = new Calibrator(new ReferenceBackend(doublePrecision: true)).Calibrate(graph, [image], RangeChoice.MinMax, "noise", TestContext.Current.CancellationToken);
        var quantized = new Quantizer(ranges).Apply(graph);
        var codes = new Dictionary<string, Tensor> { ["image"] = Tensor.Of(shape, Enumerable.Repeat((sbyte)-1, (int)shape.Elements).ToArray()) };
        for (int i = 0; i < 40; i++)
        {
            Run(quantized, codes);
            foreach (var value in Run(graph, image).Values)
                Assert.DoesNotContain(value.Float32.ToArray(), real => !float.IsFinite(real));
        }

        static IReadOnlyDictionary<string, Tensor> Run(LayerGraph graph, Dictionary<string, Tensor> inputs)
        {
            using var executor = new ReferenceBackend().Compile(graph);
            return executor.Run(inputs, everyLayer: true, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void Inputs_of_another_type_are_refused()
    {
        var graph = NetworkZoo.Find("lenet5").Build(new NetworkOptions()).WithSeededWeights(1);
        using var executor = new ReferenceBackend().Compile(graph);
        Assert.Equal("The input 'image' of 'lenet5-32' was not given.",
            Assert.Throws<GraphException>(() => executor.Run(new Dictionary<string, Tensor>(), cancellation: TestContext.Current.CancellationToken)).Message);
        Assert.Equal("The input 'image' of 'lenet5-32' must be float32 1×1×32×32, but is Float32 1×1×28×28.",
            Assert.Throws<GraphException>(() => executor.Run(
                new Dictionary<string, Tensor> { ["image"] = Tensor.Of(Shape.Of(1, 1, 28, 28), new float[784]) }, cancellation: TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void A_graph_without_weights_is_refused()
    {
        var graph = NetworkZoo.Find("lenet5").Build(new NetworkOptions());
        Assert.Contains("has no data: give the graph weights first", Assert.Throws<GraphException>(() => new ReferenceBackend().Compile(graph)).Message, StringComparison.Ordinal);
    }

    /// <summary>A minute network learns XOR-like stripes: gradients flow through every operator that it has, and the best epoch is kept.</summary>
    [Fact]
    public void Training_learns_what_a_linear_model_cannot()
    {
        var builder = new GraphBuilder("tiny");
        string x = builder.Input("image", Shape.Of(1, 1, 4, 4));
        x = builder.Activation("relu", builder.BatchNormalization("bn", builder.Convolution("conv", x, 8, 3), 1e-3), ActivationKind.Relu);
        x = builder.Layer("flatten", new Flatten(), [x]);
        var graph = builder.Build(builder.FullyConnected("out", x, 2)).WithSeededWeights(1);
        var options = new TrainingOptions { Epochs = 30, BatchSize = 16, LearningRate = 0.05, Flip = false, Shift = 0, Patience = 30 };
        var result = new Trainer(options).Train(graph, Stripes(512, 1), Stripes(256, 2), TestContext.Current.CancellationToken);
        Assert.InRange(result.ValidationAccuracy, 0.95, 1);

        // The class is the exclusive or of two corners.
        static LabelledImages Stripes(int count, int seed)
        {
            var random = new Random(seed);
            float[] pixels = [.. Enumerable.Range(0, count * 16).Select(_ => random.Next(2) * 2f - 1)];
            int[] labels = [.. Enumerable.Range(0, count).Select(i => pixels[i * 16] * pixels[i * 16 + 1] < 0 ? 1 : 0)];
            return new LabelledImages(Tensor.Of(Shape.Of(count, 1, 4, 4), pixels), labels);
        }
    }
}
