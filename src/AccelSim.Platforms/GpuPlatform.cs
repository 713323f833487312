namespace AccelSim.Platforms;

/// <summary>A graphics processor: peak rates, caches and memory for a roofline.</summary>
/// <param name="Header">Names, prose and sources.</param>
/// <param name="ClockHertz">Boost clock at which the peak rates hold.</param>
/// <param name="ProcessNanometres">Name of the process node, or null.</param>
/// <param name="PowerWatts">Thermal design power, or null.</param>
/// <param name="Multiprocessors">Streaming multiprocessors.</param>
/// <param name="Int8OpsPerSecond">Dense int8 peak, two operations a MAC, or null where int8 has no fast path.</param>
/// <param name="Float16OpsPerSecond">Dense float16 peak with float32 accumulation, two operations a MAC, or null.</param>
/// <param name="Float32OpsPerSecond">Dense float32 peak without tensor cores, two operations a MAC.</param>
/// <param name="LastLevelCacheBytes">Level-2 cache.</param>
/// <param name="Memory">Device memory.</param>
/// <param name="LaunchSeconds">Shortest time between the starts of two dependent kernels, or null.</param>
public sealed record GpuPlatform(
    PlatformHeader Header,
    Figure<double> ClockHertz,
    Figure<double>? ProcessNanometres,
    Figure<double>? PowerWatts,
    Figure<long> Multiprocessors,
    Figure<double>? Int8OpsPerSecond,
    Figure<double>? Float16OpsPerSecond,
    Figure<double> Float32OpsPerSecond,
    Figure<double> LastLevelCacheBytes,
    OffChipMemory Memory,
    Figure<double>? LaunchSeconds)
    : Platform(Header, ClockHertz, ProcessNanometres, PowerWatts)
{
    /// <inheritdoc/>
    public override string Kind => "gpu";

    /// <inheritdoc/>
    public override OffChipMemory Dram => Memory;
}
