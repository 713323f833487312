using AccelSim.Graph;
using ILGPU;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>Enqueues the kernel of one layer on the values of a run.</summary>
internal delegate void LayerStep(ValueBuffers values);

/// <summary>What an operator's lowering sees: its layer, the types around it, kernels, and a way to keep constants on the device.</summary>
internal sealed class LoweringContext(LayerGraph graph, Layer layer, KernelCache kernels, ConstantBuffers constants)
{
    public Layer Layer { get; } = layer;

    public KernelCache Kernels { get; } = kernels;

    public TensorType Input(int index) => graph.TypeOf(Layer.Inputs[index]);

    public TensorType Output => graph.TypeOf(Layer.Name);

    public bool IsInteger => Output.Element == ElementType.Int8;

    /// <summary>The zero point of an int8 operand.</summary>
    public int ZeroPoint(int index) => Input(index).Quantization!.Value.ZeroPoint;

    /// <summary>A constant's data on the host, or null when the layer does not have it.</summary>
    public Tensor? Constant(int index) => graph.ConstantOf(Layer, index)?.Value;

    /// <summary>Copies data to the device once; they stay until the executor is disposed.</summary>
    public ArrayView<T> Upload<T>(ReadOnlySpan<T> data)
        where T : unmanaged => constants.Upload(data);

    /// <summary>A grid with one thread for each element of the output.</summary>
    public KernelConfig OneThreadAnElement()
    {
        int groups = (int)((Output.Shape.Elements + KernelShape.Group - 1) / KernelShape.Group);
        return new KernelConfig(groups, KernelShape.Group);
    }
}

/// <summary>The constants of one compiled graph in device memory.</summary>
internal sealed class ConstantBuffers(Accelerator accelerator) : IDisposable
{
    private readonly List<MemoryBuffer> _buffers = [];

    public ArrayView<T> Upload<T>(ReadOnlySpan<T> data)
        where T : unmanaged
    {
        var buffer = accelerator.Allocate1D(data.ToArray());
        _buffers.Add(buffer);
        return buffer.View.BaseView;
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers)
            buffer.Dispose();
        _buffers.Clear();
    }
}
