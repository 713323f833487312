namespace AccelSim.Systolic.Fpga;

/// <summary>What the parts of an array cost in one family, and which memories the family has.</summary>
/// <param name="Block">Its block memory.</param>
/// <param name="Large">Its large block memory, or null.</param>
/// <param name="Int8MacsPerDsp">int8 MACs that one multiplier slice does a cycle.</param>
/// <param name="LutsPerMac">Look-up tables of a processing element for each MAC.</param>
/// <param name="RegistersPerMac">Flip-flops of a processing element for each MAC.</param>
/// <param name="LogicLutsPerMac">Look-up tables of a processing element without a multiplier slice.</param>
/// <param name="Requantizer">What turns an int32 sum into an int8 code.</param>
/// <param name="SharesRequantizer">Whether one requantizer serves all columns, in turn, as on devices of few multipliers.</param>
/// <param name="FixedLuts">Control and memory interface.</param>
/// <remarks>
/// Counted by Yosys 0.23 on arrays of 4×4 and 8×8 weight-stationary elements with two weight registers and 32-bit sums
/// (tests/AccelSim.Tests/Systolic/Verilog), synth_xilinx -family xc7 and xcup, synth_ecp5, synth_ice40 -dsp; what an element costs inside a large array is what the
/// two sizes tend to, since the first row has no sum to add. An adder bit in a carry chain is one look-up table. <paramref name="FixedLuts"/> is assumed.
/// </remarks>
public sealed record FpgaPrimitives(
    MemoryPrimitive Block,
    MemoryPrimitive? Large,
    int Int8MacsPerDsp,
    double LutsPerMac,
    double RegistersPerMac,
    double LogicLutsPerMac,
    RequantizerCost Requantizer,
    bool SharesRequantizer,
    long FixedLuts)
{
    /// <summary>The DSP48E1 takes product and sum; its 25-bit port is a bit too narrow for two int8 products.</summary>
    public static FpgaPrimitives Series7 { get; } = new(MemoryPrimitive.RamB18, null, 1, 0, 16, 100, new(2, 311, 25), SharesRequantizer: false, 5000);

    /// <summary>Two products that share an operand in the 27 bits of a DSP48E2 (Xilinx WP486); their sums are taken apart and added in look-up tables.</summary>
    public static FpgaPrimitives UltraScalePlus { get; } = new(MemoryPrimitive.RamB18, MemoryPrimitive.UltraRam, 2, 36, 70, 100, new(2, 365, 90), SharesRequantizer: false, 5000);

    /// <summary>One product an 18×18 multiplier: its halves of 9×9 are not inferred.</summary>
    public static FpgaPrimitives Ecp5 { get; } = new(MemoryPrimitive.Dp16Kd, null, 1, 32, 56, 110, new(2, 954, 90), SharesRequantizer: false, 5000);

    public static FpgaPrimitives Ice40 { get; } = new(MemoryPrimitive.Ram40, MemoryPrimitive.SpRam, 1, 32, 48, 207, new(2, 563, 42, LogicLuts: 1922), SharesRequantizer: true, 1000);
}

/// <summary>What turns an int32 sum into an int8 code: bias, product of 33 × 17 bits, rounding shift, saturation.</summary>
/// <param name="Dsps">Multiplier slices.</param>
/// <param name="Luts">Look-up tables.</param>
/// <param name="Registers">Flip-flops.</param>
/// <param name="LogicLuts">Look-up tables where there are no multiplier slices.</param>
public sealed record RequantizerCost(int Dsps, int Luts, int Registers, int LogicLuts = 2000);
