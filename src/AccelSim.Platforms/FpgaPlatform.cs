namespace AccelSim.Platforms;

/// <summary>A family of FPGAs that share their primitives.</summary>
public enum FpgaFamily
{
    /// <summary>AMD 7 series and Zynq-7000: LUT6, DSP48E1, 36-kibit block RAM.</summary>
    Series7,

    /// <summary>AMD UltraScale+ and Zynq UltraScale+: LUT6, DSP48E2, 36-kibit block RAM, UltraRAM.</summary>
    UltraScalePlus,

    /// <summary>Lattice ECP5: LUT4, 18×18 multipliers, 18-kibit block RAM.</summary>
    Ecp5,

    /// <summary>Lattice iCE40: LUT4, 4-kibit block RAM.</summary>
    Ice40,
}

/// <summary>A field-programmable gate array on its board.</summary>
/// <param name="Header">Names, prose and sources.</param>
/// <param name="ClockHertz">Clock that accelerators on this board reach.</param>
/// <param name="ProcessNanometres">Name of the process node, or null.</param>
/// <param name="PowerWatts">Typical board power, or null.</param>
/// <param name="Family">The family, which fixes what its primitives are.</param>
/// <param name="Fabric">How many primitives of each sort there are.</param>
/// <param name="Memory">The board's memory.</param>
public sealed record FpgaPlatform(
    PlatformHeader Header,
    Figure<double> ClockHertz,
    Figure<double>? ProcessNanometres,
    Figure<double>? PowerWatts,
    Figure<FpgaFamily> Family,
    FpgaFabric Fabric,
    OffChipMemory Memory)
    : Platform(Header, ClockHertz, ProcessNanometres, PowerWatts)
{
    /// <summary>What the file says of energy, or null.</summary>
    public EnergyProfile? Energy { get; init; }

    /// <summary>The vendor's order code for the device, package and speed grade, which its tools ask for; or null.</summary>
    public Figure<string>? Part { get; init; }

    /// <inheritdoc/>
    public override string Kind => "fpga";

    /// <inheritdoc/>
    public override OffChipMemory Dram => Memory;
}

/// <summary>The primitives of an FPGA.</summary>
/// <param name="Luts">Look-up tables: LUT6 for AMD, LUT4 for Lattice.</param>
/// <param name="Registers">Flip-flops, or null.</param>
/// <param name="Dsps">Multiplier slices.</param>
/// <param name="Int8MacsPerDsp">int8 multiply-accumulates that one slice does a cycle.</param>
/// <param name="BlockRams">Block memories.</param>
/// <param name="BlockRamBits">Bits of one block memory.</param>
/// <param name="UltraRams">Large block memories (UltraRAM), or null where there are none.</param>
/// <param name="UltraRamBits">Bits of one large block memory, or null where there are none.</param>
public sealed record FpgaFabric(
    Figure<long> Luts,
    Figure<long>? Registers,
    Figure<long> Dsps,
    Figure<long> Int8MacsPerDsp,
    Figure<long> BlockRams,
    Figure<double> BlockRamBits,
    Figure<long>? UltraRams,
    Figure<double>? UltraRamBits)
{
    /// <summary>Bytes of all block memories and large block memories together.</summary>
    public double OnChipBytes =>
        ((BlockRams.Value * BlockRamBits.Value) + ((UltraRams?.Value ?? 0) * (UltraRamBits?.Value ?? 0))) / 8;
}
