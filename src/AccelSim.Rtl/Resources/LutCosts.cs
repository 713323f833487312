namespace AccelSim.Rtl.Resources;

/// <summary>
/// Look-up tables of each sort of logic in a family: fitted to Yosys 0.23 (docs/rtl-resources.md says on what, and how far the sums are off). Values near 1 say that
/// the structural count is the LUT count.
/// </summary>
internal sealed record LutCosts(double Adders, double Shifter, double Limits, double Rotation, double Choices, double Rom, double Control)
{
    private static readonly LutCosts UltraScalePlus = new(1, 0.9, 1, 1, 1, 1, 1);
    private static readonly LutCosts Series7 = new(1, 0.85, 1, 1, 1, 1, 1);
    private static readonly LutCosts Ecp5 = new(1, 0.9, 2.3, 1, 1, 1, 1);
    private static readonly LutCosts Ice40 = new(1, 0.85, 2, 1, 1, 1, 1);

    public static LutCosts Of(FabricFamily family) => family switch
    {
        FabricFamily.UltraScalePlus => UltraScalePlus,
        FabricFamily.Series7 => Series7,
        FabricFamily.Ecp5 => Ecp5,
        _ => Ice40,
    };

    public double Luts(CellUse use) =>
        use.Memory + Adders * use.Adders + Shifter * use.Shifter + Limits * use.Limits + Rotation * use.Rotation + Choices * use.Choices + Rom * use.Rom
        + Control * use.Control;
}
