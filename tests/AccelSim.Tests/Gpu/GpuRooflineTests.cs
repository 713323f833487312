using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Tests.Conformance;

namespace AccelSim.Tests.Gpu;

public sealed class GpuRooflineTests
{
    /// <summary>Ten multiprocessors of 100 MACs a cycle at 1 GHz, 100 GB/s, 1 MB of cache, 1 µs a launch.</summary>
    private static readonly GpuSpecification Device = new("test card", 1e9, 10, 1e12, 4e12, 1e11, 1_000_000, 1e-6);

    [Fact]
    public void AFullWaveOfTilesIsBoundByCompute()
    {
        // 128 × 320 outputs = 2 × 5 tiles of 64 × 64, one a multiprocessor, with 1000 terms each.
        var estimate = GpuRoofline.Estimate(Device, Pointwise(inputs: 1000, outputs: 128, pixels: 320)).Layers.Single();
        Assert.Equal(GpuLimit.Compute, estimate.Limit);
        Assert.Equal((long)Math.Ceiling(64.0 * 64 * 1000 / (100 * GpuRoofline.DenseEfficiency)), estimate.Timing.Total);
        Assert.Equal(GpuRoofline.DenseEfficiency, estimate.Timing.Utilization, 3);
        Assert.Equal(Provenance.Modelled, estimate.Timing.Provenance);
        Assert.Equal("bound by compute", estimate.Timing.Note);
    }

    [Fact]
    public void OneTileMoreThanAWaveTakesTwoWaves()
    {
        long one = Cycles(Pointwise(inputs: 255, outputs: 640, pixels: 64));
        Assert.Equal(2 * one, Cycles(Pointwise(inputs: 255, outputs: 641, pixels: 64)), 1.0);
    }

    [Fact]
    public void FewTilesWithLongSumsAreSplitOverIdleMultiprocessors()
    {
        // One tile of 2560 terms: ten splits of 256.
        var timing = GpuRoofline.Estimate(Device, Pointwise(inputs: 2560, outputs: 64, pixels: 64)).Layers.Single().Timing;
        Assert.Equal((long)Math.Ceiling(64.0 * 64 * 256 / (100 * GpuRoofline.DenseEfficiency)), timing.Compute);
    }

    [Fact]
    public void AValueThatDoesNotFitTheCacheIsBoundByMemory()
    {
        var graph = Chain(ElementType.Float32, Shape.Of(1, 64, 100, 100), new Activation(ActivationKind.Relu), new Activation(ActivationKind.Relu));
        var middle = GpuRoofline.Estimate(Device, graph).Layers[1];
        Assert.Equal(GpuLimit.Memory, middle.Limit);
        Assert.Equal(new Traffic("DRAM", 2_560_000, 2_560_000), middle.Timing.Traffic.Single());
        Assert.Equal(5_120_000 / (1e11 * GpuRoofline.DramEfficiency), middle.Timing.Seconds, 1e-8);
        Assert.Equal(middle.Timing.Total - middle.Timing.Compute, middle.Timing.Stalls[StallCause.DramBandwidth]);
    }

    [Fact]
    public void ATinyLayerIsBoundByItsLaunchAndAViewIsFree()
    {
        var graph = Chain(ElementType.Float32, Shape.Of(1, 2, 3, 4), new Activation(ActivationKind.Relu), new Flatten());
        var estimate = GpuRoofline.Estimate(Device, graph);
        Assert.Equal([GpuLimit.Launch, GpuLimit.None], estimate.Layers.Select(layer => layer.Limit));
        Assert.Equal(1e-6, estimate.Seconds, 1e-12);
        Assert.Equal(1, estimate.ShareOf(GpuLimit.Launch));
        Assert.Equal(GpuLimit.Launch, estimate.Limit);
    }

    [Fact]
    public void SmallActivationsStayInTheCacheButTheOutputIsWritten()
    {
        var graph = Chain(ElementType.Float32, Shape.Of(1, 2, 3, 4), [.. Enumerable.Repeat(new Activation(ActivationKind.Relu), 3)]);
        Assert.Equal(
            [new Traffic("DRAM", 96, 0), new Traffic("DRAM", 0, 0), new Traffic("DRAM", 0, 96)],
            GpuRoofline.Estimate(Device, graph).Layers.Select(layer => layer.Timing.Traffic.Single()));
    }

    [Fact]
    public void NoGpuIsFasterThanItsPeakAndBatchesHelp()
    {
        var one = GpuRoofline.Estimate(Device, TestNetwork.Folded());
        var many = GpuRoofline.Estimate(Device, TestNetwork.Folded(batch: 256));
        Assert.InRange(one.Utilization, 0, GpuRoofline.DenseEfficiency);
        Assert.InRange(many.Utilization, one.Utilization, GpuRoofline.DenseEfficiency);
        Assert.True(many.ImagesPerSecond > one.ImagesPerSecond);
        Assert.Equal(one.Seconds, one.Layers.Sum(layer => layer.Timing.Seconds), 1e-15);
        Assert.Equal(1, one.ShareOf(GpuLimit.Compute) + one.ShareOf(GpuLimit.Memory) + one.ShareOf(GpuLimit.Launch), 1e-9);
    }

    [Fact]
    public void ABetterDeviceIsNeverSlower()
    {
        var graph = TestNetwork.Folded(batch: 16);
        double basis = GpuRoofline.Estimate(Device, graph).Seconds;
        foreach (var better in new[]
        {
            Device with { Float32MacsPerSecond = 2e12 },
            Device with { DramBytesPerSecond = 2e11 },
            Device with { LastLevelCacheBytes = 100_000_000 },
            Device with { LaunchSeconds = 1e-7 },
        })
        {
            Assert.True(GpuRoofline.Estimate(better, graph).Seconds <= basis, better.ToString());
        }
    }

    /// <summary>No operator is left out of the model: each of a random layer takes compute, launches and, as it writes the output, memory. Only a view is free.</summary>
    [Fact]
    public void EveryOperatorIsChargedForWhatItDoes()
    {
        foreach (string name in RandomCase.FloatOperators.Except(["flatten", "reshape"]))
        {
            var graph = RandomCase.Float(name, seed: 3).Graph;
            var estimate = GpuRoofline.Estimate(Device, graph).Layers[^1];
            Assert.True(estimate.Timing.Compute > 0, name);
            Assert.True(estimate.Timing.Total >= 1000, name);
            Assert.Equal(graph.TypeOf(graph.Layers[^1].Name).Bytes, estimate.Timing.Traffic.Single().WrittenBytes);
            Assert.True(estimate.Timing.Traffic.Single().ReadBytes > 0, name);
        }
        foreach (string name in (string[])["flatten", "reshape"])
            Assert.Equal(GpuLimit.None, GpuRoofline.Estimate(Device, RandomCase.Float(name, seed: 3).Graph).Layers[^1].Limit);
    }

    [Theory]
    [InlineData(RecurrentCell.Lstm, 4, 1)]
    [InlineData(RecurrentCell.Gru, 3, 2)]
    public void ARecurrentLayerIsLaunchedStepByStep(RecurrentCell cell, int gates, int kernels)
    {
        var graph = new LayerGraph(
            "recurrent",
            [new GraphInput("x", new TensorType(ElementType.Float32, Shape.Of(50, 1, 8)))],
            [new Constant("w", new TensorType(ElementType.Float32, Shape.Of(gates * 8, 8))), new Constant("r", new TensorType(ElementType.Float32, Shape.Of(gates * 8, 8)))],
            [new Layer("y", new Recurrent(cell), ["x"], ["w", "r"])],
            ["y"]);
        var layer = GpuRoofline.Estimate(Device, graph).Layers.Single();
        Assert.Equal(GpuLimit.Launch, layer.Limit);
        Assert.Equal((1 + 50 * kernels) * 1e-6, layer.Timing.Seconds, 1e-9);
    }

    [Fact]
    public void AViewOfTheGraphsInputIsReadFromDram()
    {
        var graph = Chain(ElementType.Float32, Shape.Of(1, 2, 3, 4), new Flatten(), new Activation(ActivationKind.Relu), new Reshape([4, 6]));
        Assert.Equal(
            [new Traffic("DRAM", 0, 0), new Traffic("DRAM", 96, 96), new Traffic("DRAM", 0, 0)],
            GpuRoofline.Estimate(Device, graph).Layers.Select(layer => layer.Timing.Traffic.Single()));
    }

    [Fact]
    public void AFigureThatIsNotPositiveIsNamed()
    {
        var error = Assert.Throws<GpuException>(() => GpuRoofline.Estimate(Device with { DramBytesPerSecond = 0 }, TestNetwork.Folded()));
        Assert.Equal("The DRAM bandwidth of 'test card' must be positive, but is 0.", error.Message);
    }

    private static long Cycles(LayerGraph graph) => GpuRoofline.Estimate(Device, graph).Layers.Single().Timing.Total;

    private static LayerGraph Pointwise(int inputs, int outputs, int pixels) => new(
        "pointwise",
        [new GraphInput("x", new TensorType(ElementType.Float32, Shape.Of(1, inputs, 1, pixels)))],
        [new Constant("w", new TensorType(ElementType.Float32, Shape.Of(outputs, inputs, 1, 1)))],
        [new Layer("y", new Convolution(Size2.Square(1), Size2.Square(1), Padding.None), ["x"], ["w"])],
        ["y"]);

    private static LayerGraph Chain(ElementType element, Shape shape, params Operator[] operators)
    {
        var layers = operators.Select((op, i) => new Layer($"l{i}", op, i == 0 ? "x" : $"l{i - 1}")).ToList();
        return new LayerGraph("chain", [new GraphInput("x", new TensorType(element, shape))], [], layers, [layers[^1].Name]);
    }
}
