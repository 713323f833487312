using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Models.Data;
using AccelSim.Reference;
using AccelSim.Studies;
using AccelSim.Studies.Networks;

namespace AccelSim.Tests.Studies;

/// <summary>The weights that come with AccelSim do what their records say, in float32 and in int8.</summary>
public sealed class TrainedNetworkTests
{
    [Theory]
    [InlineData("lenet5", null, null, 61706)]
    [InlineData("mobilenet_v1", 0.25, 32, 215642)]
    public void Shipped_weights_are_as_accurate_as_recorded(string name, double? width, int? resolution, long parameters)
    {
        var network = PreparedNetwork.Prepare(
            new NetworkRequest { NetworkOrFile = name, Options = new NetworkOptions(null, width, resolution) }, cancellation: TestContext.Current.CancellationToken);
        Assert.StartsWith("trained on Fashion-MNIST", network.Weights, StringComparison.Ordinal);
        Assert.Equal("128 Fashion-MNIST photographs, MinMax ranges", network.Calibration);
        Assert.Equal(parameters, network.Source.TotalCost().Parameters);
        Assert.Equal(256, network.Samples.Count);
        int[] real = Classes(network.Float!, network.Samples.Images);
        int[] code = Classes(network.Quantized, network.Quantized.Inputs[0].Type.Quantization!.Value.Encode(network.Samples.Images));
        // 90 % of 256 images has a standard deviation of 1.9 %.
        Assert.InRange(real.Zip(network.Samples.Labels!).Count(pair => pair.First == pair.Second) / 256.0, 0.86, 0.96);
        Assert.InRange(code.Zip(real).Count(pair => pair.First == pair.Second) / 256.0, 0.97, 1);
    }

    [Fact]
    public void Asking_for_other_classes_or_a_seed_gives_other_weights()
    {
        Assert.Equal("random, seed 3", Prepare(new NetworkOptions(), 3).Weights);
        Assert.Equal("random, seed 1", Prepare(new NetworkOptions(Classes: 7), null).Weights);
        Assert.Null(Prepare(new NetworkOptions(Classes: 7), null).Samples.Labels);

        static PreparedNetwork Prepare(NetworkOptions options, ulong? seed) => PreparedNetwork.Prepare(
            new NetworkRequest { NetworkOrFile = "lenet5", Options = options, Seed = seed, SampleCount = 1 }, cancellation: TestContext.Current.CancellationToken);
    }

    private static int[] Classes(LayerGraph graph, Tensor images)
    {
        using var executor = new ReferenceBackend().Compile(graph.WithBatch(images.Shape[0]));
        return Classification.Top1(executor.Run(
            new Dictionary<string, Tensor> { [graph.Inputs[0].Name] = images }, cancellation: TestContext.Current.CancellationToken)[graph.Outputs[0]]);
    }

    /// <summary>A bitmap's header can claim anything; the decoder would read what is not there as black.</summary>
    [Fact]
    public void A_picture_larger_than_its_file_is_refused()
    {
        string path = Path.Combine(Path.GetTempPath(), $"accelsim-{Guid.NewGuid():n}.bmp");
        byte[] bitmap = new byte[54];
        bitmap[0] = (byte)'B';
        bitmap[1] = (byte)'M';
        bitmap[10] = 54;
        bitmap[14] = 40;
        BitConverter.TryWriteBytes(bitmap.AsSpan(18), 10000);
        BitConverter.TryWriteBytes(bitmap.AsSpan(22), 10000);
        bitmap[26] = 1;
        bitmap[28] = 24;
        try
        {
            File.WriteAllBytes(path, bitmap);
            Assert.Contains("it is truncated", Assert.Throws<GraphException>(() => Photograph.Load(path, 3, Size2.Square(32), ImagePreprocessing.Symmetric)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
