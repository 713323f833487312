using System.Collections.Immutable;
using System.Globalization;
using AccelSim.Rtl.Resources;

namespace AccelSim.Rtl.Network;

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
    public NetworkFolding? NextFaster(StageGraph graph, PipelineBudget budget) => new NetworkFoldingSearch(graph, budget, Streamed()).Fitting(Interval - 1);

    /// <summary>The shortest interval above this folding's that takes fewer multiplier slices; null when there is none.</summary>
    public NetworkFolding? NextCheaper(StageGraph graph, PipelineBudget budget)
    {
        var search = new NetworkFoldingSearch(graph, budget, Streamed());
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
    private static NetworkFolding WithPlaces(StageGraph graph, PipelineBudget budget, WeightPlacement placement, Func<NetworkFoldingSearch, NetworkFolding?> find, long? interval = null)
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
            var search = new NetworkFoldingSearch(graph, budget, [.. largest.Take(streams)]);
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

    internal static NetworkFolding Of(PipelineNetlist netlist, FabricFamily family)
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
    internal static int GapOf(IEnumerable<StageFolding> foldings, PipelineBudget budget)
    {
        int lanes = foldings.Sum(folding => folding.Streaming?.Lanes ?? 0);
        return lanes == 0 || budget.DramBytesPerCycle <= 0 ? 1 : Math.Max(1, (int)Math.Ceiling(lanes / budget.DramBytesPerCycle));
    }

    private static FoldingException TooSlow(StageGraph graph, PipelineBudget budget, long? interval, int streams) => new(interval is { } asked
        ? string.Create(CultureInfo.InvariantCulture, $"No folding of '{graph.Graph.Name}' gives a frame every {asked} cycles{(streams > 0 ? $" with the weights of {streams} layers streamed at {budget.DramBytesPerCycle:0.##} bytes a cycle" : "")}: ask for fewer frames a second.")
        : $"'{graph.Graph.Name}' has no legal folding.");

    private static FoldingException DoesNotFit(StageGraph graph, PipelineBudget budget, NetworkFolding least) => new(
        string.Create(CultureInfo.InvariantCulture, $"'{graph.Graph.Name}' takes {least.Resources.DspSlices} DSP slices and {least.Resources.BlockRams:0.#} blocks of RAM (its weights alone are {least.Resources.WeightBits / 1024.0:0} Kibit) at a frame every {least.Interval} cycles, but {budget.Device} has {budget.DspSlices} and {budget.BlockRams:0.#}: ask for fewer frames a second, a smaller width, or a larger device."));
}
