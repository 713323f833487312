using AccelSim.Graph;
using ILGPU;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>The device memory of a graph's values and scratch under one plan.</summary>
internal sealed class ValueBuffers : IDisposable
{
    /// <summary>Bytes past the end of each allocation that may be read (and mean nothing): a tile's columns past the last.</summary>
    public const long Slack = 4096;

    private readonly LayerGraph _graph;
    private readonly MemoryPlan _plan;
    private readonly List<ArrayView<byte>> _arenas = [];
    private readonly DeviceMemory _memory;

    public ValueBuffers(Accelerator accelerator, LayerGraph graph, MemoryPlan plan)
    {
        (_graph, _plan, _memory) = (graph, plan, new DeviceMemory(accelerator));
        try
        {
            foreach (long bytes in plan.ArenaBytes)
                _arenas.Add(_memory.Allocate<byte>(bytes + Slack));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A value's elements on the device.</summary>
    public ArrayView<T> View<T>(string value)
        where T : unmanaged => Bytes(_plan.Values[value]).Cast<T>();

    /// <summary>A layer's scratch on the device.</summary>
    public ArrayView<T> View<T>(Scratch scratch)
        where T : unmanaged => Bytes(_plan.Scratches[scratch]).Cast<T>();

    /// <summary>A layer's scratch.</summary>
    public List<Scratch> Scratches(string layer) => [.. _plan.Scratches.Keys.Where(part => part.Layer == layer)];

    /// <summary>Fills a value with a byte, so that elements which no kernel writes are recognized.</summary>
    public void Poison(string value, byte pattern) => Bytes(_plan.Values[value]).MemSet(pattern);

    public void Poison(Scratch scratch, byte pattern) => Bytes(_plan.Scratches[scratch]).MemSet(pattern);

    public void Upload(string value, Tensor tensor)
    {
        if (tensor.Element == ElementType.Float32)
            Copy(tensor.Float32, View<float>(value));
        else
            Copy(tensor.Int8, View<sbyte>(value));
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

    public void Dispose() => _memory.Dispose();

    private static unsafe void Copy<T>(ReadOnlySpan<T> from, ArrayView<T> to)
        where T : unmanaged
    {
        fixed (T* first = from)
            to.CopyFromCPU(ref *first, from.Length);
    }

    private ArrayView<byte> Bytes(Place place) => _arenas[place.Arena].SubView(place.Offset, place.Bytes);
}
