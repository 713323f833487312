namespace AccelSim.Systolic.Memory;

/// <summary>Whole bursts of DRAM. Each run of addresses begins at one: values are laid out so.</summary>
internal static class Bursts
{
    public static long Whole(long bytes, int burst) => burst == 1 ? bytes : (bytes + burst - 1) / burst * burst;

    /// <summary>An axis cut into pieces, each of which is a run of addresses: bytes of all runs.</summary>
    public static long OfPieces(int axis, int piece, long elementBytes, int burst) =>
        axis / piece * Whole(piece * elementBytes, burst) + Whole(axis % piece * elementBytes, burst);
}
