using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Tests.Conformance;

namespace AccelSim.Tests.Gpu;

/// <summary>Every kernel that there is for a convolution computes it: the ones that a GPU takes too, on the first device that is none of ILGPU's own.</summary>
[Collection(OnGpu.Name)]
public sealed class ProductKernelTests
{
    /// <summary>Layers that fill tiles and such that leave them ragged; whole quads of pixels and not; groups; strides; a classifier.</summary>
    public static TheoryData<string> Layers =>
    [
        "pointwise 70 120 12x12 batch 3", "pointwise 9 117 5x5 batch 10", "3x3 20 122 13x12 batch 2", "grouped 24 36 9x8 batch 2", "strided 6 64 30x30 batch 1",
        "depthwise3/1 12 12 11x14 batch 2", "depthwise3/2 9 9 12x7 batch 1", "depthwise5/1 5 5 7x9 batch 1", "depthwise5/2 6 6 13x11 batch 2", "depthwise4/3 6 12 13x11 batch 1", "classifier 52 37 1x1 batch 40",
    ];

    /// <summary>
    /// PoCL takes long to compile a tile, longest the one of 128×128 sums: a few of the others, with different ways to fetch. With ACCELSIM_EVERY_KERNEL=1, or on a GPU, all.
    /// </summary>
    private static readonly HashSet<(string Layer, bool Integer, ProductKernel Kernel)> Sample =
    [
        ("pointwise 70 120 12x12 batch 3", true, ProductKernel.Tile64x64), ("pointwise 9 117 5x5 batch 10", false, ProductKernel.Tile32x32),
        ("strided 6 64 30x30 batch 1", false, ProductKernel.Tile64x128), ("grouped 24 36 9x8 batch 2", true, ProductKernel.Tile32x32),
    ];

    private static readonly bool IsEvery = Environment.GetEnvironmentVariable("ACCELSIM_EVERY_KERNEL") == "1";

    [Theory]
    [MemberData(nameof(Layers))]
    public void EveryKernelGivesTheSame(string layer)
    {
        using var backend = GpuBackend.Open(TestDevices.Require(TestDevices.First), new GpuOptions(CheckWrites: true, Kernels: KernelFamily.Tiles, Tuning: TuningTable.Empty));
        foreach (bool integer in new[] { false, true })
        {
            var graph = LayerDescription.Graph(layer, integer);
            var inputs = TestNetwork.Images(graph, 3);
            using var naive = new NaiveBackend().Compile(graph);
            var expected = naive.Run(inputs, false, TestContext.Current.CancellationToken)["y"];
            var problem = ProductProblem.Of(graph, graph.Layers[0])!;
            var choices = backend.Profile.Choices(problem);
            Assert.True(choices.Count >= 3, $"{layer}: {string.Join(", ", choices)}");
            foreach (var choice in choices.Where(choice => IsEvery || backend.Device.Kind == GpuDeviceKind.Cuda || !choice.IsTile || Sample.Contains((layer, integer, choice.Kernel))))
            {
                backend.Tuning = TuningTable.Empty.With([new(problem.Key, new TunedKernel(choice.ToString(), 0, 0))]);
                Assert.Equal(choice, backend.Choose(problem));
                using var executor = backend.Compile(graph);
                LayerDescription.AssertSame(expected, executor.Run(inputs, false, TestContext.Current.CancellationToken)["y"], $"{layer} by {choice}");
            }
        }
    }

    /// <summary>depthwise, pointwise and add, alone and together: the outputs are those of layers that are executed one by one, and of plain loops.</summary>
    [Theory]
    [InlineData(KernelFamily.Tiles, 3)]
    [InlineData(KernelFamily.Panels, 4)]
    public void SharedKernelsGiveWhatSingleOnesDo(KernelFamily family, int steps)
    {
        using var backend = GpuBackend.Open(TestDevices.Require(TestDevices.First), new GpuOptions(CheckWrites: true, Kernels: family, Tuning: TuningTable.Empty));
        var graph = InvertedResidual();
        var quantized = TestNetwork.Quantized(graph, Run(graph, everyLayer: true, TestNetwork.Images(graph)));
        foreach (var tested in new[] { graph, quantized, graph.WithBatch(3), quantized.WithBatch(3) })
        {
            using var executor = backend.Compile(tested);
            Assert.Equal(steps, executor.Steps.Count);
            var images = TestNetwork.Images(tested, 5);
            var shared = executor.Run(images, everyLayer: false, TestContext.Current.CancellationToken)["y"];
            var single = executor.Run(images, everyLayer: true, TestContext.Current.CancellationToken);
            Assert.Equal(tested.Layers.Select(layer => layer.Name).Order(), single.Keys.Order());
            LayerDescription.AssertSame(single["y"], shared, $"{family} {tested.Batch}");
            using var naive = new NaiveBackend().Compile(tested);
            LayerDescription.AssertSame(naive.Run(images, false, TestContext.Current.CancellationToken)["y"], shared, $"{family} {tested.Batch} against plain loops");
        }

        Dictionary<string, Tensor> Run(LayerGraph of, bool everyLayer, Dictionary<string, Tensor> images)
        {
            using var executor = backend.Compile(of);
            return executor.Run(images, everyLayer, TestContext.Current.CancellationToken).Concat(images).ToDictionary();
        }
    }

    [Fact]
    public void WhatSomebodyElseReadsIsNotShared()
    {
        using var backend = GpuBackend.Open(TestDevices.Require(TestDevices.First), new GpuOptions(Kernels: KernelFamily.Tiles, Tuning: TuningTable.Empty));
        var graph = InvertedResidual();
        Assert.Equal(["expanded", "deep + narrow + sum", "y"], Steps(graph));
        // The depthwise output, then the pointwise one, is an output of the graph too.
        Assert.Equal(["expanded", "deep", "narrow + sum", "y"], Steps(WithOutput("deep")));
        Assert.Equal(["expanded", "deep + narrow", "sum", "y"], Steps(WithOutput("narrow")));
        // Too many rows for one tile: the depthwise outputs would be computed twice.
        Assert.Equal(["expanded", "deep", "narrow + sum", "y"], Steps(InvertedResidual(channels: 136)));
        using var single = GpuBackend.Open(TestDevices.Require(TestDevices.First), new GpuOptions(Fuse: false));
        using var executor = single.Compile(graph);
        Assert.All(executor.Steps, step => Assert.Single(step));

        LayerGraph WithOutput(string value) => new(graph.Name, graph.Inputs, graph.Constants.Values, graph.Layers, [.. graph.Outputs, value]);

        IEnumerable<string> Steps(LayerGraph of)
        {
            using var compiled = backend.Compile(of);
            return [.. compiled.Steps.Select(step => string.Join(" + ", step.Select(layer => layer.Name)))];
        }
    }

    [Fact]
    public void TheDefaultTileFillsTheDevice()
    {
        var profile = new DeviceProfile(KernelFamily.Tiles, [64, 128], 1024, HasPanels: true, Multiprocessors: 108);
        Assert.Equal(ProductKernel.Tile128x128, First(256, 256, 56, batch: 32));
        Assert.Equal(ProductKernel.Tile64x128, First(64, 64, 56, batch: 32));
        Assert.Equal(ProductKernel.Tile32x32, First(512, 512, 7, batch: 1));
        Assert.Equal(ProductKernel.Panels, profile.Choices(new ProductProblem(ElementType.Float32, MacLowering.Vectors(1, 2048, 1000), 1))[0].Kernel);

        ProductKernel First(int inputs, int outputs, int side, int batch) => profile.Choices(Problem(inputs, outputs, side, batch))[0].Kernel;

        static ProductProblem Problem(int inputs, int outputs, int side, int batch) => new(
            ElementType.Float32, new SlidingGeometry(Shape.Of(batch, inputs, side, side), Shape.Of(batch, outputs, side, side), Size2.Square(1), Size2.Square(1), Padding.None), Groups: 1);
    }

    /// <summary>MobileNetV2's block with its input added, on images that are no whole quads.</summary>
    private static LayerGraph InvertedResidual(int channels = 20)
    {
        var random = new RandomTensors(11);
        var constants = new List<Constant>();
        int wide = 2 * channels;
        return new LayerGraph("block", [new GraphInput("x", new TensorType(ElementType.Float32, Shape.Of(1, channels, 7, 9)))], constants,
            [
                Layer("expanded", new Convolution(Size2.Square(1), Size2.Square(1), Padding.None, 1, ClampKind.Relu6), "x", Shape.Of(wide, channels, 1, 1)),
                Layer("deep", new Convolution(Size2.Square(3), Size2.Square(1), Padding.All(1), wide, ClampKind.Relu6), "expanded", Shape.Of(wide, 1, 3, 3)),
                Layer("narrow", new Convolution(Size2.Square(1), Size2.Square(1), Padding.None), "deep", Shape.Of(channels, wide, 1, 1)),
                new Layer("sum", new Add(ClampKind.Relu), "x", "narrow"),
                new Layer("y", new MaxPool(Size2.Square(2), Size2.Square(2), Padding.None), "sum"),
            ],
            ["y"]);

        Layer Layer(string name, Operator layer, string input, Shape weight)
        {
            constants.Add(new Constant($"{name}/w", new TensorType(ElementType.Float32, weight), random.Floats(weight)));
            constants.Add(new Constant($"{name}/b", new TensorType(ElementType.Float32, Shape.Of(weight[0])), random.Floats(Shape.Of(weight[0]))));
            return new Layer(name, layer, [input], [$"{name}/w", $"{name}/b"]);
        }
    }
}
