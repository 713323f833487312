using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace AccelSim.Rtl.Network;

/// <summary>
/// Cheapest foldings for an interval: stages in a row, where what one gives must reach what the next takes at the rate asked for
/// (width converters go through the greatest common divisor). A shortest path over the stages' foldings, exact but for the second
/// operand of an add, which is checked afterwards.
/// </summary>
internal sealed class NetworkFoldingSearch(StageGraph graph, PipelineBudget budget, ImmutableHashSet<int> streamed)
{
    /// <summary>AXI4-Stream and what carries it to the DRAM have 1,024 bits at most.</summary>
    private const int WidestWeightBeat = 128;

    /// <summary>Rounds in which what is too scarce is made dearer.</summary>
    private const int Rounds = 10;

    /// <summary>Rounds in which it is made less dear again as long as all fits.</summary>
    private const int Refinements = 3;

    private readonly long _streamedWeights = streamed.Sum(stage => graph.Stages[stage].Shape.Weights);

    /// <summary>A share of the blocks costs less than one of the slices: a block that is left over is worth nothing, a slice that idles takes power.</summary>
    private const double BlockWeight = 1 / 8.0;

    // What a device's slices and blocks cost in comparison.
    private double _sliceWeight = 1, _blockWeight = BlockWeight;

    private readonly List<List<Candidate>> _candidates = [.. graph.Stages.Select(stage => Candidates(stage.Shape, budget))];

    /// <summary>An interval that the serial folding of every stage keeps.</summary>
    public long Slowest => _candidates.Max(stage => stage.Max(candidate => candidate.Design.IntervalBound)) * 8;

    /// <summary>Every interval that a folding of a stage has, shortest first.</summary>
    public IEnumerable<long> Intervals => _candidates.SelectMany(stage => stage.Select(candidate => candidate.Design.IntervalBound)).Distinct().Order();

    public bool Fits([NotNullWhen(true)] NetworkFolding? folding) =>
        folding is not null && budget.Holds(folding.Resources);

    /// <summary>
    /// The cheapest foldings, and where they take too much of one resource and not of the other, those that are cheapest when that one is just so
    /// much dearer that they fit. Where none fits, those that were tried last; null where no foldings are fast enough.
    /// </summary>
    public NetworkFolding? Fitting(long interval)
    {
        var cheapest = Cheapest(interval);
        if (cheapest is null || Fits(cheapest))
            return cheapest;
        bool slices = cheapest.Resources.DspSlices > budget.DspSlices, blocks = cheapest.Resources.BlockRams > budget.BlockRams;
        if (slices && blocks)
            return cheapest;
        // Dearer by doubling until it fits, then the least that does by halving the exponent's interval.
        double low = 0, high = 0;
        var found = cheapest;
        for (int round = 0; round < Rounds && !Fits(found); round++)
            (low, high, found) = (high, high + 1, At(high + 1));
        for (int round = 0; round < Refinements && Fits(found); round++)
        {
            double middle = (low + high) / 2;
            if (At(middle) is { } less && Fits(less))
                (high, found) = (middle, less);
            else
                low = middle;
        }
        return found ?? cheapest;

        NetworkFolding? At(double exponent)
        {
            (_sliceWeight, _blockWeight) = slices ? (Math.Pow(2, exponent), BlockWeight) : (1, BlockWeight * Math.Pow(2, exponent));
            var priced = Cheapest(interval);
            (_sliceWeight, _blockWeight) = (1, BlockWeight);
            return priced;
        }
    }

    public NetworkFolding? Cheapest(long interval)
    {
        var best = new (double Cost, int Before)[_candidates.Count][];
        var stages = _candidates.Select((stage, i) => Fastest(streamed.Contains(i) ? Streams(stage, interval) : stage, interval, _blockWeight * HeldBlocks(i) / interval)).ToList();
        for (int i = 0; i < stages.Count; i++)
        {
            best[i] = new (double, int)[stages[i].Count];
            bool adjacent = graph.Stages[i].Sources.Contains(i - 1);
            for (int c = 0; c < stages[i].Count; c++)
            {
                var candidate = stages[i][c];
                // The stage before in the order carries the cost; the operands that come from elsewhere are checked where both are known.
                best[i][c] = i == 0 ? (candidate.Cost, -1) : (double.PositiveInfinity, -1);
                for (int before = 0; i > 0 && before < stages[i - 1].Count; before++)
                {
                    double cost = best[i - 1][before].Cost + candidate.Cost;
                    if (cost < best[i][c].Cost && (!adjacent || Reaches(stages[i - 1][before].Design, candidate.Design, interval)))
                        best[i][c] = (cost, before);
                }
            }
            if (!best[i].Any(entry => double.IsFinite(entry.Cost)))
                return null;
        }
        var chosen = new StageFolding[stages.Count];
        int at = Array.IndexOf(best[^1], best[^1].MinBy(entry => entry.Cost));
        for (int i = stages.Count - 1; i >= 0; at = best[i][at].Before, i--)
            chosen[i] = stages[i][at].Design.Folding;
        var netlist = new PipelineNetlist(graph, chosen, weightGap: NetworkFolding.GapOf(chosen, budget));
        if (netlist.IntervalBound > interval)
            return Reached(stages, chosen, interval);
        return NetworkFolding.Of(netlist, budget.Family);
    }

    /// <summary>
    /// The path's foldings with others for the stages that an operand from elsewhere does not reach, such as an add's skip path: the cheapest
    /// that all operands reach and that reach all readers where there is one. Null where that does not help.
    /// </summary>
    private NetworkFolding? Reached(List<List<Candidate>> stages, StageFolding[] chosen, long interval)
    {
        bool Takes(int stage, StageDesign design) =>
            graph.Stages[stage].Sources.All(source => source < 0 || Reaches(new StageDesign(graph.Stages[source].Shape, chosen[source]), design, interval));
        bool Gives(int stage, StageDesign design) =>
            graph.Readers(stage).All(reader => Reaches(design, new StageDesign(graph.Stages[reader.Stage].Shape, chosen[reader.Stage]), interval));
        for (int i = 0; i < chosen.Length; i++)
        {
            if (Takes(i, new StageDesign(graph.Stages[i].Shape, chosen[i])))
                continue;
            var reached = stages[i].Where(candidate => Takes(i, candidate.Design)).ToList();
            var fitting = reached.Where(candidate => Gives(i, candidate.Design)).MinBy(candidate => candidate.Cost) ?? reached.MinBy(candidate => candidate.Cost);
            if (fitting is null)
                return null;
            chosen[i] = fitting.Design.Folding;
        }
        var netlist = new PipelineNetlist(graph, chosen, weightGap: NetworkFolding.GapOf(chosen, budget));
        return netlist.IntervalBound <= interval ? NetworkFolding.Of(netlist, budget.Family) : null;
    }

    /// <summary>
    /// For a layer of squeeze-and-excite's gates, the blocks of RAM that a frame takes, as a share of the device's: a cycle in which gates are
    /// computed is a cycle in which the hold buffer fills. 0 for other stages.
    /// </summary>
    private double HeldBlocks(int stage) => graph.GatedBy(stage) is { } scaled
        ? scaled.InPixels * scaled.Channels * 8 / (36 * 1024.0) / budget.BlockRams
        : 0;

    private static bool Reaches(StageDesign from, StageDesign to, long interval) =>
        from.Shape.OutPixels * from.Shape.OutChannels / CommonDivisor(from.ResultLanes, to.InLanes) <= interval;

    /// <summary>Euclid's; System.Numerics has it for big integers alone, and this is the search's inner loop.</summary>
    private static int CommonDivisor(int a, int b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }

    /// <summary>Of the foldings that are fast enough, the cheapest for each pair of lanes taken and given.</summary>
    private List<Candidate> Fastest(IEnumerable<Candidate> all, long interval, double cycleCost) =>
        [.. all.Where(candidate => candidate.Design.IntervalBound <= interval)
            .Select(candidate => candidate with { Cost = Cost(candidate) + cycleCost * candidate.Design.PixelCycles })
            .GroupBy(candidate => (candidate.Design.InLanes, candidate.Design.ResultLanes))
            .Select(group => group.MinBy(candidate => candidate.Cost)!)];

    private double Cost(Candidate candidate) =>
        _sliceWeight * candidate.Resources.DspSlices / budget.DspSlices + _blockWeight * candidate.Resources.BlockRams / budget.BlockRams
        // A little for every multiplier and lane, so that equals are decided for the smaller and squarer.
        + 1e-7 * (candidate.Design.Folding.In * candidate.Design.Folding.Taps + candidate.Design.Folding.Out + candidate.Design.ResultLanes);

    /// <summary>
    /// The foldings of a stage with its weights streamed: as few pixels a pass as its share of the DRAM allows, by weights, and as narrow a stream as
    /// brings them in time.
    /// </summary>
    private IEnumerable<Candidate> Streams(List<Candidate> all, long interval)
    {
        var shape = all[0].Design.Shape;
        double share = budget.DramBytesPerCycle * shape.Weights / _streamedWeights;
        int pixels = BlockFolding.Divisors((int)shape.OutPixels).FirstOrDefault(pixels => shape.OutPixels / pixels * shape.Weights <= share * interval);
        if (pixels == 0)
            yield break;
        long traffic = shape.OutPixels / pixels * shape.Weights;
        foreach (var candidate in all.Where(candidate => candidate.Design.IntervalBound <= interval))
        {
            var folding = candidate.Design.Folding;
            int lanes = BlockFolding.Divisors(folding.In * folding.Out)
                .FirstOrDefault(lanes => lanes <= WidestWeightBeat && traffic / lanes * Math.Max(1, Math.Ceiling(lanes / share)) <= interval);
            if (lanes == 0)
                continue;
            var design = new StageDesign(shape, folding with { Streaming = new WeightStreaming(pixels, lanes) });
            yield return new Candidate(design, PipelineResources.Of(design, budget.Family));
        }
    }

    private static List<Candidate> Candidates(StageShape shape, PipelineBudget budget)
    {
        int[] outs = shape.MixesChannels ? [.. BlockFolding.Divisors(shape.OutChannels)] : [1];
        return [.. from lanes in BlockFolding.Divisors(shape.LaneGranule)
                   from taps in StageFolding.TapChoices(shape)
                   from output in outs
                   where (long)lanes * taps * output <= budget.DspSlices || (lanes == 1 && output == 1)
                   let design = new StageDesign(shape, new StageFolding(lanes, taps, output))
                   select new Candidate(design, PipelineResources.Of(design, budget.Family))];
    }

    private sealed record Candidate(StageDesign Design, PipelineResources Resources)
    {
        public double Cost { get; init; }
    }
}
