using AccelSim.Gpu;
using AccelSim.Graph;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace AccelSim.Tests.Gpu;

/// <summary>What the executor does when something goes wrong, and that it can go on afterwards.</summary>
[Collection(OnGpu.Name)]
public sealed class ExecutorTests(GpuDevicesFixture devices)
{
    private static readonly Shape Pixels = Shape.Of(1, 2, 1, 3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Int8)]
    public void AnUnwrittenElementIsCaughtAtItsLayer(ElementType element)
    {
        var graph = TransposeThenRelu(element);
        var faulty = OperatorLowerings.All.With(typeof(Transpose), context => values =>
        {
            var (from, to) = (values.View<byte>("image"), values.View<byte>("turned"));
            long written = from.Length - element.Bytes();
            from.SubView(0, written).CopyTo(to.SubView(0, written));
        });
        using var executor = devices.Open(GpuDevices.Cpu).Compile(graph, faulty);
        var error = Assert.Throws<UnwrittenElementException>(() => executor.Run(Values(element), everyLayer: true, Cancellation));
        Assert.Equal(("turned", 5L), (error.Layer, error.Index));
        Assert.Contains("left element 5 of layer 'turned' (Transpose,", error.Message, StringComparison.Ordinal);
        // Asked for the output alone, it is found where it surfaces.
        Assert.Equal("y", Assert.Throws<UnwrittenElementException>(() => executor.Run(Values(element), everyLayer: false, Cancellation)).Layer);
    }

    [Fact]
    public void WithoutTheCheckAFaultyKernelPasses()
    {
        using var backend = GpuBackend.Open(GpuDevices.Cpu);
        using var executor = backend.Compile(TransposeThenRelu(ElementType.Float32), OperatorLowerings.All.With(typeof(Transpose), _ => _ => { }));
        Assert.Equal(6, executor.Run(Values(ElementType.Float32), everyLayer: true, Cancellation)["turned"].Float32.Length);
    }

    [Fact]
    public void AnOperatorThatIsNotInTheTableIsNamed()
    {
        var graph = new LayerGraph("strange", [Input(ElementType.Float32)], [], [new Layer("odd", new Mystery(), "image")], ["odd"]);
        var error = Assert.Throws<UnsupportedOperatorException>(() => devices.Open(GpuDevices.Cpu).Compile(graph));
        Assert.StartsWith("The gpu cpu backend cannot execute layer 'odd' (Mystery): it executes Activation, ActivationGradient, Add, Arithmetic, AveragePool,", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingWeightsAreNamed()
    {
        var weight = Shape.Of(4, 2, 1, 1);
        var graph = new LayerGraph(
            "bare",
            [Input(ElementType.Float32)],
            [new Constant("conv/weight", new TensorType(ElementType.Float32, weight))],
            [new Layer("conv", new Convolution(Size2.Square(1), Size2.Square(1), Padding.None), ["image"], ["conv/weight"])],
            ["conv"]);
        var error = Assert.Throws<GraphException>(() => devices.Open(GpuDevices.Cpu).Compile(graph));
        Assert.Contains("'conv/weight' has no data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheNextRunAfterAFailedOneIsRight()
    {
        var graph = TransposeThenRelu(ElementType.Float32);
        bool fail = true;
        var once = OperatorLowerings.All.With(typeof(Transpose), context =>
        {
            var step = MovementLowering.Transpose(context);
            return values =>
            {
                if (fail)
                    throw new CLException(CLError.CL_OUT_OF_RESOURCES);
                step(values);
            };
        });
        using var executor = devices.Open(GpuDevices.Cpu).Compile(graph, once);
        var lost = Assert.Throws<GpuDeviceLostException>(() => executor.Run(Values(ElementType.Float32), false, Cancellation));
        Assert.Equal(
            "cpu (ILGPU on CPU threads) failed while running layer 'turned' (CL_OUT_OF_RESOURCES): open the device again, or choose another with --device.",
            lost.Message);
        var wrong = Assert.Throws<GraphException>(() => executor.Run(new Dictionary<string, Tensor> { ["image"] = Tensor.Of(Shape.Of(1), [1f]) }, false, Cancellation));
        Assert.Contains("must be float32 1×2×1×3", wrong.Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => executor.Run(Values(ElementType.Float32), false, new CancellationToken(canceled: true)));
        fail = false;
        Assert.Equal([0, 0, 0, 1, 2, 3], executor.Run(Values(ElementType.Float32), false, Cancellation)["y"].Float32.ToArray());
    }

    [Theory]
    [MemberData(nameof(TestDevices.DevicesWithDriver), MemberType = typeof(TestDevices))]
    public void AGraphThatDoesNotFitTheDeviceSaysHowMuchItNeeds(string device)
    {
        const int side = 20000;
        var backend = devices.Open(device);
        Assert.SkipWhen(backend.Device.MemoryBytes > 100L << 30, "the device is too large for this test");
        // Padding makes a large output of a small input; enough layers pass any device's memory together.
        int outputs = (int)Math.Max(1, 2 * backend.Device.MemoryBytes!.Value / (4L * side * side));
        var layers = Enumerable.Range(0, outputs).Select(i => new Layer($"pad{i}", Padded(side), ["image"], [$"weight{i}"])).ToList();
        var graph = Padding1x1(layers);
        var error = Assert.Throws<GpuOutOfMemoryException>(() => backend.Compile(graph));
        string needed = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"needs {(4.0 * side * side * outputs + 4) / 1048576:f1} MiB for values and 0.0 MiB for weights");
        Assert.Contains(needed, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("use a smaller batch or another device.", error.Message, StringComparison.Ordinal);
        AssertWorks(backend);
    }

    [Fact]
    public void AValueBeyond32BitIndicesIsRefused()
    {
        var graph = Padding1x1([new Layer("huge", Padded(46341), ["image"], ["weight"])]);
        var error = Assert.Throws<GraphException>(() => devices.Open(GpuDevices.Cpu).Compile(graph));
        Assert.Contains("The value 'huge' of 'padded' has 2147488281 elements", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DriversErrorsAreTranslated()
    {
        var device = new GpuDevice("opencl:7", GpuDeviceKind.OpenCl, "Card", null, 1, 1, null, "driver");
        Assert.Equal(
            "opencl:7 (Card) ran out of memory while allocating values (CL_MEM_OBJECT_ALLOCATION_FAILURE): use a smaller batch or another device.",
            Assert.IsType<GpuOutOfMemoryException>(GpuErrors.Translate(device, "allocating values", new CLException(CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE))).Message);
        Assert.IsType<GpuOutOfMemoryException>(GpuErrors.Translate(device, "x", new InsufficientMemoryException()));
        Assert.IsType<GpuDeviceLostException>(GpuErrors.Translate(device, "x", new CLException(CLError.CL_DEVICE_NOT_AVAILABLE)));
    }

    [Fact]
    public void DisposalIsIdempotentAndFinal()
    {
        var backend = GpuBackend.Open(GpuDevices.Cpu);
        var graph = TransposeThenRelu(ElementType.Float32);
        var executor = backend.Compile(graph);
        var survivor = backend.Compile(graph);
        executor.Dispose();
        executor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => executor.Run(Values(ElementType.Float32), false, Cancellation));
        AssertWorks(backend);
        backend.Dispose();
        backend.Dispose();
        Assert.Throws<ObjectDisposedException>(() => backend.Compile(graph));
        Assert.Throws<ObjectDisposedException>(() => survivor.Run(Values(ElementType.Float32), false, Cancellation));
        survivor.Dispose();
        using var next = GpuBackend.Open(GpuDevices.Cpu);
        AssertWorks(next);
    }

    [Theory]
    [MemberData(nameof(TestDevices.DevicesWithDriver), MemberType = typeof(TestDevices))]
    public void TwoBackendsOnOneDeviceRunAtOnce(string device)
    {
        TestDevices.Require(device);
        var graph = TransposeThenRelu(ElementType.Float32);
        float[][] results = new float[8][];
        using (var first = GpuBackend.Open(device))
        using (var second = GpuBackend.Open(device))
        {
            Parallel.For(0, results.Length, i =>
            {
                using var executor = (i % 2 == 0 ? first : second).Compile(graph);
                results[i] = executor.Run(Values(ElementType.Float32))["y"].Float32.ToArray();
            });
        }
        Assert.All(results, result => Assert.Equal([0, 0, 0, 1, 2, 3], result));
    }

    /// <summary>
    /// A device that is gone answers every call with its error: at whatever call that begins, it is said which call it was, everything can be released, and the
    /// device can be opened anew in the same process.
    /// </summary>
    [Theory]
    [InlineData("preparing layer 'turned'")]
    [InlineData("allocating values")]
    [InlineData("making it current")]
    [InlineData("uploading the input 'image'")]
    [InlineData("running layer 'turned'")]
    [InlineData("running the graph")]
    [InlineData("reading 'y'")]
    [InlineData("measuring")]
    [InlineData("profiling")]
    public void ALostDeviceIsSaidAndLeavesTheProcessUsable(string call)
    {
        bool isLost = false;
        var backend = GpuBackend.Open(GpuDevices.Cpu, new GpuOptions(Profiling: true));
        backend.Fault = doing =>
        {
            isLost |= doing == call;
            if (isLost)
                throw new CLException(CLError.CL_DEVICE_NOT_AVAILABLE);
        };
        GpuExecutor? executor = null;
        var error = Assert.Throws<GpuDeviceLostException>(() =>
        {
            executor = backend.Compile(TransposeThenRelu(ElementType.Float32));
            executor.Run(Values(ElementType.Float32), false, Cancellation);
            executor.Latencies(Values(ElementType.Float32), 1, Cancellation);
            executor.ProfileLayers(Values(ElementType.Float32), 1, Cancellation);
        });
        Assert.Equal($"cpu (ILGPU on CPU threads) failed while {call} (CL_DEVICE_NOT_AVAILABLE): open the device again, or choose another with --device.", error.Message);
        Assert.Throws<GpuDeviceLostException>(() => (executor ?? backend.Compile(TransposeThenRelu(ElementType.Float32))).Run(Values(ElementType.Float32), false, Cancellation));
        executor?.Dispose();
        backend.Dispose();
        using var next = GpuBackend.Open(GpuDevices.Cpu);
        AssertWorks(next);
    }

    /// <summary>Memory that another process takes meanwhile: the plan fitted, the allocation does not.</summary>
    [Fact]
    public void MemoryThatIsRefusedIsSaidAndReleased()
    {
        using var backend = GpuBackend.Open(GpuDevices.Cpu);
        backend.Fault = doing =>
        {
            if (doing == "allocating values")
                throw new CLException(CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE);
        };
        var error = Assert.Throws<GpuOutOfMemoryException>(() => backend.Compile(TransposeThenRelu(ElementType.Float32)));
        Assert.Equal("cpu (ILGPU on CPU threads) ran out of memory while allocating values (CL_MEM_OBJECT_ALLOCATION_FAILURE): use a smaller batch or another device.", error.Message);
        backend.Fault = null;
        AssertWorks(backend);
    }

    private static void AssertWorks(GpuBackend backend)
    {
        using var executor = backend.Compile(TransposeThenRelu(ElementType.Float32));
        Assert.Equal([0, 0, 0, 1, 2, 3], executor.Run(Values(ElementType.Float32), false, Cancellation)["y"].Float32.ToArray());
    }

    private static LayerGraph TransposeThenRelu(ElementType element)
    {
        var table = element == ElementType.Int8 ? LookupTable.Of(ActivationKind.Relu, new Quantization(1, 0), new Quantization(1, 0)) : null;
        return new LayerGraph("small", [Input(element)], [],
            [new Layer("turned", new Transpose([0, 1, 3, 2]), "image"), new Layer("y", new Activation(ActivationKind.Relu, table), "turned")], ["y"]);
    }

    private static GraphInput Input(ElementType element) =>
        new("image", new TensorType(element, Pixels, element == ElementType.Int8 ? new Quantization(1, 0) : null));

    private static Dictionary<string, Tensor> Values(ElementType element) => new()
    {
        ["image"] = element == ElementType.Int8 ? Tensor.Of(Pixels, new sbyte[] { -2, -1, 0, 1, 2, 3 }) : Tensor.Of(Pixels, [-2f, -1, 0, 1, 2, 3]),
    };

    private static Convolution Padded(int side) => new(Size2.Square(1), Size2.Square(1), new Padding(side - 1, 0, side - 1, 0));

    private static LayerGraph Padding1x1(IReadOnlyList<Layer> layers) => new(
        "padded",
        [new GraphInput("image", new TensorType(ElementType.Float32, Shape.Of(1, 1, 1, 1)))],
        layers.SelectMany(layer => layer.Constants).Select(name =>
            new Constant(name, new TensorType(ElementType.Float32, Shape.Of(1, 1, 1, 1)), Tensor.Of(Shape.Of(1, 1, 1, 1), [1f]))),
        layers,
        layers.Select(layer => layer.Name));

    private sealed record Mystery : Operator
    {
        public override bool IsInteger => false;

        public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants) => inputs[0];
    }
}
