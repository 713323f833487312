using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Reference;

namespace AccelSim.Tests.Models;

/// <summary>Seeded weights make every network compute: no value overflows or dies, at any depth.</summary>
public sealed class SeededWeightsTests
{
    public static TheoryData<string, int?> Networks => new()
    {
        { "lenet5", null }, { "lenet_caffe", null }, { "alexnet", 67 }, { "vgg19", 32 }, { "googlenet", 64 }, { "inception_v3", 107 },
        { "plain34", 64 }, { "resnet152", 64 }, { "resnet20", null }, { "resnet1202", 8 }, { "resnext101", 64 }, { "se_resnet152", 64 },
        { "densenet201", 64 }, { "squeezenet", 64 }, { "shufflenet_v1", 64 }, { "shufflenet_v2", 64 }, { "nasnet_a_mobile", 64 }, { "mnasnet", 64 },
        { "xception", 96 }, { "mobilenet_v1", 64 }, { "mobilenet_v2", 64 }, { "mobilenet_v3_small", 64 }, { "mobilenet_v3_large", 64 },
        { "mlp", null }, { "rnn", null }, { "lstm", null }, { "gru", null }, { "hopfield", null }, { "rbm", null },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_layer_stays_finite_and_alive(string name, int? resolution)
    {
        var graph = NetworkZoo.Find(name).Build(new NetworkOptions(Resolution: resolution)).WithSeededWeights(5);
        foreach (var layer in graph.Layers.Where(layer => layer.Operator is BatchNormalization))
            Assert.True(Floats(graph.ConstantOf(layer, 3)!.Value).Min() > 0, $"{layer.Name} has a variance that is not positive");
        var numbers = new NormalNumbers(11);
        var image = new float[graph.Inputs[0].Type.Shape.Elements];
        for (int i = 0; i < image.Length; i++)
            image[i] = name == "hopfield" ? (numbers.Next() < 0 ? -1 : 1) : (float)numbers.Next();
        using var executor = new ReferenceBackend().Compile(graph);
        var values = executor.Run(
            new Dictionary<string, Tensor> { [graph.Inputs[0].Name] = Tensor.Of(graph.Inputs[0].Type.Shape, image) }, everyLayer: true, TestContext.Current.CancellationToken);
        foreach (var layer in graph.Layers)
        {
            double power = Floats(values[layer.Name]).Average(value => (double)value * value);
            // Between a thousandth and a thousand of the input's unit in amplitude, but for a gate that is shut or a picture of few pixels.
            Assert.True(power is > 1e-6 and < 1e6, $"{name}: {layer.Name} has a mean square of {power:g3}");
        }
    }

    [Fact]
    public void A_Hopfield_network_has_symmetric_weights_and_no_loops()
    {
        var graph = NetworkZoo.Find("hopfield").Build(new NetworkOptions()).WithSeededWeights(3);
        float[] weight = Floats(graph.Constants["sweep/weight"].Value);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(0, weight[i * 100 + i]);
            for (int j = 0; j < i; j++)
                Assert.Equal(weight[i * 100 + j], weight[j * 100 + i]);
        }
    }

    [Fact]
    public void The_seed_alone_decides()
    {
        var network = NetworkZoo.Find("mobilenet_v3_small").Build(new NetworkOptions(Width: 0.25, Resolution: 32));
        var (a, b, other) = (network.WithSeededWeights(1), network.WithSeededWeights(1), network.WithSeededWeights(2));
        foreach (string name in network.Constants.Keys)
        {
            Assert.Equal(Floats(a.Constants[name].Value), Floats(b.Constants[name].Value));
            Assert.NotEqual(Floats(a.Constants[name].Value), Floats(other.Constants[name].Value));
        }
    }

    private static float[] Floats(Tensor tensor) => tensor.Float32.ToArray();
}
