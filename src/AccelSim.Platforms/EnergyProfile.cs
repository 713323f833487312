using System.Collections.Immutable;

namespace AccelSim.Platforms;

/// <summary>What a platform file says of its energy and area beyond its technology: the optional section <c>energy</c>.</summary>
/// <param name="Technology">Name of a file of <c>hw/energy</c>, or null for the platform's process node.</param>
/// <param name="OperandBits">Bits of an integer operand in the data path, 8 or 16, or null for 8.</param>
/// <param name="RegisterFile">A register file in each processing element that holds more than one operand of each kind, or null.</param>
/// <param name="DynamicScale">Fitted: energy that goes with work ÷ what the technology's figures make of it, or null for 1.</param>
/// <param name="IdlePowerWatts">Measured or fitted: what the chip draws whether or not it works, in place of leakage and clock by area, or null.</param>
/// <param name="AreaScale">Fitted: area of logic ÷ what the technology's figures make of it, or null for 1.</param>
/// <param name="FixedSquareMillimetres">Fitted: area of control, DMA and whatever else does not grow with the array, or null for none.</param>
/// <param name="OnFpga">Whether it is logic of an FPGA, which costs more than gates do and has no area of its own, or null for gates.</param>
public sealed record EnergyProfile(
    Figure<string>? Technology,
    Figure<long>? OperandBits,
    RegisterFile? RegisterFile,
    Figure<double>? DynamicScale,
    Figure<double>? IdlePowerWatts,
    Figure<double>? AreaScale,
    Figure<double>? FixedSquareMillimetres,
    Figure<bool>? OnFpga);

/// <summary>An energy profile that a family of platforms shares, in a file of its own in <c>hw/energy</c>.</summary>
/// <param name="Header">Names, prose and sources.</param>
/// <param name="AppliesTo">Names or aliases of the platforms.</param>
/// <param name="Profile">What was fitted or measured for them.</param>
public sealed record EnergyProfileFile(PlatformHeader Header, ImmutableArray<string> AppliesTo, EnergyProfile Profile) : HardwareDescription(Header)
{
    /// <inheritdoc/>
    public override string Kind => "energy_profile";

    /// <summary>Whether the profile is meant for this platform.</summary>
    public bool IsFor(Platform platform) =>
        AppliesTo.Any(name => PlatformName.Same(name, platform.Name) || platform.Header.Aliases.Any(alias => PlatformName.Same(name, alias)));
}

/// <summary>A register file in each processing element.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="AccessesPerMac">Operands read or written there for one MAC.</param>
public sealed record RegisterFile(Figure<double> Bytes, Figure<double> AccessesPerMac);
