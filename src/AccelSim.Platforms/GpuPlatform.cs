namespace AccelSim.Platforms;

/// <summary>A graphics processor: peak rates, caches and memory for a time model.</summary>
/// <param name="Header">Names, prose and sources.</param>
/// <param name="ClockHertz">Boost clock at which the peak rates hold.</param>
/// <param name="ProcessNanometres">Name of the process node, or null.</param>
/// <param name="PowerWatts">Thermal design power, or null.</param>
/// <param name="Multiprocessors">Streaming multiprocessors.</param>
/// <param name="Int8OpsPerSecond">Dense int8 peak, two operations a MAC, or null where int8 has no fast path.</param>
/// <param name="Float16OpsPerSecond">Dense float16 peak with float32 accumulation, two operations a MAC, or null.</param>
/// <param name="Tf32OpsPerSecond">Dense TF32 peak, two operations a MAC, or null where there is no such format.</param>
/// <param name="Float32OpsPerSecond">Dense float32 peak without tensor cores, two operations a MAC.</param>
/// <param name="Int8BesideOpsPerSecond">Dense int8 peak of accelerators beside the multiprocessors on the chip (DLA), or null.</param>
/// <param name="LastLevelCacheBytes">Level-2 cache.</param>
/// <param name="Memory">Device memory.</param>
public sealed record GpuPlatform(
    PlatformHeader Header,
    Figure<double> ClockHertz,
    Figure<double>? ProcessNanometres,
    Figure<double>? PowerWatts,
    Figure<long> Multiprocessors,
    Figure<double>? Int8OpsPerSecond,
    Figure<double>? Float16OpsPerSecond,
    Figure<double>? Tf32OpsPerSecond,
    Figure<double> Float32OpsPerSecond,
    Figure<double>? Int8BesideOpsPerSecond,
    Figure<double> LastLevelCacheBytes,
    OffChipMemory Memory)
    : Platform(Header, ClockHertz, ProcessNanometres, PowerWatts)
{
    /// <inheritdoc/>
    public override string Kind => "gpu";

    /// <inheritdoc/>
    public override OffChipMemory Dram => Memory;
}
