using AccelSim.Graph;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace AccelSim.Gpu;

/// <summary>Enqueues the kernel of one layer on the values of a run.</summary>
internal delegate void LayerStep(ValueBuffers values);

/// <summary>Where a layer's operand is found in a run: among the constants on the device, or among the values.</summary>
internal delegate ArrayView<T> Operand<T>(ValueBuffers values)
    where T : unmanaged;

/// <summary>What an operator's lowering sees: its layer, the types around it, kernels, and a way to keep constants on the device.</summary>
internal sealed class LoweringContext(LayerGraph graph, ScheduledStep step, GpuBackend backend, DeviceMemory constants)
{
    private readonly List<Scratch> _scratch = [];

    public Layer Layer { get; } = step.Layer;

    /// <summary>The value that the step stores: the layer's, or that of the add after it.</summary>
    public string Target { get; } = step.Value;

    /// <summary>The depthwise convolution that is computed where the layer reads it.</summary>
    public Layer? Depthwise { get; } = step.Depthwise;

    /// <summary>The add that takes the layer's value.</summary>
    public Layer? Residual { get; } = step.Residual;

    /// <summary>The add's other operand.</summary>
    public string? ResidualValue => Residual?.Inputs.First(input => input != Layer.Name);

    /// <summary>The layer as a problem that there are several kernels for, if it is one.</summary>
    public ProductProblem? Problem => GpuBackend.ProblemOf(graph, step);

    public DeviceProfile Device => backend.Profile;

    public KernelCache Kernels => backend.Kernels;

    public TensorType Input(int index) => graph.TypeOf(Layer.Inputs[index]);

    public TensorType Output => graph.TypeOf(Layer.Name);

    public bool IsInteger => Output.Element == ElementType.Int8;

    /// <summary>The zero point of an int8 operand.</summary>
    public int ZeroPoint(int index) => Input(index).Quantization!.Value.ZeroPoint;

    /// <summary>A constant's data on the host, or null when the layer does not have it.</summary>
    /// <exception cref="GraphException">The layer reads an activation there, or the constant has no data.</exception>
    public Tensor? Constant(int index) => graph.ConstantOf(Layer, index)?.Value;

    /// <summary>The same of another layer of the step.</summary>
    public Tensor? Constant(Layer of, int index) => graph.ConstantOf(of, index)?.Value;

    public TensorType TypeOf(string value) => graph.TypeOf(value);

    /// <summary>The kernel for a problem: the one that was measured to be the fastest here, else the one that should be.</summary>
    public ProductChoice Choose(ProductProblem problem) => backend.Choose(problem);

    /// <summary>The constants of the step's add, whose first operand is what the layer gives.</summary>
    public AddCode ResidualCode(AddArithmetic add) =>
        AddCode.Of(add, graph.TypeOf(Residual!.Inputs[0]).Quantization!.Value.ZeroPoint, graph.TypeOf(Residual.Inputs[1]).Quantization!.Value.ZeroPoint, Residual.Inputs[1] == Layer.Name);

    /// <summary>The type of what stands in a constant's place.</summary>
    public TensorType ConstantType(int index) => graph.TypeOf(Layer.Constants[index]);

    /// <summary>Whether every constant of the layer is one, and none an activation.</summary>
    public bool HasFixedConstants => Layer.Constants.All(graph.Constants.ContainsKey);

    /// <summary>
    /// A float constant: uploaded once, or where the layer reads an activation in its place, that value as it is in each run. Zeros of
    /// <paramref name="elements"/> when the layer does not have it.
    /// </summary>
    public Operand<float> FloatOperand(int index, int elements = 1) => FloatOperand(Layer, index, elements);

    /// <summary>The same of another layer of the step.</summary>
    public Operand<float> FloatOperand(Layer of, int index, int elements)
    {
        if (index < of.Constants.Length && !graph.Constants.ContainsKey(of.Constants[index]))
        {
            string value = of.Constants[index];
            return values => values.View<float>(value);
        }
        var data = Constant(of, index) is { } constant ? Upload(constant.Float32) : Upload<float>(new float[elements]);
        return _ => data;
    }

    /// <summary>What to throw where this device, or any, cannot execute the layer.</summary>
    public UnsupportedOperatorException Unsupported(string reason) => new(backend.Name, Layer.Name, Layer.Operator.Name, reason);

    /// <summary>For kernels that compute in float64, which OpenCL devices may lack.</summary>
    /// <exception cref="UnsupportedOperatorException">This one does.</exception>
    public void RequireFloat64()
    {
        if (backend.Accelerator is CLAccelerator { Capabilities.Float64: false })
            throw Unsupported("its device has no float64, without which the result would not be exact: choose another with --device.");
    }

    /// <summary>Copies data to the device once; they stay until the executor is disposed.</summary>
    public ArrayView<T> Upload<T>(ReadOnlySpan<T> data)
        where T : unmanaged => constants.Upload(data);

    /// <summary>Device memory that the layer's kernels pass on among themselves. It has a place in the arena while the layer runs and means nothing before.</summary>
    /// <exception cref="GraphException">Its elements are more than 32-bit indices reach.</exception>
    public Operand<T> Scratch<T>(long elements)
        where T : unmanaged
    {
        if (elements > KernelShape.LargestView)
            throw new GraphException($"Layer '{Layer.Name}' of '{graph.Name}' lays its input out anew in {elements} elements, but {backend.Name} reaches {KernelShape.LargestView}: use a smaller batch.");
        var part = new Scratch(Layer.Name, _scratch.Count, elements * Interop.SizeOf<T>());
        _scratch.Add(part);
        return values => values.View<T>(part);
    }

    /// <summary>What <see cref="Scratch{T}"/> has been asked for.</summary>
    public IReadOnlyList<Scratch> Scratches => _scratch;

    /// <summary>A grid of so many groups of threads, in its first dimension.</summary>
    /// <exception cref="GraphException">No grid holds as many.</exception>
    public KernelConfig Grid(long groups, Index3D threads) => groups <= KernelShape.LargestGrid
        ? new KernelConfig(new Index3D((int)groups, 1, 1), threads)
        : throw new GraphException($"Layer '{Layer.Name}' of '{graph.Name}' takes {groups} groups of threads, but a grid of {backend.Name} holds {KernelShape.LargestGrid}: use a smaller batch.");

    /// <summary>A grid with one thread for each element of the output.</summary>
    public KernelConfig OneThreadAnElement() => KernelShape.Threads(Output.Shape.Elements);
}
