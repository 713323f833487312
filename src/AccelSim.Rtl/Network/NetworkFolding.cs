using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
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

/// <summary>Where the weights of pointwise and fully connected layers are.</summary>
public enum WeightPlacement
{
    /// <summary>All on the chip.</summary>
    Chip,

    /// <summary>On the chip as far as they fit; else the largest layers' are streamed from DRAM.</summary>
    Auto,

    /// <summary>All streamed from DRAM.</summary>
    Stream,
}

/// <summary>A folding for each stage of a network.</summary>
/// <param name="Foldings">One a stage.</param>
/// <param name="Interval">The bound of the cycles between frames.</param>
/// <param name="Bottleneck">The layer that sets it.</param>
/// <param name="Resources">What it takes.</param>
public sealed record NetworkFolding(ImmutableArray<StageFolding> Foldings, long Interval, string Bottleneck, PipelineResources Resources)
{
    /// <summary>Cycles from a beat of streamed weights to the next with which all streams together take no more than the DRAM gives.</summary>
    public int WeightGap { get; init; } = 1;

    /// <summary>Int8 × weight multipliers.</summary>
    public long MacMultipliers { get; init; }

    /// <summary>Multiply-accumulates ÷ (interval × multipliers).</summary>
    public double MultiplierUse { get; init; }

    /// <summary>The pipeline.</summary>
    public PipelineNetlist Netlist(StageGraph graph, bool controlPort = false) => new(graph, Foldings, weightGap: WeightGap) { HasControlPort = controlPort };

    /// <summary>What a folding that somebody else chose takes and gives.</summary>
    /// <exception cref="FoldingException">A stage does not allow its folding.</exception>
    public static NetworkFolding Of(StageGraph graph, IReadOnlyList<StageFolding> foldings, PipelineBudget budget) =>
        Of(new PipelineNetlist(graph, foldings, weightGap: GapOf(foldings, budget)), budget.Family);

    /// <summary>The shortest interval whose cheapest foldings fit the budget.</summary>
    /// <param name="graph">The stages.</param>
    /// <param name="budget">The device.</param>
    /// <param name="placement">Where weights may be.</param>
    /// <exception cref="FoldingException">Not even the slowest pipeline fits; the message says what it takes and what would help.</exception>
    public static NetworkFolding Fastest(
        StageGraph graph, PipelineBudget budget, WeightPlacement placement = WeightPlacement.Chip, CancellationToken cancellation = default) =>
        WithPlaces(graph, budget, placement, search =>
        {
            long slow = search.Slowest, fast = 1;
            var found = search.Fitting(slow);
            if (!search.Fits(found))
                return found;
            // Fewer cycles never cost less, so that the border is found by halving.
            while (fast < slow)
            {
                cancellation.ThrowIfCancellationRequested();
                long middle = fast + (slow - fast) / 2;
                if (search.Fitting(middle) is { } faster && search.Fits(faster))
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
        });

    /// <summary>The cheapest foldings whose interval is at most so many cycles, by their shares of the device's slices and, an eighth as dear, its blocks.</summary>
    /// <exception cref="FoldingException">No foldings are fast enough, or what is does not fit the device.</exception>
    public static NetworkFolding Cheapest(StageGraph graph, PipelineBudget budget, long interval, WeightPlacement placement = WeightPlacement.Chip) =>
        WithPlaces(graph, budget, placement, search => search.Fitting(interval), interval);

    /// <summary>The next interval below this folding's and what it takes, also where that is more than the device has; null when there is none.</summary>
    public NetworkFolding? NextFaster(StageGraph graph, PipelineBudget budget) => new Search(graph, budget, Streamed()).Fitting(Interval - 1);

    /// <summary>The shortest interval above this folding's that takes fewer multiplier slices; null when there is none.</summary>
    public NetworkFolding? NextCheaper(StageGraph graph, PipelineBudget budget)
    {
        var search = new Search(graph, budget, Streamed());
        long[] slower = [.. search.Intervals.Where(interval => interval > Interval)];
        // Slower never costs more, so that the border is found by halving.
        int low = 0, high = slower.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (IsCheaper(search.Cheapest(slower[middle])))
                high = middle;
            else
                low = middle + 1;
        }
        return low < slower.Length ? search.Cheapest(slower[low]) : null;

        bool IsCheaper(NetworkFolding? other) => other is not null && other.Resources.DspSlices < Resources.DspSlices;
    }

    private ImmutableHashSet<int> Streamed() => [.. Enumerable.Range(0, Foldings.Length).Where(stage => Foldings[stage].Streaming is not null)];

    /// <summary>Searches with all weights on the chip, or with those of the largest layers streamed, one more at a time, until it fits.</summary>
    private static NetworkFolding WithPlaces(StageGraph graph, PipelineBudget budget, WeightPlacement placement, Func<Search, NetworkFolding?> find, long? interval = null)
    {
        int[] largest = [.. Enumerable.Range(0, graph.Stages.Length)
            // Gates that wait for weights would make squeeze-and-excite's hold buffer longer.
            .Where(stage => WeightStreaming.Refusal(graph.Stages[stage].Shape) is null && graph.GatedBy(stage) is null)
            .OrderByDescending(stage => graph.Stages[stage].Shape.Weights)
            .ThenBy(stage => stage)];
        bool canStream = placement != WeightPlacement.Chip && budget.DramBytesPerCycle > 0;
        NetworkFolding? least = null;
        for (int streams = canStream && placement == WeightPlacement.Stream ? largest.Length : 0; ; streams++)
        {
            var search = new Search(graph, budget, [.. largest.Take(streams)]);
            var found = find(search);
            if (search.Fits(found))
                return found;
            if (found is null && least is null)
                throw TooSlow(graph, budget, interval, streams);
            least ??= found;
            if (!canStream || streams == largest.Length)
                throw DoesNotFit(graph, budget, least!);
        }
    }

    private static NetworkFolding Of(PipelineNetlist netlist, FabricFamily family)
    {
        var slowest = netlist.Stages.MaxBy(stage => stage.IntervalBound)!;
        long interval = netlist.IntervalBound;
        var weights = netlist.Weights.MaxBy(port => netlist.Streams[port.Stream].FrameBeats);
        string bottleneck = weights is not null && netlist.Streams[weights.Stream].FrameBeats * netlist.WeightGap == interval && slowest.IntervalBound < interval
            ? $"the stream of weights of {netlist.Stages[weights.Stage].Shape.Name}"
            : slowest.Shape.Name;
        return new NetworkFolding([.. netlist.Stages.Select(stage => stage.Folding)], interval, bottleneck, PipelineResources.Of(netlist, family))
        {
            WeightGap = netlist.WeightGap,
            MacMultipliers = netlist.MacMultipliers,
            MultiplierUse = netlist.MultiplierUse(interval),
        };
    }

    /// <summary>The gap with which all streams of weights together take no more than the DRAM gives, each a beat as often as every other.</summary>
    private static int GapOf(IEnumerable<StageFolding> foldings, PipelineBudget budget)
    {
        int lanes = foldings.Sum(folding => folding.Streaming?.Lanes ?? 0);
        return lanes == 0 || budget.DramBytesPerCycle <= 0 ? 1 : Math.Max(1, (int)Math.Ceiling(lanes / budget.DramBytesPerCycle));
    }

    private static FoldingException TooSlow(StageGraph graph, PipelineBudget budget, long? interval, int streams) => new(interval is { } asked
        ? string.Create(CultureInfo.InvariantCulture, $"No folding of '{graph.Graph.Name}' gives a frame every {asked} cycles{(streams > 0 ? $" with the weights of {streams} layers streamed at {budget.DramBytesPerCycle:0.##} bytes a cycle" : "")}: ask for fewer frames a second.")
        : $"'{graph.Graph.Name}' has no legal folding.");

    private static FoldingException DoesNotFit(StageGraph graph, PipelineBudget budget, NetworkFolding least) => new(
        string.Create(CultureInfo.InvariantCulture, $"'{graph.Graph.Name}' takes {least.Resources.DspSlices} DSP slices and {least.Resources.BlockRams:0.#} blocks of RAM (its weights alone are {least.Resources.WeightBits / 1024.0:0} Kibit) at a frame every {least.Interval} cycles, but {budget.Device} has {budget.DspSlices} and {budget.BlockRams:0.#}: ask for fewer frames a second, a smaller width, or a larger device."));

    /// <summary>
    /// Cheapest foldings for an interval: stages in a row, where what one gives must reach what the next takes at the rate asked for
    /// (width converters go through the greatest common divisor). A shortest path over the stages' foldings, exact but for the second
    /// operand of an add, which is checked afterwards.
    /// </summary>
    private sealed class Search(StageGraph graph, PipelineBudget budget, ImmutableHashSet<int> streamed)
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
            var netlist = new PipelineNetlist(graph, chosen, weightGap: GapOf(chosen, budget));
            if (netlist.IntervalBound > interval)
                return Reached(stages, chosen, interval);
            return Of(netlist, budget.Family);
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
            var netlist = new PipelineNetlist(graph, chosen, weightGap: GapOf(chosen, budget));
            return netlist.IntervalBound <= interval ? Of(netlist, budget.Family) : null;
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
}
