namespace AccelSim.Systolic.Fpga;

/// <summary>The primitives of an FPGA that an array may use.</summary>
/// <param name="Primitives">What they are.</param>
/// <param name="Dsps">Multiplier slices.</param>
/// <param name="Luts">Look-up tables.</param>
/// <param name="Registers">Flip-flops, or null where it is not known: then two a look-up table, as AMD's devices have.</param>
/// <param name="BlockRams">Block memories as data sheets count them.</param>
/// <param name="LargeRams">Large block memories.</param>
public sealed record FpgaBudget(FpgaPrimitives Primitives, long Dsps, long Luts, long? Registers, long BlockRams, long LargeRams = 0)
{
    /// <summary>The part of each primitive that may be used: routing needs the rest.</summary>
    public double Fill { get; init; } = 0.8;

    /// <summary>Whether products are made of look-up tables because there is no multiplier slice.</summary>
    public bool MultipliesInLogic => Dsps == 0;

    public int MacsPerMultiplier => MultipliesInLogic ? 1 : Primitives.Int8MacsPerDsp;
}

/// <summary>What an array uses of an FPGA.</summary>
/// <param name="Dsps">Multiplier slices.</param>
/// <param name="Luts">Look-up tables.</param>
/// <param name="Registers">Flip-flops.</param>
/// <param name="BlockPrimitives">Block memories in the primitive's own unit, such as RAMB18.</param>
public readonly record struct FpgaUse(long Dsps, long Luts, long Registers, long BlockPrimitives)
{
    /// <summary>Block memories as data sheets count them: halves are possible.</summary>
    public double BlockRams(FpgaPrimitives primitives) => BlockPrimitives / (double)primitives.Block.PerReportedBlock;

    /// <summary>The fullest of multipliers and look-up tables, by which the clock falls.</summary>
    public double FillOf(FpgaBudget budget) => Math.Max(budget.Dsps == 0 ? 0 : Dsps / (double)budget.Dsps, Luts / (double)budget.Luts);

    /// <summary>Each primitive with what there is of it.</summary>
    public string Describe(FpgaBudget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        string multipliers = budget.MultipliesInLogic ? "" : FormattableString.Invariant($"{Dsps:N0} of {budget.Dsps:N0} DSP slices, ");
        return multipliers + FormattableString.Invariant(
            $"{Luts:N0} of {budget.Luts:N0} LUTs, {Registers:N0} of {budget.Registers ?? 2 * budget.Luts:N0} flip-flops, {BlockRams(budget.Primitives):0.#} of {budget.BlockRams:N0} block RAMs");
    }

    /// <summary>The primitives of which there are too few; empty where it fits.</summary>
    public IReadOnlyList<string> Missing(FpgaBudget budget)
    {
        var missing = new List<string>();
        if (Dsps > budget.Dsps * budget.Fill)
            missing.Add("DSP slices");
        if (Luts > budget.Luts * budget.Fill)
            missing.Add("LUTs");
        if (Registers > (budget.Registers ?? 2 * budget.Luts) * budget.Fill)
            missing.Add("flip-flops");
        if (BlockPrimitives > budget.BlockRams * budget.Primitives.Block.PerReportedBlock * budget.Fill)
            missing.Add("block RAMs");
        return missing;
    }
}

/// <summary>The clock that a design reaches as a device fills.</summary>
/// <remarks>
/// Linear: 1 − 0.23 × the fullest of DSP and LUT, fitted on ten points of one vendor's suite on two devices (FPGA AI Suite on Arria 10 and Agilex 7, 2 to 77 %
/// of DSP, residuals up to 8 %). A platform's clock is what accelerators reach there at three quarters full. Without a floor plan designs of many dies fall to
/// half of it (AutoSA on the U250: 136 and 300 MHz); that is not modelled.
/// </remarks>
public static class FpgaClock
{
    private const double FallWithFill = 0.23;

    private const double FillOfPublishedClocks = 0.75;

    /// <param name="clockHz">The clock that accelerators of the platform reach.</param>
    /// <param name="fill">The fullest of multipliers and look-up tables, 0 to 1.</param>
    public static double At(double clockHz, double fill) => clockHz * (1 - (FallWithFill * fill)) / (1 - (FallWithFill * FillOfPublishedClocks));
}
