using AccelSim.Gpu;
using AccelSim.Graph;

namespace AccelSim.Tests.Gpu;

/// <summary>
/// The mean of a large image keeps its digits: one long float32 sum of 112² terms lost some, and each squeeze-and-excite of EfficientNet multiplied what was lost.
/// </summary>
[Collection(OnGpu.Name)]
public sealed class MeanTests
{
    [Theory]
    [MemberData(nameof(TestDevices.DevicesWithDriver), MemberType = typeof(TestDevices))]
    public void The_mean_of_a_large_image_keeps_its_digits(string device)
    {
        const int channels = 64, pixels = 112 * 112;
        var graph = new LayerGraph("mean", [new GraphInput("x", new TensorType(ElementType.Float32, Shape.Of(1, channels, 112, 112)))], [],
            [new Layer("y", new GlobalAveragePool(), ["x"], [])], ["y"]);
        // Of one sign, so that the sum grows and what is added to it loses digits.
        var random = new Random(3);
        float[] values = [.. Enumerable.Range(0, channels * pixels).Select(_ => random.NextSingle())];
        var inputs = new Dictionary<string, Tensor> { ["x"] = Tensor.Of(graph.Inputs[0].Type.Shape, values) };
        using var backend = GpuBackend.Open(TestDevices.Require(device));
        using var executor = backend.Compile(graph);
        var means = executor.Run(inputs, false, TestContext.Current.CancellationToken)["y"].Float32;
        double error = 0, norm = 0;
        for (int channel = 0; channel < channels; channel++)
        {
            double exact = 0;
            foreach (float value in values.AsSpan(channel * pixels, pixels))
                exact += value;
            exact /= pixels;
            error += Math.Pow(means[channel] - exact, 2);
            norm += exact * exact;
        }
        Assert.True(Math.Sqrt(error / norm) <= 1e-6, $"{Math.Sqrt(error / norm):e2}");
    }
}
