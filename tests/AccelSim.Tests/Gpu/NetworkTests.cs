using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Tests.Conformance;

namespace AccelSim.Tests.Gpu;

/// <summary>A whole network on every device with a driver, each layer against the naive loop on the values that the GPU itself produced before it.</summary>
[Collection(OnGpu.Name)]
public sealed class NetworkTests(GpuDevicesFixture devices)
{
    [Theory]
    [MemberData(nameof(TestDevices.DevicesWithDriver), MemberType = typeof(TestDevices))]
    public void EveryFloatLayerIsNearTheNaiveLoop(string device)
    {
        var graph = TestNetwork.Unfused(batch: 2);
        var values = RunEveryLayer(device, graph, TestNetwork.Images(graph));
        foreach (var layer in graph.Layers)
        {
            double[] expected = Array.ConvertAll(Naive(graph, layer, values).Float32.ToArray(), value => (double)value);
            float[] actual = values[layer.Name].Float32.ToArray();
            double error = Math.Sqrt(expected.Zip(actual, (e, a) => (e - a) * (e - a)).Sum());
            Assert.True(error <= 1e-5 * Math.Sqrt(expected.Sum(e => e * e)), $"{layer.Name}: {error:e2}");
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.DevicesWithDriver), MemberType = typeof(TestDevices))]
    public void EveryIntegerLayerEqualsTheNaiveLoop(string device)
    {
        var folded = TestNetwork.Folded(batch: 2);
        var graph = TestNetwork.Quantized(folded, RunEveryLayer(device, folded, TestNetwork.Images(folded)));
        var values = RunEveryLayer(device, graph, TestNetwork.Images(graph, seed: 2));
        foreach (var layer in graph.Layers)
        {
            sbyte[] actual = values[layer.Name].Int8.ToArray();
            Assert.True(Naive(graph, layer, values).Int8.SequenceEqual(actual), layer.Name);
            Assert.True(actual.Distinct().Count() > 1, $"{layer.Name} is constant: the test would not notice a dead layer.");
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.DevicesWithDriver), MemberType = typeof(TestDevices))]
    public void ReusedBuffersGiveTheOutputsOfKeptOnes(string device)
    {
        var graph = TestNetwork.Folded();
        var images = TestNetwork.Images(graph);
        using var executor = devices.Open(device).Compile(graph);
        var kept = executor.Run(images, everyLayer: true, TestContext.Current.CancellationToken);
        var reused = executor.Run(images, everyLayer: false, TestContext.Current.CancellationToken);
        string output = Assert.Single(reused.Keys);
        Assert.Equal(kept[output].Float32.ToArray(), reused[output].Float32.ToArray());
        Assert.Equal(graph.Layers.Select(layer => layer.Name).Order(), kept.Keys.Order());
        Assert.True(executor.Memory.ArenaBytes < graph.Layers.Sum(layer => graph.TypeOf(layer.Name).Bytes) / 3, "buffers are not reused");
    }

    public static MatrixTheoryData<string, int> DevicesAndBatches => new(TestDevices.WithDriver, [1, 7]);

    /// <summary>Neither device memory nor, beyond what a driver binding needs for a launch, the host's.</summary>
    [Theory]
    [MemberData(nameof(DevicesAndBatches))]
    public void AnInferenceAllocatesNoMemory(string device, int batch)
    {
        using var backend = GpuBackend.Open(TestDevices.Require(device));
        var graph = TestNetwork.Folded(batch);
        using var executor = backend.Compile(graph);
        var images = TestNetwork.Images(graph);
        long atFirst = DeviceMemory.AllocationsByCurrentThread;
        executor.Run(images, everyLayer: false, TestContext.Current.CancellationToken);
        Assert.Equal(atFirst, DeviceMemory.AllocationsByCurrentThread);
        long managed = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            executor.EnqueueLayers();
        backend.Accelerator.Synchronize();
        managed = GC.GetAllocatedBytesForCurrentThread() - managed;
        Assert.True(managed <= 10 * graph.Layers.Length * 256, $"{managed / 10.0 / graph.Layers.Length} bytes a layer");
        Assert.Equal(graph.Constants.Values.Where(constant => constant.Type.Element == ElementType.Float32).Sum(constant => constant.Type.Bytes), executor.Memory.ConstantBytes, 0.2 * executor.Memory.ConstantBytes);
        Assert.True(executor.Memory.ArenaBytes <= 1.1 * executor.Memory.LowerBoundBytes);
    }

    [Theory]
    [MemberData(nameof(TestDevices.DevicesWithDriver), MemberType = typeof(TestDevices))]
    public void ABatchIsItsImagesOneByOne(string device)
    {
        var graph = TestNetwork.Folded(batch: 3);
        var images = TestNetwork.Images(graph)["image"];
        var backend = devices.Open(device);
        using var all = backend.Compile(graph);
        using var one = backend.Compile(graph.WithBatch(1));
        string output = graph.Outputs[0];
        float[] expected = [.. Enumerable.Range(0, 3).SelectMany(i => Run(one, images.Batch(i, 1)).Float32.ToArray())];
        Assert.Equal(expected, Run(all, images).Float32.ToArray());

        Tensor Run(GpuExecutor executor, Tensor image) =>
            executor.Run(new Dictionary<string, Tensor> { ["image"] = image }, false, TestContext.Current.CancellationToken)[output];
    }

    private static Tensor Naive(LayerGraph graph, Layer layer, Dictionary<string, Tensor> values)
    {
        using var executor = new NaiveBackend().Compile(TestNetwork.Alone(graph, layer));
        return executor.Run(values)[layer.Name];
    }

    /// <summary>The inputs and every layer's value.</summary>
    private Dictionary<string, Tensor> RunEveryLayer(string device, LayerGraph graph, Dictionary<string, Tensor> images)
    {
        using var executor = devices.Open(device).Compile(graph);
        var values = executor.Run(images, everyLayer: true, TestContext.Current.CancellationToken).ToDictionary();
        foreach (var (name, image) in images)
            values[name] = image;
        return values;
    }
}
