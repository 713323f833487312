using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace AccelSim.Rtl.Network;

/// <summary>What a device offers to a pipeline.</summary>
/// <param name="Device">Its name, for messages.</param>
/// <param name="BlockRams">Blocks of 36 Kibit.</param>
public sealed record PipelineBudget(string Device, long DspSlices, double BlockRams);

/// <summary>A folding for each stage of a network.</summary>
/// <param name="Foldings">One a stage.</param>
/// <param name="Interval">The bound of the cycles between frames.</param>
/// <param name="Bottleneck">The layer that sets it.</param>
/// <param name="Resources">What it takes.</param>
public sealed record NetworkFolding(ImmutableArray<StageFolding> Foldings, long Interval, string Bottleneck, PipelineResources Resources)
{
    /// <summary>The shortest interval whose cheapest foldings fit the budget.</summary>
    /// <param name="graph">The stages.</param>
    /// <param name="budget">The device.</param>
    /// <exception cref="FoldingException">Not even the slowest pipeline fits; the message says what it takes and what would help.</exception>
    public static NetworkFolding Fastest(StageGraph graph, PipelineBudget budget, CancellationToken cancellation = default)
    {
        var search = new Search(graph, budget);
        long slow = search.Slowest, fast = 1;
        if (search.Cheapest(slow) is not { } found || !search.Fits(found))
            throw DoesNotFit(graph, budget, search.Cheapest(slow));
        // Fewer cycles never cost less, so that the border is found by halving.
        while (fast < slow)
        {
            cancellation.ThrowIfCancellationRequested();
            long middle = fast + (slow - fast) / 2;
            if (search.Cheapest(middle) is { } faster && search.Fits(faster))
            {
                found = faster;
                slow = Math.Min(middle, faster.Interval);
            }
            else
            {
                fast = middle + 1;
            }
        }
        return found;
    }

    /// <summary>The cheapest foldings whose interval is at most so many cycles, as a share of the device's slices and blocks.</summary>
    /// <exception cref="FoldingException">No foldings are fast enough, or what is does not fit the device.</exception>
    public static NetworkFolding Cheapest(StageGraph graph, PipelineBudget budget, long interval)
    {
        var search = new Search(graph, budget);
        if (search.Cheapest(interval) is not { } found)
            throw new FoldingException(string.Create(CultureInfo.InvariantCulture, $"No folding of '{graph.Graph.Name}' gives a frame every {interval} cycles: ask for fewer frames a second."));
        return search.Fits(found) ? found : throw DoesNotFit(graph, budget, found);
    }

    /// <summary>The next interval below this folding's and what it takes, whatever the device; null when there is none.</summary>
    public NetworkFolding? NextFaster(StageGraph graph, PipelineBudget budget) => new Search(graph, budget).Cheapest(Interval - 1);

    private static FoldingException DoesNotFit(StageGraph graph, PipelineBudget budget, NetworkFolding? least) => new(least is null
        ? $"'{graph.Graph.Name}' has no legal folding."
        : string.Create(CultureInfo.InvariantCulture, $"'{graph.Graph.Name}' takes {least.Resources.DspSlices} DSP slices and {least.Resources.BlockRams:0.#} blocks of RAM (its weights alone are {least.Resources.WeightBits / 1024.0:0} Kibit) at a frame every {least.Interval} cycles, but {budget.Device} has {budget.DspSlices} and {budget.BlockRams:0.#}: ask for fewer frames a second, a smaller width, or a larger device."));

    /// <summary>
    /// Cheapest foldings for an interval: stages in a row, where what one gives must reach what the next takes at the rate asked for
    /// (width converters go through the greatest common divisor). A shortest path over the stages' foldings, exact but for the second
    /// operand of an add, which is checked afterwards.
    /// </summary>
    private sealed class Search(StageGraph graph, PipelineBudget budget)
    {
        private readonly List<List<Candidate>> _candidates = [.. graph.Stages.Select(stage => Candidates(stage.Shape, budget))];

        /// <summary>An interval that the serial folding of every stage keeps.</summary>
        public long Slowest => _candidates.Max(stage => stage.Max(candidate => candidate.Design.IntervalBound)) * 8;

        public bool Fits(NetworkFolding folding) =>
            folding.Resources.DspSlices <= budget.DspSlices && folding.Resources.BlockRams <= budget.BlockRams;

        public NetworkFolding? Cheapest(long interval)
        {
            var best = new (double Cost, int Before)[_candidates.Count][];
            var stages = _candidates.Select((stage, i) => Fastest(stage, interval, HeldBlocks(i) / interval)).ToList();
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
            var netlist = new PipelineNetlist(graph, chosen);
            if (netlist.IntervalBound > interval)
                return Reached(stages, chosen, interval);
            return Of(netlist, chosen);
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
            var netlist = new PipelineNetlist(graph, chosen);
            return netlist.IntervalBound <= interval ? Of(netlist, chosen) : null;
        }

        /// <summary>
        /// For a layer of squeeze-and-excite's gates, the blocks of RAM that a frame takes, as a share of the device's: a cycle in which gates are
        /// computed is a cycle in which the hold buffer fills. 0 for other stages.
        /// </summary>
        private double HeldBlocks(int stage)
        {
            var shape = graph.Stages[stage].Shape;
            if (shape is not { Kind: StageKind.Pointwise, InPixels: 1 })
                return 0;
            for (var readers = graph.Readers(stage).ToList(); readers.Count == 1; readers = [.. graph.Readers(readers[0].Stage)])
            {
                var reader = graph.Stages[readers[0].Stage].Shape;
                if (reader.Kind == StageKind.Scale && readers[0].Port == 1)
                    return reader.InPixels * reader.Channels * 8 / (36 * 1024.0) / budget.BlockRams;
                if (reader is not { Kind: StageKind.Pointwise, InPixels: 1 })
                    break;
            }
            return 0;
        }

        private static NetworkFolding Of(PipelineNetlist netlist, StageFolding[] chosen)
        {
            var slowest = netlist.Stages.MaxBy(stage => stage.IntervalBound)!;
            return new NetworkFolding([.. chosen], netlist.IntervalBound, slowest.Shape.Name, PipelineResources.Of(netlist));
        }

        private static bool Reaches(StageDesign from, StageDesign to, long interval)
        {
            int lanes = (int)BigInteger.GreatestCommonDivisor(from.ResultLanes, to.InLanes);
            return from.Shape.OutPixels * from.Shape.OutChannels / lanes <= interval;
        }

        /// <summary>Of the foldings that are fast enough, the cheapest for each pair of lanes taken and given.</summary>
        private static List<Candidate> Fastest(List<Candidate> all, long interval, double cycleCost) =>
            [.. all.Where(candidate => candidate.Design.IntervalBound <= interval)
                .Select(candidate => cycleCost > 0 ? candidate with { Cost = candidate.Cost + cycleCost * candidate.Design.PixelCycles } : candidate)
                .GroupBy(candidate => (candidate.Design.InLanes, candidate.Design.ResultLanes))
                .Select(group => group.MinBy(candidate => candidate.Cost)!)];

        private static List<Candidate> Candidates(StageShape shape, PipelineBudget budget)
        {
            int[] outs = shape.MixesChannels ? [.. BlockFolding.Divisors(shape.OutChannels)] : [1];
            return [.. from lanes in BlockFolding.Divisors(shape.LaneGranule)
                       from taps in StageFolding.TapChoices(shape)
                       from output in outs
                       where (long)lanes * taps * output <= budget.DspSlices || (lanes == 1 && output == 1)
                       let design = new StageDesign(shape, new StageFolding(lanes, taps, output))
                       let resources = PipelineResources.Of(design)
                       // A little for every multiplier and lane, so that equals are decided for the smaller and squarer.
                       select new Candidate(design, (double)resources.DspSlices / budget.DspSlices + resources.BlockRams / budget.BlockRams
                           + 1e-7 * (lanes * taps + output + design.ResultLanes))];
        }

        private sealed record Candidate(StageDesign Design, double Cost);
    }
}
