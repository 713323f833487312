using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Reference;
using AccelSim.Tests.Conformance;
using ILGPU;

namespace AccelSim.Tests.Gpu;

/// <summary>
/// Grids of more than 65,535 groups in what used to be a second or third dimension, where CUDA ends (and ILGPU for OpenCL too): images by channels of large
/// batches, tiles of columns of large images, groups of a convolution, panels of images. verify had stopped at 256 images of 256 channels.
/// </summary>
[Collection(OnGpu.Name)]
public sealed class LargeGridTests
{
    private const int Limit = 65535;

    /// <summary>A layer, what passes the limit in it, and the kernels to compute it with.</summary>
    public static TheoryData<string, bool, string> Layers
    {
        get
        {
            var data = new TheoryData<string, bool, string>();
            foreach (bool integer in new[] { false, true })
            {
                // Images by channels: padded planes and the product of each, by one row and by eight.
                data.Add("depthwise3/1 256 256 3x3 batch 257", integer, "Panels Rows");
                data.Add("pairs 512 512 2x2 batch 257", integer, "Panels");
                // Tiles of columns, and of a row of a padded plane: in groups of 16 on PoCL, which leave the fewest threads idle.
                data.Add("wide 1 1 1x1048720 batch 1", integer, "Panels");
                // Groups of a convolution in tiles.
                data.Add("pairs 131080 131080 1x1 batch 1", integer, "Tile32x32");
            }
            // Panels of eight images.
            data.Add("classifier 4 3 1x1 batch 524300", false, "Panels");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void EveryGroupIsComputed(string layer, bool integer, string kernels)
    {
        // libtorch takes large images and batches in its stride, but not tens of thousands of groups.
        IBackend oracle = layer.EndsWith("batch 1", StringComparison.Ordinal) && layer.StartsWith("pairs", StringComparison.Ordinal) ? new NaiveBackend() : new ReferenceBackend();
        var graph = LayerDescription.Graph(layer, integer, oracle);
        var inputs = TestNetwork.Images(graph, 3);
        using var reference = oracle.Compile(graph);
        var expected = reference.Run(inputs, false, TestContext.Current.CancellationToken)["y"];
        using var backend = GpuBackend.Open(TestDevices.Require(TestDevices.First), new GpuOptions(Kernels: KernelFamily.Tiles, Tuning: TuningTable.Empty));
        var problem = ProductProblem.Of(graph, graph.Layers[0])!;
        foreach (string kernel in kernels.Split(' '))
        {
            var choice = backend.Profile.Choices(problem).First(choice => choice.Kernel.ToString() == kernel);
            backend.Tuning = TuningTable.Empty.With([new(problem.Key, new TunedKernel(choice.ToString(), 0, 0))]);
            using var executor = backend.Compile(graph);
            LayerDescription.AssertSame(expected, executor.Run(inputs, false, TestContext.Current.CancellationToken)["y"], $"{layer} by {choice}");
        }
    }

    /// <summary>The general kernel: weights that are a value of the graph.</summary>
    [Fact]
    public void EveryGroupOfAConvolutionWhoseWeightsAreValuesIsComputed()
    {
        const int groups = Limit + 2;
        var (input, weights) = (Shape.Of(1, 2 * groups, 1, 1), Shape.Of(groups, 2, 1, 1));
        var graph = new LayerGraph("values",
            [new GraphInput("x", new TensorType(ElementType.Float32, input)), new GraphInput("w", new TensorType(ElementType.Float32, weights))], [],
            [new Layer("y", new Convolution(Size2.Square(1), Size2.Square(1), Padding.None, groups), ["x"], ["w"])], ["y"]);
        var inputs = TestNetwork.Images(graph, 3);
        using var naive = new NaiveBackend().Compile(graph);
        using var backend = GpuBackend.Open(TestDevices.Require(TestDevices.First), new GpuOptions());
        using var executor = backend.Compile(graph);
        LayerDescription.AssertSame(
            naive.Run(inputs, false, TestContext.Current.CancellationToken)["y"], executor.Run(inputs, false, TestContext.Current.CancellationToken)["y"], "weights as values");
    }

    [Fact]
    public void WhatNoGridAndNoIndexReachesIsRefusedByName()
    {
        var graph = LayerDescription.Graph("pointwise 4 4 2x2 batch 1", integer: false);
        using var backend = GpuBackend.Open(GpuDevices.Cpu);
        using var constants = new DeviceMemory(backend.Accelerator);
        var context = new LoweringContext(graph, Assert.Single(backend.StepsOf(graph)), backend, constants);
        Assert.Equal((int.MaxValue, 1, 1), (context.Grid(int.MaxValue, new Index3D(64, 1, 1)).GridDim.X, context.Grid(7, new Index3D(64, 1, 1)).GridDim.Y, context.Grid(7, new Index3D(64, 1, 1)).GridDim.Z));
        Assert.Equal(
            "Layer 'y' of 'layer' takes 2147483648 groups of threads, but a grid of gpu cpu holds 2147483647: use a smaller batch.",
            Assert.Throws<GraphException>(() => context.Grid(1L << 31, new Index3D(64, 1, 1))).Message);
        Assert.Equal(
            "Layer 'y' of 'layer' lays its input out anew in 2147483520 elements, but gpu cpu reaches 2147483519: use a smaller batch.",
            Assert.Throws<GraphException>(() => context.Scratch<float>(2147483520)).Message);
    }
}
