namespace AccelSim.Platforms;

/// <summary>A general-purpose processor, or some cores of one.</summary>
/// <param name="Header">Names, prose and sources.</param>
/// <param name="ClockHertz">Clock at which the peak rates hold.</param>
/// <param name="ProcessNanometres">Name of the process node, or null.</param>
/// <param name="PowerWatts">Thermal design power, or null.</param>
/// <param name="Cores">Cores that compute.</param>
/// <param name="Float32OpsPerSecond">Peak of these cores, two operations a MAC.</param>
/// <param name="Int8OpsPerSecond">Their int8 peak, or null where it is the float32 peak.</param>
/// <param name="LastLevelCacheBytes">The cache that they share.</param>
/// <param name="Memory">Main memory.</param>
public sealed record CpuPlatform(
    PlatformHeader Header,
    Figure<double> ClockHertz,
    Figure<double>? ProcessNanometres,
    Figure<double>? PowerWatts,
    Figure<long> Cores,
    Figure<double> Float32OpsPerSecond,
    Figure<double>? Int8OpsPerSecond,
    Figure<double> LastLevelCacheBytes,
    OffChipMemory Memory)
    : Platform(Header, ClockHertz, ProcessNanometres, PowerWatts)
{
    /// <inheritdoc/>
    public override string Kind => "cpu";

    /// <inheritdoc/>
    public override OffChipMemory Dram => Memory;
}
