using AccelSim.Rtl.Resources;

namespace AccelSim.Rtl.Network;

/// <summary>
/// What a pipeline takes of an FPGA, before it is synthesized: <see cref="FabricEstimate"/>'s figures, in which DSP slices and block RAM are exact and look-up tables
/// and registers modelled.
/// </summary>
/// <param name="DspSlices">Slices of multipliers and requantizers.</param>
/// <param name="BlockRams">Block memories in the family's unit; of 36 Kibit in halves for Xilinx.</param>
/// <param name="WeightBits">Bits of weights, all on the chip.</param>
public sealed record PipelineResources(long DspSlices, double BlockRams, long WeightBits)
{
    /// <summary>URAM blocks; 0 unless they are asked for.</summary>
    public long UltraRams { get; init; }

    /// <summary>Look-up tables, queues and shift registers in LUT RAM included.</summary>
    public long Luts { get; init; }

    /// <summary>Flip-flops outside of slices and memories.</summary>
    public long Registers { get; init; }

    public static PipelineResources operator +(PipelineResources a, PipelineResources b) =>
        new(a.DspSlices + b.DspSlices, a.BlockRams + b.BlockRams, a.WeightBits + b.WeightBits)
        {
            UltraRams = a.UltraRams + b.UltraRams,
            Luts = a.Luts + b.Luts,
            Registers = a.Registers + b.Registers,
        };

    public static PipelineResources Add(PipelineResources left, PipelineResources right) => left + right;

    /// <summary>All parts of a pipeline: stages, queues, skip paths, converters.</summary>
    public static PipelineResources Of(PipelineNetlist netlist, FabricFamily family = FabricFamily.UltraScalePlus, bool ultraRam = false) =>
        From(FabricEstimate.Of(netlist, family, ultraRam), netlist.Stages.Sum(WeightBitsOf));

    /// <summary>One stage.</summary>
    public static PipelineResources Of(StageDesign design, FabricFamily family = FabricFamily.UltraScalePlus, bool ultraRam = false) =>
        From(FabricEstimate.Of(design, family, ultraRam), WeightBitsOf(design));

    private static PipelineResources From(FabricResources resources, long weightBits) =>
        new((long)resources.Dsps, resources.BlockRams, weightBits)
        {
            UltraRams = (long)resources.UltraRams,
            Luts = (long)resources.Luts,
            Registers = (long)resources.Registers,
        };

    private static long WeightBitsOf(StageDesign design) => design.Shape.Weights * design.Shape.WeightBits;
}
