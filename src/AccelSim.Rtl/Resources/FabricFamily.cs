namespace AccelSim.Rtl.Resources;

/// <summary>A family of FPGAs as Yosys 0.23 synthesizes for it.</summary>
public enum FabricFamily
{
    /// <summary><c>synth_xilinx -family xcup</c>: LUT6, DSP48E2, RAMB36E2, URAM288.</summary>
    UltraScalePlus,

    /// <summary><c>synth_xilinx -family xc7</c>: LUT6, DSP48E1, RAMB36E1.</summary>
    Series7,

    /// <summary><c>synth_ecp5</c>: LUT4, MULT18X18D, DP16KD.</summary>
    Ecp5,

    /// <summary><c>synth_ice40 -dsp</c>: LUT4, SB_MAC16, SB_RAM40_4K.</summary>
    Ice40,
}
