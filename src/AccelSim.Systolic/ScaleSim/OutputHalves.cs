namespace AccelSim.Systolic.ScaleSim;

/// <summary>The outputs of a layer in halves of the write buffer: the stall-free cycles in which each half takes its first and its last word.</summary>
internal sealed class OutputHalves
{
    public OutputHalves(IEnumerable<(long Cycle, int Words)> outputs, long halfWords)
    {
        HalfWords = halfWords;
        var (first, full) = (new List<long>(), new List<long>());
        foreach ((long cycle, int words) in outputs)
        {
            if (Words == 0)
                First = cycle;
            Last = cycle;
            // A cycle may fill more than one half.
            for (long before = Words, left = words; left > 0;)
            {
                if (before % halfWords == 0)
                    first.Add(cycle);
                long taken = Math.Min(left, halfWords - before % halfWords);
                (before, left) = (before + taken, left - taken);
                if (before % halfWords == 0)
                    full.Add(cycle);
            }
            Words += words;
        }
        (FirstAt, FullAt) = (first, full);
    }

    public long HalfWords { get; }

    public long Words { get; }

    /// <summary>The stall-free cycle of the first word of all.</summary>
    public long First { get; }

    public long Last { get; }

    public IReadOnlyList<long> FirstAt { get; }

    /// <summary>Of the halves that become full.</summary>
    public IReadOnlyList<long> FullAt { get; }
}
