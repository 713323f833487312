namespace AccelSim.Platforms;

/// <summary>A file of the <c>hw</c> folder: a platform, or a technology that platforms are made in. Every figure carries its source.</summary>
/// <param name="Header">Names, prose and sources.</param>
public abstract record HardwareDescription(PlatformHeader Header)
{
    /// <summary>The name on the command line.</summary>
    public string Name => Header.Name;

    /// <summary>The word for this kind in a file: <c>gpu</c>, <c>fpga</c>, <c>asic</c>, <c>engine</c>, <c>technology</c> or <c>dram_energy</c>.</summary>
    public abstract string Kind { get; }
}
