using System.Globalization;

namespace AccelSim.Rtl.Resources;

/// <summary>What a design takes of a family of FPGAs.</summary>
/// <param name="Dsps">DSP slices: DSP48E2, DSP48E1, MULT18X18D or SB_MAC16.</param>
/// <param name="BlockRams">Block memories: of 36 Kibit in halves (Xilinx), 18 Kibit (ECP5), 4 Kibit (iCE40).</param>
/// <param name="UltraRams">URAM288 blocks; only where they are asked for.</param>
/// <param name="Luts">
/// Look-up tables, those used as memory, shift register and carry included: a RAM32M is 4, a RAM32M16 or RAM64M8 8, an SRL16E 1; on ECP5
/// a CCU2C is 2 and a TRELLIS_DPR16X4 4. Inverters (INV) are free, since each goes into what it drives.
/// </param>
/// <param name="Registers">Flip-flops outside of DSP slices and memories.</param>
public sealed record FabricResources(double Dsps, double BlockRams, double UltraRams, double Luts, double Registers)
{
    public static FabricResources None { get; } = new(0, 0, 0, 0, 0);

    public static FabricResources operator +(FabricResources a, FabricResources b) =>
        new(a.Dsps + b.Dsps, a.BlockRams + b.BlockRams, a.UltraRams + b.UltraRams, a.Luts + b.Luts, a.Registers + b.Registers);

    public static FabricResources Add(FabricResources left, FabricResources right) => left + right;

    public static FabricResources operator *(double count, FabricResources each) =>
        new(count * each.Dsps, count * each.BlockRams, count * each.UltraRams, count * each.Luts, count * each.Registers);

    public static FabricResources Multiply(double left, FabricResources right) => left * right;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Dsps:0} DSP slices, {BlockRams:0.#} block RAMs, {Luts:0} LUTs, {Registers:0} registers");

    internal FabricResources Rounded() => this with { Luts = Math.Round(Luts), Registers = Math.Round(Registers) };
}
