using AccelSim.Rtl.Resources;

namespace AccelSim.Rtl.Network;

/// <summary>What a device offers to a pipeline.</summary>
/// <param name="Device">Its name, for messages.</param>
/// <param name="BlockRams">Block memories, in the family's own size.</param>
public sealed record PipelineBudget(string Device, long DspSlices, double BlockRams)
{
    /// <summary>What its DRAM gives in a clock cycle of the pipeline; 0 where weights are not to be streamed.</summary>
    public double DramBytesPerCycle { get; init; }

    /// <summary>Look-up tables.</summary>
    public long Luts { get; init; } = long.MaxValue;

    public FabricFamily Family { get; init; } = FabricFamily.UltraScalePlus;

    public bool Holds(PipelineResources resources) => resources.DspSlices <= DspSlices && resources.BlockRams <= BlockRams && resources.Luts <= Luts;
}
