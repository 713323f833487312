using System.Collections.Immutable;

namespace AccelSim.Platforms;

/// <summary>A file of the <c>hw</c> folder: a platform, or a technology that platforms are made in. Every figure carries its source.</summary>
/// <param name="Header">Names, prose and sources.</param>
public abstract record HardwareDescription(PlatformHeader Header)
{
    /// <summary>The name on the command line.</summary>
    public string Name => Header.Name;

    /// <summary>The word for this kind in a file: <c>gpu</c>, <c>fpga</c>, <c>asic</c>, <c>engine</c>, <c>technology</c>, <c>energy_profile</c> or <c>dram_energy</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Every figure of the file as it is written there.</summary>
    public ImmutableArray<CitedFigure> CitedFigures { get; init; } = [];
}

/// <summary>A figure as its file writes it.</summary>
/// <param name="Key">Where it stands: <c>array.rows</c>.</param>
/// <param name="Value">With its unit.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Note">What a reader should know, or null.</param>
public sealed record CitedFigure(string Key, string Value, Source Source, string? Note);
