namespace AccelSim.Rtl;

/// <summary>Foldings for all blocks of a network that stand on one device at once, each working on another frame.</summary>
/// <param name="Designs">One a block, in order.</param>
/// <param name="Interval">Clock cycles between frames: the slowest block's.</param>
/// <param name="DspSlices">DSP slices of all blocks together.</param>
/// <param name="MemoryBits">On-chip memory of all blocks together.</param>
/// <param name="Bottleneck">The block that sets the interval.</param>
/// <param name="IsFastest">True when that block has no faster folding; false when the next one does not fit the slices.</param>
public sealed record PipelineFolding(
    IReadOnlyList<BlockDesign> Designs, long Interval, long DspSlices, long MemoryBits, string Bottleneck, bool IsFastest)
{
    /// <summary>A 32-bit accumulator times a multiplier of up to 17 bits is two slices (eda.md, section 5).</summary>
    private const int SlicesPerRequantizer = 2;

    /// <summary>
    /// The shortest interval for which the cheapest folding of every block fits the budget together. Exact over the candidate foldings:
    /// a block's cheapest folding for an interval does not depend on the other blocks.
    /// </summary>
    /// <param name="blocks">The blocks of a network.</param>
    /// <param name="dspSlices">The device's budget.</param>
    /// <exception cref="FoldingException">Even serial foldings take more slices than there are.</exception>
    public static PipelineFolding Fastest(IReadOnlyList<DepthwiseSeparableBlock> blocks, long dspSlices)
    {
        var fronts = blocks.Select(block => Front(block, dspSlices)).ToList();
        // Beyond the fastest interval that every block reaches, a block's own points are the only intervals worth trying.
        long slowest = fronts.Max(front => front[0].Interval);
        var intervals = fronts.SelectMany(front => front.Select(point => point.Interval)).Where(interval => interval >= slowest).Distinct().Order().ToList();
        foreach (long interval in intervals)
        {
            var chosen = fronts.Select(front => front.Last(point => point.Interval <= interval)).ToList();
            if (chosen.Sum(point => point.Slices) > dspSlices)
                continue;
            var bottleneck = chosen.MaxBy(point => point.Interval)!;
            return new PipelineFolding(
                [.. chosen.Select(point => point.Design)],
                bottleneck.Interval,
                chosen.Sum(point => point.Slices),
                chosen.Sum(point => BlockResources.Of(point.Design).MemoryBits),
                blocks[chosen.IndexOf(bottleneck)].Depthwise.Name,
                interval == slowest);
        }
        throw new FoldingException($"{blocks.Count} blocks take at least {fronts.Sum(front => front[^1].Slices)} DSP slices, but there are {dspSlices}.");
    }

    /// <summary>The foldings that no other beats in both interval and slices, fastest and dearest first.</summary>
    private static List<Point> Front(DepthwiseSeparableBlock block, long budget)
    {
        var front = new List<Point>();
        var candidates = FoldingSearch.Candidates(block.Shape, budget)
            .Append(BlockFolding.Serial)
            .Select(folding => new BlockDesign(block.Shape, folding, block.Name))
            .Select(design => new Point(design, CycleModel.IntervalBound(design), Slices(design)))
            .OrderBy(point => point.Interval)
            .ThenBy(point => point.Slices);
        foreach (var point in candidates)
        {
            if (front.Count == 0 || point.Slices < front[^1].Slices)
                front.Add(point);
        }
        return front;
    }

    private static long Slices(BlockDesign design)
    {
        var resources = BlockResources.Of(design);
        return resources.MacMultipliers + SlicesPerRequantizer * resources.RequantizeMultipliers;
    }

    private sealed record Point(BlockDesign Design, long Interval, long Slices);
}
