namespace AccelSim.Systolic.ScaleSim;

/// <summary>Traffic of one operand between DRAM and its memory: words, and the cycles of the first and the last.</summary>
internal readonly record struct DramAccess(long Start, long Stop, long Words)
{
    /// <summary>Words a cycle from the first to the last.</summary>
    public double Bandwidth => (double)Words / (Stop - Start + 1);
}

/// <summary>
/// When SCALE-Sim fetches the halves of a read buffer with <c>InterfaceBandwidth: CALC</c>, in which nothing waits: the first half before it is needed at 10 words a
/// cycle, each other half while the one before is read. The memory is divided into 100 sets of whole words, so that a half is 50 of them.
/// </summary>
internal static class CalcModeReads
{
    private const int Sets = 100;
    private const int WordsPerCycle = 10;

    /// <summary>Words of half a memory.</summary>
    public static long HalfOf(long memoryWords) => Sets / 2 * (memoryWords / Sets);

    public static DramAccess Of(HalfBuffers buffer, long memoryWords)
    {
        IReadOnlyList<Half> halves = buffer.Halves;
        long half = HalfOf(memoryWords);
        long words = halves.Sum(each => each.Words);
        if (halves.Count == 0 || halves[0].Words < half)
        {
            // All of it in one go, whole sets, the last word a cycle before the first one of the layer.
            long set = memoryWords / Sets;
            long cycles = DivideUp(DivideUp(words, set) * set, WordsPerCycle);
            return new DramAccess(-cycles, -1, words);
        }
        long first = buffer.FirstDemand;
        // What follows a half comes while it is read, a cycle late.
        Half lastComplete = halves.Last(each => each.Words == half);
        return new DramAccess(first - DivideUp(half, WordsPerCycle), lastComplete.CompleteAt + 1, words);
    }

    private static long DivideUp(long value, long by) => (value + by - 1) / by;
}
