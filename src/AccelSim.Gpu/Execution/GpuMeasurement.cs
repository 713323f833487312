using System.Diagnostics;
using AccelSim.Graph;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>Device memory of a compiled graph.</summary>
/// <param name="ArenaBytes">The one allocation that holds inputs, values and scratch, planned by liveness.</param>
/// <param name="LowerBoundBytes">The largest sum of what is alive at one time: no plan could do with less.</param>
/// <param name="ConstantBytes">Weights and tables, uploaded once.</param>
public sealed record GpuMemory(long ArenaBytes, long LowerBoundBytes, long ConstantBytes);

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
    public Provenance Provenance { get; } = Provenance.Measured;

    /// <summary>
    /// The layers as the record that all backends share. A driver does not tell its peak, and a clock that moves has no
    /// cycles to count: both come from the caller, and cycles are wall time in units of that clock.
    /// </summary>
    public IReadOnlyList<LayerTiming> Timings(double clockHz, long macsPerCycle) => [.. Layers.Select(layer => new LayerTiming
    {
        Layer = layer.Layer,
        Compute = (long)Math.Round(layer.Seconds * clockHz),
        ClockHz = clockHz,
        Macs = layer.Macs,
        MacsPerCycle = macsPerCycle,
        Provenance = Provenance,
        Note = $"wall time on {Device}, launch and synchronization included",
    })];
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
