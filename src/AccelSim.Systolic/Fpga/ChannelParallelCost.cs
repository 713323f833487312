namespace AccelSim.Systolic.Fpga;

/// <summary>
/// What AMD's DPU (DPUCZDX8G) uses of an UltraScale+ device: an engine that computes several pixels of several output channels from several input
/// channels in a cycle.
/// </summary>
/// <param name="Pixels">Pixels at once.</param>
/// <param name="InputChannels">Input channels at once.</param>
/// <param name="OutputChannels">Output channels at once.</param>
/// <remarks>
/// Structure, checked on PG338 v1.2 Table 9 (B512 to B4096): slices run at twice the clock with two products each, hence MACs ÷ 4, plus two, plus one accumulator
/// slice for each pixel and output channel where DSP use is high: equal in all twelve rows. On-chip memory is 2 × pixels + output channels + 1 banks of 2,048 words of all input
/// channels in block RAM of 2,048 × 9, plus a block and a half: within half a block in all. Look-up tables and flip-flops are straight lines fitted on the six rows of high use:
/// within 12 and 10 %.
/// </remarks>
public sealed record ChannelParallelCost(int Pixels, int InputChannels, int OutputChannels)
{
    private const int BankDepth = 2048;

    public long MacsPerCycle => (long)Pixels * InputChannels * OutputChannels;

    /// <summary>DSP slices.</summary>
    /// <param name="highUse">Whether accumulators are in slices and not in look-up tables.</param>
    public long Dsps(bool highUse) => (MacsPerCycle / 4) + 2 + (highUse ? Pixels * OutputChannels : 0);

    public double BlockRams => (((2 * Pixels) + OutputChannels + 1) * MemoryPrimitive.RamB18.CountFor(BankDepth, 8 * InputChannels) / 2.0) + 1.5;

    public long Luts(bool highUse) => (long)(highUse ? 17620 + (12.91 * MacsPerCycle) : 17590 + (15.05 * MacsPerCycle));

    public long Registers(bool highUse) => (long)(highUse ? 23080 + (36.83 * MacsPerCycle) : 22290 + (41.36 * MacsPerCycle));
}
