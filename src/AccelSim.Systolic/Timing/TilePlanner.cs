using System.Collections.Concurrent;
using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;
using AccelSim.Systolic.Memory;

namespace AccelSim.Systolic.Timing;

/// <summary>The plans of an accelerator's layers, each distinct layer's once.</summary>
internal sealed class TilePlanner
{
    private readonly Plans _outermost;

    // For each level inside another that holds the same, from the outside inwards: its plans, and by what it holds the level that this comes from.
    private readonly List<(Plans Plans, Dictionary<MemoryContents, int> From)> _inner = [];

    public TilePlanner(MemoryHierarchy memory, double clockHz)
    {
        _outermost = new Plans(new TileSearch(memory, clockHz));
        MemoryContents[] contents = [MemoryContents.Activations, MemoryContents.Weights, MemoryContents.PartialSums];
        Dictionary<MemoryContents, int[]> chains = contents.ToDictionary(
            content => content, content => Enumerable.Range(0, memory.Levels.Length).Where(i => memory.Levels[i].CanHold(content)).Reverse().ToArray());
        for (int stage = 1; stage < chains.Values.Max(chain => chain.Length); stage++)
        {
            Dictionary<MemoryContents, int> at = contents.Where(content => chains[content].Length > stage).ToDictionary(content => content, content => chains[content][stage]);
            IEnumerable<MemoryLevel> levels = at
                .GroupBy(entry => entry.Value)
                .Select(group => memory.Levels[group.Key] with { Holds = group.Aggregate(MemoryContents.None, (held, entry) => held | entry.Key) });
            // What no level of the stage holds passes it by, and so has room enough.
            MemoryContents others = contents.Where(content => !at.ContainsKey(content)).Aggregate(MemoryContents.None, (held, content) => held | content);
            if (others != MemoryContents.None)
                levels = levels.Append(new MemoryLevel("", others, long.MaxValue / 4, Buffering.Double));
            // Slow, so that of two plans the one that moves less is the faster.
            var search = new TileSearch(new MemoryHierarchy([.. levels], new Dram(clockHz / 1024)), clockHz);
            _inner.Add((new Plans(search), at.ToDictionary(entry => entry.Key, entry => chains[entry.Key][stage - 1])));
        }
    }

    /// <summary>The best plan for the outermost memories.</summary>
    public TilePlan Best(TilingProblem problem) => _outermost.Best(problem);

    /// <summary>
    /// Adds what passes between the levels of the chip. A level's tiles are searched within the tile of the level around it, which each
    /// inner level goes through as often as there are such tiles.
    /// </summary>
    public void PassInwards(LevelTraffic traffic, TilingProblem problem, TilePlan plan)
    {
        (TilingProblem around, TileSize tile, double times) = (problem, plan.Tile, plan.Tiles);
        foreach ((Plans plans, Dictionary<MemoryContents, int> from) in _inner)
        {
            LayerGeometry geometry = Within(around.Geometry, tile);
            double share = (double)problem.Geometry.Work.Macs / geometry.Work.Macs / times;
            MemoryContents weights = problem.WeightsAreActivations ? MemoryContents.Activations : MemoryContents.Weights;
            around = around with
            {
                Geometry = geometry,
                Edge = new ArrayTraffic(
                    (long)(problem.Edge.Inputs / times), (long)(problem.Edge.Weights / times), (long)(problem.Edge.SumsWritten / times), (long)(problem.Edge.SumsRead / times)),
                InputBytes = null,
                WeightBytes = null,
                OutputBytes = null,
                ConstantBytes = 0,
                InputsOnChip = !from.ContainsKey(MemoryContents.Activations),
                WeightsOnChip = !from.ContainsKey(weights),
                OutputsStay = true,
                ActivationsKept = 0,
                WeightsKept = 0,
                BusyCycles = 0,
            };
            TilePlan inner = plans.Best(around);
            if (from.TryGetValue(MemoryContents.Activations, out int activations))
                traffic.Inwards(MemoryContents.Activations, activations, (long)(inner.InputsRead * times * share));
            if (from.TryGetValue(weights, out int level))
                traffic.Inwards(weights, level, (long)(inner.WeightsRead * times * share));
            if (from.TryGetValue(MemoryContents.PartialSums, out int sums))
            {
                traffic.Inwards(MemoryContents.PartialSums, sums, (long)(inner.SumsRead * times * share));
                traffic.Outwards(MemoryContents.PartialSums, sums, (long)(inner.SumsWritten * times * share));
            }
            (tile, times) = (inner.Tile, times * inner.Tiles);
        }
    }

    private static LayerGeometry Within(LayerGeometry layer, TileSize tile)
    {
        bool isWhole = tile.Rows == layer.Output.Height && tile.Columns == layer.Output.Width;
        return layer with
        {
            Batch = tile.Images,
            Groups = tile.Groups,
            InputChannels = tile.Groups * tile.Channels,
            OutputChannels = tile.Groups * tile.Filters,
            Output = new Size2(tile.Rows, tile.Columns),
            // Within a tile the padding is what the border of the image has of it; only a whole image has all of it.
            Image = isWhole ? layer.Image : null,
            Padding = isWhole ? layer.Padding : default,
        };
    }

    private sealed class Plans(TileSearch search)
    {
        private readonly ConcurrentDictionary<TilingProblem, TilePlan> _known = new();

        public TilePlan Best(TilingProblem problem) => _known.GetOrAdd(problem, static (one, search) => search.Best(one), search);
    }
}
