using System.Collections.Immutable;

namespace AccelSim.Platforms;

/// <summary>What every platform file begins with: names, prose and sources.</summary>
/// <param name="Name">The name on the command line; equals the file's name without <c>.yaml</c>.</param>
/// <param name="Title">The product's name as its maker writes it.</param>
/// <param name="Description">What it is, in a sentence or two.</param>
/// <param name="Aliases">Other names by which it is found, for example in published measurements.</param>
/// <param name="Sources">Every source of the file, in the order of the file.</param>
/// <param name="File">The path of the file.</param>
public sealed record PlatformHeader(
    string Name,
    string Title,
    string Description,
    ImmutableArray<string> Aliases,
    ImmutableArray<Source> Sources,
    string File);

/// <summary>A device on which a network can run. Every figure carries its source.</summary>
/// <param name="Header">Names, prose and sources.</param>
/// <param name="ClockHertz">Clock of the part that computes.</param>
/// <param name="ProcessNanometres">Name of the process node, or null.</param>
/// <param name="PowerWatts">Thermal design power (GPU, ASIC) or typical board power (FPGA), or null.</param>
public abstract record Platform(
    PlatformHeader Header,
    Figure<double> ClockHertz,
    Figure<double>? ProcessNanometres,
    Figure<double>? PowerWatts)
    : HardwareDescription(Header)
{
    /// <summary>The memory off the chip that holds weights and activations.</summary>
    public abstract OffChipMemory Dram { get; }
}

/// <summary>The memory off the chip.</summary>
/// <param name="BytesPerSecond">Peak bandwidth.</param>
/// <param name="Type">What it is, for example <c>HBM3</c>, or null.</param>
/// <param name="CapacityBytes">Its size, or null.</param>
/// <param name="LatencySeconds">Time from a request to its first byte, or null.</param>
public sealed record OffChipMemory(
    Figure<double> BytesPerSecond,
    Figure<string>? Type,
    Figure<double>? CapacityBytes,
    Figure<double>? LatencySeconds)
{
    /// <summary>Least bytes of an access, or null where it is not known.</summary>
    public Figure<double>? BurstBytes { get; init; }

    /// <summary>The part of the peak that long transfers reach, 0 to 1, or null where it is not known.</summary>
    public Figure<double>? Efficiency { get; init; }
}
