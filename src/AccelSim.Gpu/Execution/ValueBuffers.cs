using System.Runtime.InteropServices;
using AccelSim.Graph;
using ILGPU;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>The device memory of a graph's values under one plan.</summary>
internal sealed class ValueBuffers : IDisposable
{
    private readonly LayerGraph _graph;
    private readonly MemoryPlan _plan;
    private readonly List<MemoryBuffer1D<byte, Stride1D.Dense>> _slots = [];

    public ValueBuffers(Accelerator accelerator, LayerGraph graph, MemoryPlan plan)
    {
        _graph = graph;
        _plan = plan;
        try
        {
            foreach (long bytes in plan.SlotBytes)
                _slots.Add(accelerator.Allocate1D<byte>(bytes));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A value's elements on the device.</summary>
    public ArrayView<T> View<T>(string value)
        where T : unmanaged => Bytes(value).Cast<T>();

    /// <summary>Fills a value with a byte, so that elements which no kernel writes are recognized.</summary>
    public void Poison(string value, byte pattern) => _slots[_plan.Slot[value]].View.SubView(0, _graph.TypeOf(value).Bytes).MemSet(pattern);

    public void Upload(string value, Tensor tensor)
    {
        if (tensor.Element == ElementType.Float32)
            View<float>(value).CopyFromCPU(tensor.Float32.ToArray());
        else
            View<sbyte>(value).CopyFromCPU(tensor.Int8.ToArray());
    }

    public Tensor Download(string value)
    {
        var type = _graph.TypeOf(value);
        if (type.Element == ElementType.Float32)
        {
            float[] floats = new float[type.Shape.Elements];
            View<float>(value).CopyToCPU(floats);
            return Tensor.Of(type.Shape, floats);
        }
        sbyte[] codes = new sbyte[type.Shape.Elements];
        View<sbyte>(value).CopyToCPU(codes);
        return Tensor.Of(type.Shape, codes);
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
            slot.Dispose();
        _slots.Clear();
    }

    private ArrayView<byte> Bytes(string value) => _slots[_plan.Slot[value]].View.BaseView.SubView(0, _graph.TypeOf(value).Bytes);
}
