namespace AccelSim.Gpu;

/// <summary>Which of ILGPU's runtimes drives a device.</summary>
public enum GpuDeviceKind
{
    Cuda,
    OpenCl,

    /// <summary>ILGPU's own interpreter of kernels on CPU threads: a debugger, hundreds of times slower than PoCL.</summary>
    Cpu,
}

/// <summary>A device that can run graphs, as <c>accelsim devices</c> lists it.</summary>
/// <param name="Id">What <c>--device</c> takes: <c>cuda:0</c>, <c>opencl:0</c>, <c>cpu</c>.</param>
/// <param name="Name">As the driver names it.</param>
/// <param name="MemoryBytes">Global memory, or null where the runtime does not say.</param>
/// <param name="Multiprocessors">Streaming multiprocessors, compute units or, on PoCL, threads.</param>
/// <param name="WarpSize">Threads that execute in lockstep.</param>
/// <param name="ClockHz">The nominal clock, or null where the runtime does not say.</param>
/// <param name="Driver">The runtime and its version.</param>
public sealed record GpuDevice(
    string Id,
    GpuDeviceKind Kind,
    string Name,
    long? MemoryBytes,
    int Multiprocessors,
    int WarpSize,
    double? ClockHz,
    string Driver)
{
    public override string ToString() => $"{Id} ({Name})";
}
