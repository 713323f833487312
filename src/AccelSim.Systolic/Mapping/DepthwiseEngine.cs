namespace AccelSim.Systolic.Mapping;

/// <summary>
/// A unit beside the array for convolutions with one filter a channel: lanes of multipliers with an adder tree each, as accelerators have that run MobileNets
/// well (Bai et al., "A CNN Accelerator on FPGA Using Depthwise Separable Convolution", 2018; the depthwise engine of Xilinx' DPU). A lane makes one output channel
/// at a time.
/// </summary>
/// <param name="Channels">Lanes: channels at once.</param>
/// <param name="Taps">Multipliers of a lane: taps of the kernel at once.</param>
public sealed record DepthwiseEngine(int Channels, int Taps)
{
    /// <summary>The engine's peak.</summary>
    public long MacsPerCycle => (long)Channels * Taps;

    public override string ToString() => $"{Channels} channels × {Taps} taps";
}
