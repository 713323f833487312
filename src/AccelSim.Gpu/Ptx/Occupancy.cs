namespace AccelSim.Gpu;

/// <summary>How many groups of a kernel a multiprocessor holds at a time.</summary>
/// <param name="Groups">Resident groups.</param>
/// <param name="Share">Their warps ÷ those that the multiprocessor can hold.</param>
/// <param name="Limit">What there is no more of: warps, groups, registers or shared memory.</param>
public sealed record Occupancy(int Groups, double Share, string Limit)
{
    /// <summary>Registers are given to a warp in units of this many, and warps come in fours (NVIDIA's occupancy calculator, compute capability 7 on).</summary>
    private const int RegisterUnit = 256;
    private const int WarpUnit = 4;

    /// <summary>The most registers that a thread may have.</summary>
    private const int MostRegisters = 255;

    /// <param name="target">The multiprocessor.</param>
    /// <param name="threads">Of a group.</param>
    /// <param name="registers">Of a thread; what is past 255 would be spilled.</param>
    /// <param name="sharedBytes">Of a group.</param>
    public static Occupancy Of(CudaTarget target, int threads, int registers, int sharedBytes)
    {
        int warps = (threads + CudaTarget.WarpSize - 1) / CudaTarget.WarpSize;
        int ofWarp = (Math.Clamp(registers, 1, MostRegisters) * CudaTarget.WarpSize + RegisterUnit - 1) / RegisterUnit * RegisterUnit;
        int byRegisters = CudaTarget.Registers / ofWarp / WarpUnit * WarpUnit / warps;
        int shared = sharedBytes + target.ReservedBytes;
        var (groups, limit) = new[]
        {
            (target.Warps / warps, "warps"),
            (target.Groups, "groups"),
            (byRegisters, "registers"),
            (shared == 0 ? int.MaxValue : target.SharedBytes / shared, "shared memory"),
        }.MinBy(bound => bound.Item1);
        return new Occupancy(groups, (double)groups * warps / target.Warps, limit);
    }
}
