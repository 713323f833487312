using System.Numerics;

namespace AccelSim.Rtl.Resources;

/// <summary>
/// Look-up tables that Yosys 0.23 makes of the kinds of logic of which the cells are built. Counts follow the structure of each family's cells; the numbers with a
/// fraction are fitted on synthesized blocks (docs/rtl-resources.md).
/// </summary>
internal sealed class LutCounts(FabricFamily family)
{
    private bool HasLut6 => family is FabricFamily.UltraScalePlus or FabricFamily.Series7;

    /// <summary>Resets are low-active: on ECP5 each register that has one takes an inverter, and Yosys does not share them.</summary>
    public double Resets(double registers) => family == FabricFamily.Ecp5 ? registers : 0;

    /// <summary>A counter that starts again behind its last value. From five bits on ECP5 adds in a carry chain (two a CCU2C) and chooses behind it.</summary>
    public double Counter(int bits) => Resets(bits) + (family == FabricFamily.Ecp5 && bits > 4 ? bits + Adder(bits) : bits);

    /// <summary>A register that a row or a frame sets back and else counts up: on Xilinx the carry chain takes the register itself and the reset is the register's.</summary>
    public double Accumulator(int bits) => HasLut6 ? 0 : family == FabricFamily.Ecp5 && bits > 4 ? Adder(bits) : bits;

    /// <summary>An up-and-down counter of credits or words, and the comparison with its end.</summary>
    public double Credits(int bits) => Resets(bits) + (HasLut6 ? bits + 1 : family == FabricFamily.Ecp5 && bits > 4 ? 2.2 * bits : 1.7 * bits);

    /// <summary>A carry chain. A CCU2C has two bits; the last bit of an iCE40 chain needs no carry and may join other logic.</summary>
    public double Adder(int bits) => family == FabricFamily.Ecp5 ? 2 * ((bits + 1) / 2) : bits;

    /// <summary>
    /// The running sum's mask and adder. Where Yosys puts a tree's sum first into a Xilinx carry chain, which it does for two of five, the mask joins the adder's LUT.
    /// </summary>
    public double RunningSum(int bits, int terms) => Adder(bits) + (HasLut6 && terms > 1 ? 0.6 * bits : bits);

    /// <summary>Selects one of several bits: four in a LUT6 with their selects, two in a LUT4.</summary>
    public double Multiplexer(long inputs) => inputs <= 1 ? 0 : family switch
    {
        FabricFamily.Ecp5 => inputs - 1,
        FabricFamily.Ice40 => inputs == 2 ? 1 : Math.Ceiling(2 * (inputs - 1) / 3.0),
        _ => Math.Ceiling((inputs - 1) / 3.0),
    };

    /// <summary>A bit of a window: one of the row memories' and then one of the column memories', where the select has a bit more than the inputs need.</summary>
    public double Rotation(int rows, int columns) => family switch
    {
        FabricFamily.Ecp5 => rows - 1 + (columns - 1),
        FabricFamily.Ice40 => columns > 1 ? rows - 1 + (columns - 1) : (rows <= 5 ? 0.72 : 1.2) * (rows - 1),
        _ => Math.Ceiling((rows - 1) / 2.0) + Math.Ceiling((columns - 1) / 2.0),
    };

    /// <summary>A column of a rom: a function of the address.</summary>
    public double RomColumn(long depth) => family switch
    {
        FabricFamily.Ecp5 => depth <= 16 ? 1 : depth <= 32 ? 2.05 : depth <= 64 ? 5 : 1.38 * Math.Ceiling(depth / 16.0),
        FabricFamily.Ice40 => depth <= 16 ? 1 : 0.116 * depth,
        // Two address bits are a register's data and reset.
        _ => depth <= 4 ? 0 : depth <= 64 ? 1 : BitOperations.RoundUpToPowerOf2((ulong)depth) / 64.0,
    };

    /// <summary>An arithmetic shift to the right of <paramref name="bits"/> bits.</summary>
    /// <param name="bits">Of the number.</param>
    /// <param name="selects">Bits of the amount up to 16 that differ from each other.</param>
    /// <param name="far">1 with one for a shift by 32, behind which most bits are the sign.</param>
    public double Shifter(int bits, double selects, double far) => HasLut6
        // Two bits of the amount are a 4:1 multiplexer, a LUT6; a stage more is joined by MUXF7 and costs more than its share.
        ? bits * (selects <= 2 ? selects / 2 : selects <= 3 ? 0.9 * selects - 0.8 : selects <= 4 ? 0.75 * selects - 0.35 : 0.4 * selects + 1.05) + far * bits * (bits <= 33 ? 1.5 : 0.25)
        : 0.975 * bits * selects + far * (13 + 1.5 * Math.Max(0, bits - 33));

    /// <summary>Into twelve bits: whether the upper bits are all alike, then one of three.</summary>
    public double Limiter(int bits) => family switch
    {
        FabricFamily.Ecp5 => 25 + 0.72 * (bits - 32),
        FabricFamily.Ice40 => 21 + 0.8 * (bits - 32),
        _ => 20 + 0.35 * (bits - 32),
    };

    /// <summary>Rounding, zero point, and the clamp to two limits. On Xilinx both additions are carry chains alone.</summary>
    public double RoundPlaceClamp => family switch
    {
        FabricFamily.Ecp5 => 12 + 12 + 33,
        FabricFamily.Ice40 => 11 + 12 + 24,
        _ => 22,
    };

    /// <summary>window_reader's decisions: rows needed, held and given back, ends of rows and frames.</summary>
    /// <param name="bits">Bits of a row's number that move.</param>
    /// <param name="overlap">Whether windows overlap; else a window gives back all its rows.</param>
    public double RowDecisions(int bits, bool overlap) => family switch
    {
        FabricFamily.Ecp5 => (overlap ? 70 : 0) + 15 * bits,
        FabricFamily.Ice40 => (overlap ? 30 : 10) + 9 * bits,
        _ => overlap ? 45 : 25,
    };

    /// <summary>Whether the rows or columns of so many taps lie in the frame.</summary>
    public double Inside(int taps, int bits) => family switch
    {
        FabricFamily.Ecp5 => 4 * bits * taps,
        FabricFamily.Ice40 => (3 + 1.2 * (taps - 1)) * bits,
        _ => 0.5 * bits * taps,
    };

    /// <summary>pixel_buffer's decisions.</summary>
    public double PixelSchedule => HasLut6 ? 4 : 14;

    /// <summary>pixel_buffer's choice of the next address, a bit, where a pixel's release does not imply a read.</summary>
    public double SeparateRelease => family switch
    {
        FabricFamily.Ecp5 => 7,
        FabricFamily.Ice40 => 4,
        _ => 3,
    };
}
