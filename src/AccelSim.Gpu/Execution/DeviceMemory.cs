using ILGPU;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>What one owner has allocated on a device, released together.</summary>
internal sealed class DeviceMemory(Accelerator accelerator) : IDisposable
{
    [ThreadStatic]
    private static long t_allocations;

    private readonly List<MemoryBuffer> _buffers = [];

    /// <summary>How often this thread has allocated device memory, on any device: a test holds it still during inference.</summary>
    public static long AllocationsByCurrentThread => t_allocations;

    public long Bytes { get; private set; }

    public ArrayView<T> Allocate<T>(long elements)
        where T : unmanaged
    {
        t_allocations++;
        // There is no buffer of no elements.
        var buffer = accelerator.Allocate1D<T>(Math.Max(1, elements));
        _buffers.Add(buffer);
        Bytes += buffer.LengthInBytes;
        return buffer.View.BaseView.SubView(0, elements);
    }

    public ArrayView<T> Upload<T>(ReadOnlySpan<T> data)
        where T : unmanaged
    {
        var view = Allocate<T>(data.Length);
        if (!data.IsEmpty)
            view.CopyFromCPU(data.ToArray());
        return view;
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers)
            GpuErrors.Forgive(buffer.Dispose);
        _buffers.Clear();
    }
}
