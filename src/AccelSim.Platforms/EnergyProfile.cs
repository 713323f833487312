namespace AccelSim.Platforms;

/// <summary>What a platform file says of its energy and area beyond its technology: the optional section <c>energy</c>.</summary>
/// <param name="Technology">Name of a file of <c>hw/energy</c>, or null for the platform's process node.</param>
/// <param name="OperandBits">Bits of an integer operand in the data path, 8 or 16, or null for 8.</param>
/// <param name="RegisterFile">A register file in each processing element that holds more than one operand of each kind, or null.</param>
/// <param name="DynamicScale">Fitted: energy that goes with work ÷ what the technology's figures make of it, or null for 1.</param>
/// <param name="IdlePowerWatts">Measured or fitted: what the chip draws whether or not it works, in place of leakage and clock by area, or null.</param>
/// <param name="AreaScale">Fitted: area ÷ what the technology's figures make of it, or null for 1.</param>
public sealed record EnergyProfile(
    Figure<string>? Technology,
    Figure<long>? OperandBits,
    RegisterFile? RegisterFile,
    Figure<double>? DynamicScale,
    Figure<double>? IdlePowerWatts,
    Figure<double>? AreaScale);

/// <summary>A register file in each processing element.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="AccessesPerMac">Operands read or written there for one MAC.</param>
public sealed record RegisterFile(Figure<double> Bytes, Figure<double> AccessesPerMac);
