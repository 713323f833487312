using AccelSim.Graph;
using ILGPU;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>What kernels of ours reached on a device when they did nothing else, measured: the best of several runs.</summary>
/// <param name="FloatingPointPerSecond">
/// float32 operations, a multiply-add counted as two: the faster of independent chains in registers and a square matrix product by a 1×1 convolution.
/// </param>
/// <param name="BytesPerSecond">Read and written by a copy of more bytes than caches hold. What stays in a cache may pass it.</param>
public sealed record GpuCeilings(double FloatingPointPerSecond, double BytesPerSecond)
{
    private const int Repetitions = 5;
    private const int Threads = 64;
    private const int Rounds = 400;
    private const long CopyBytes = 64L << 20;

    /// <exception cref="GpuException">The device failed, or has no 128 MiB to spare.</exception>
    public static GpuCeilings Measure(GpuBackend backend)
    {
        double product = MatrixProduct(backend);
        lock (backend.Gate)
        {
            backend.Bind();
            try
            {
                var kernels = Measure(backend.Accelerator, backend.Kernels);
                return kernels with { FloatingPointPerSecond = Math.Max(kernels.FloatingPointPerSecond, product) };
            }
            catch (Exception error) when (error is AcceleratorException or OutOfMemoryException)
            {
                throw GpuErrors.Translate(backend.Device, "measuring its ceilings", error);
            }
        }
    }

    /// <summary>A 1×1 convolution of 256 to 256 channels over 56×56 pixels; over few on ILGPU's CPU accelerator, which is a debugger.</summary>
    private static double MatrixProduct(GpuBackend backend)
    {
        int channels = 256, side = backend.Device.Kind == GpuDeviceKind.Cpu ? 4 : 56;
        var weights = Shape.Of(channels, channels, 1, 1);
        var input = new GraphInput("x", new TensorType(ElementType.Float32, Shape.Of(1, channels, side, side)));
        var graph = new LayerGraph(
            "matrix product", [input], [new Constant("w", new TensorType(ElementType.Float32, weights), Tensor.Of(weights, new float[weights.Elements]))],
            [new Layer("y", new Convolution(Size2.Square(1), Size2.Square(1), Padding.None), ["x"], ["w"])], ["y"]);
        using var executor = backend.Compile(graph);
        var zeros = new Dictionary<string, Tensor> { ["x"] = Tensor.Of(input.Type.Shape, new float[input.Type.Shape.Elements]) };
        return 2.0 * graph.TotalCost().Macs / executor.Latencies(zeros, Repetitions).Min();
    }

    private static GpuCeilings Measure(Accelerator accelerator, KernelCache kernels)
    {
        using var memory = new DeviceMemory(accelerator);
        var (from, to) = (memory.Allocate<float>(CopyBytes / sizeof(float)), memory.Allocate<float>(CopyBytes / sizeof(float)));
        from.MemSetToZero();
        to.MemSetToZero();
        var stopwatch = new DeviceStopwatch(accelerator);
        var multiplyAddKernel = CeilingKernels.MultiplyAdd;
        var multiplyAdd = kernels.Load(multiplyAddKernel);
        int groups = 64 * accelerator.NumMultiprocessors;
        double floats = 2.0 * CeilingKernels.MultiplyAddsOfRound * Rounds * groups * Threads / Best(() => multiplyAdd(new KernelConfig(groups, Threads), to, 0.5f, Rounds));
        var copyKernel = CeilingKernels.Copy;
        var copy = kernels.Load(copyKernel);
        double bytes = 2.0 * CopyBytes / Best(() => copy(new KernelConfig(checked((int)(from.Length / Threads)), Threads), from, to));
        return new GpuCeilings(floats, bytes);

        double Best(Action run) => Enumerable.Range(0, Repetitions + 1).Select(_ => stopwatch.Seconds(run)).Skip(1).Min();
    }
}
