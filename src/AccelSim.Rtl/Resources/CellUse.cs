namespace AccelSim.Rtl.Resources;

/// <summary>
/// What a cell takes, counted from its structure, with look-up tables by what they do; <see cref="LutCosts"/> has the LUTs that each of these is in a family.
/// </summary>
/// <param name="Dsps">DSP slices.</param>
/// <param name="BlockRams">Block memories in the family's unit.</param>
/// <param name="UltraRams">URAM blocks.</param>
/// <param name="Registers">Flip-flops.</param>
/// <param name="Memory">LUTs that are memory or shift register: exact.</param>
/// <param name="Adders">Bits of adders and counters' sums.</param>
/// <param name="Shifter">Bits of a barrel shifter times its stages of four positions.</param>
/// <param name="Limits">Bits that are compared or clamped.</param>
/// <param name="Rotation">Multiplexers of the window, in LUTs of a multiplexer alone.</param>
/// <param name="Choices">Bits of two-way multiplexers.</param>
/// <param name="Rom">Memories that became logic, in LUTs of a column alone.</param>
/// <param name="Control">Bits of counters and flags.</param>
internal sealed record CellUse(
    double Dsps = 0, double BlockRams = 0, double UltraRams = 0, double Registers = 0, double Memory = 0, double Adders = 0, double Shifter = 0,
    double Limits = 0, double Rotation = 0, double Choices = 0, double Rom = 0, double Control = 0)
{
    public static CellUse operator +(CellUse a, CellUse b) => new(
        a.Dsps + b.Dsps, a.BlockRams + b.BlockRams, a.UltraRams + b.UltraRams, a.Registers + b.Registers, a.Memory + b.Memory, a.Adders + b.Adders,
        a.Shifter + b.Shifter, a.Limits + b.Limits, a.Rotation + b.Rotation, a.Choices + b.Choices, a.Rom + b.Rom, a.Control + b.Control);

    public static CellUse operator *(double count, CellUse each) => new(
        count * each.Dsps, count * each.BlockRams, count * each.UltraRams, count * each.Registers, count * each.Memory, count * each.Adders,
        count * each.Shifter, count * each.Limits, count * each.Rotation, count * each.Choices, count * each.Rom, count * each.Control);

    public FabricResources For(FabricFamily family) => new(Dsps, BlockRams, UltraRams, Math.Round(LutCosts.Of(family).Luts(this)), Math.Round(Registers));
}
