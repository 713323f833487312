using System.Diagnostics;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

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
