using System.Diagnostics;
using AccelSim.Graph;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>One layer's time on the device: launch and synchronization included.</summary>
public sealed record MeasuredLayer(string Layer, double Seconds, long Macs)
{
    public double MacsPerSecond => Macs / Seconds;
}

/// <summary>What a graph took on a device that ran it.</summary>
/// <param name="Seconds">The whole graph, layers enqueued without waiting in between, transfers of inputs and outputs excluded.</param>
/// <param name="Layers">Each layer alone. Their sum passes <paramref name="Seconds"/>, because each waits for the device.</param>
public sealed record GpuMeasurement(GpuDevice Device, double Seconds, IReadOnlyList<MeasuredLayer> Layers)
{
    public static Provenance Provenance => Provenance.Measured;
}

/// <summary>Wall time of commands between two moments at which the device is idle.</summary>
internal sealed class DeviceStopwatch(Accelerator accelerator)
{
    public double Seconds(Action enqueue)
    {
        accelerator.Synchronize();
        long start = Stopwatch.GetTimestamp();
        enqueue();
        accelerator.Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
