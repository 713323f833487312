using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;
using AccelSim.Systolic.Memory;

namespace AccelSim.Tests.Systolic;

/// <summary>Plans of tiles against an executor that walks them, and the search against every tile and order there is.</summary>
public sealed class TilePlanTests
{
    private const double Clock = 1e9;

    /// <summary>Any tile, in any order, whether it fits or not: every count of the closed form is what the executor counts.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(48)]
    public void Every_count_equals_that_of_walking_the_tiles(int burst)
    {
        var random = new Random(burst);
        for (int round = 0; round < 600; round++)
        {
            TilingProblem problem = Draw(random);
            LayerGeometry layer = problem.Geometry;
            var tile = new TileSize(
                random.Next(1, layer.Batch + 1), random.Next(1, layer.Groups + 1), random.Next(1, layer.OutputChannels / layer.Groups + 1), random.Next(1, layer.InputChannels / layer.Groups + 1),
                random.Next(1, layer.Output.Height + 1), random.Next(1, layer.Output.Width + 1));
            LoopOrder order = (LoopOrder)random.Next(6);
            var search = new TileSearch(MemoryHierarchy.Split(1 << 20, 1 << 20, new Dram(1e9, BurstBytes: burst)), Clock);
            var kept = new KeptLoops(random.Next(4), random.Next(4), random.Next(4));
            TilePlan plan = search.Of(problem, tile, order, kept);
            TileExecutor walked = TileExecutor.Run(problem, tile, order, kept, burst);
            string which = $"burst {burst}, round {round}: {layer}, {tile}, {order}, {kept}";
            Assert.True(walked.Tiles == plan.Tiles, which);
            Assert.True((walked.InputsRead, walked.WeightsRead) == (plan.InputsRead, plan.WeightsRead), $"{which}: {(walked.InputsRead, walked.WeightsRead)} walked, {(plan.InputsRead, plan.WeightsRead)} planned");
            Assert.True((walked.SumsRead, walked.SumsWritten, walked.OutputsWritten) == (plan.SumsRead, plan.SumsWritten, plan.OutputsWritten), which);
            Assert.True(walked.BusBytes == plan.BusBytes, $"{which}: {walked.BusBytes} walked, {plan.BusBytes} planned");
        }
    }

    /// <summary>Every tile in multiples of what the engine does at once, in every order, priced by what the executor counts: none is better than the plan that was found.</summary>
    [Fact]
    public void No_tile_and_order_is_better_than_the_one_that_was_found()
    {
        var random = new Random(77);
        int tiled = 0;
        for (int round = 0; round < 30; round++)
        {
            TilingProblem problem = Draw(random, small: true);
            MemoryLevel[] levels = (round % 3) switch
            {
                0 => [Level(MemoryContents.Activations, 200), Level(MemoryContents.Weights, 120), Level(MemoryContents.PartialSums, 200)],
                1 => [Level(MemoryContents.Activations | MemoryContents.Weights, 300), Level(MemoryContents.PartialSums, 200)],
                _ => [Level(MemoryContents.Activations | MemoryContents.Weights | MemoryContents.PartialSums, 400)],
            };
            var memory = new MemoryHierarchy([.. levels], new Dram(Math.Pow(10, 7 + 3 * random.NextDouble()), random.Next(2) * 20e-9));
            MemoryLevel Level(MemoryContents holds, int most) => new(holds.ToString(), holds, random.Next(8, most), (Buffering)random.Next(2));
            TilePlan best = new TileSearch(memory, Clock).Best(problem);
            tiled += best.Tiles > 1 ? 1 : 0;
            TileExecutor whole = TileExecutor.Run(problem, WholeOf(problem.Geometry), LoopOrder.PixelsFiltersChannels);
            bool anyFits = false;
            foreach (TileSize tile in AllTiles(problem))
            {
                foreach ((LoopOrder order, KeptLoops kept) in Nests)
                {
                    if (!Fits(problem, memory, tile, order, kept))
                        continue;
                    anyFits = true;
                    TileExecutor walked = TileExecutor.Run(problem, tile, order, kept);
                    long cycles = CyclesOf(problem, memory, walked, whole, best.FirstBytes);
                    Assert.True(
                        best.TotalCycles < cycles || (best.TotalCycles == cycles && best.BusBytes <= walked.BusBytes) || !best.Fits,
                        $"round {round}: {problem.Geometry} in {tile}, {order}, {kept} takes {cycles} cycles and {walked.BusBytes} bytes; found {best.Tile}, {best.Order}, {best.Kept}: {best.TotalCycles} and {best.BusBytes}");
                }
            }
            Assert.Equal(anyFits, best.Fits);
            // The plan's own figures are those of walking it.
            TileExecutor own = TileExecutor.Run(problem, best.Tile, best.Order, best.Kept);
            Assert.True(
                (own.BusBytes, CyclesOf(problem, memory, own, whole, best.FirstBytes)) == (best.BusBytes, best.TotalCycles),
                $"round {round}: {problem}, {string.Join(", ", memory.Levels)}, {memory.Dram}: {own.BusBytes} bytes and {CyclesOf(problem, memory, own, whole, best.FirstBytes)} cycles walked, {best}");
        }
        Assert.InRange(tiled, 10, 30);
    }

    [Fact]
    public void More_bandwidth_is_never_slower_and_more_memory_never_worse()
    {
        var random = new Random(5);
        for (int round = 0; round < 300; round++)
        {
            TilingProblem problem = Draw(random, large: true);
            long activations = random.Next(64, 8000), weights = random.Next(64, 8000), sums = random.Next(64, 8000);
            double bandwidth = Math.Pow(10, 7 + 4 * random.NextDouble());
            TilePlan before = Best(activations, weights, sums, bandwidth);
            Assert.True(Best(activations, weights, sums, 2 * bandwidth).TotalCycles <= before.TotalCycles);
            foreach (TilePlan more in (TilePlan[])[Best(2 * activations, weights, sums, bandwidth), Best(activations, weights + 100, sums, bandwidth), Best(activations, weights, 3 * sums, bandwidth)])
            {
                Assert.True(
                    more.TotalCycles < before.TotalCycles || (more.TotalCycles == before.TotalCycles && more.BusBytes <= before.BusBytes) || !before.Fits,
                    $"round {round}: {problem.Geometry}: {before.TotalCycles} cycles, {before.BusBytes} bytes; with more {more.TotalCycles} and {more.BusBytes}");
            }
            // Where only bytes count, more memory never moves more of them.
            Assert.True(Best(2 * activations, 2 * weights, 2 * sums, 1e3).BusBytes <= Best(activations, weights, sums, 1e3).BusBytes);

            TilePlan Best(long a, long w, long s, double bytesPerSecond) =>
                new TileSearch(MemoryHierarchy.Split(a, w, new Dram(bytesPerSecond), accumulatorBytes: s), Clock).Best(problem);
        }
    }

    [Fact]
    public void What_is_on_the_chip_does_not_come_and_takes_its_room()
    {
        var layer = new LayerGeometry(1, 1, 16, 16, new Size2(8, 8), Size2.Square(3), Size2.Square(1), Size2.Square(1)) { Image = new Size2(8, 8), Padding = Padding.All(1) };
        TilingProblem problem = ProblemOf(layer, new TileGranularity(8, 8, int.MaxValue));
        var search = new TileSearch(MemoryHierarchy.Split(3000, 1 << 20, new Dram(1e9)), Clock);
        Assert.Equal((1024, 2304, 1024), Moved(search.Best(problem with { WeightsOnChip = false, ActivationsKept = 0 }) with { SumsRead = 0 }, tiled: true));
        Assert.Equal((0, 2304, 1024), Moved(search.Best(problem with { InputsOnChip = true, ActivationsKept = 1024 }), tiled: true));
        Assert.Equal((0, 0, 0), Moved(search.Best(problem with { InputsOnChip = true, WeightsOnChip = true, OutputsStay = true, ActivationsKept = 2048 }), tiled: false));

        static (long, long, long) Moved(TilePlan plan, bool tiled)
        {
            Assert.Equal(tiled, plan.Tiles > 1);
            return (plan.InputsRead > 0 ? 1024 : 0, plan.WeightsRead, plan.OutputsWritten);
        }
    }

    private static IEnumerable<(LoopOrder Order, KeptLoops Kept)> Nests =>
        from order in Enum.GetValues<LoopOrder>()
        from inputs in Enumerable.Range(0, 4)
        from weights in Enumerable.Range(0, 4)
        from sums in Enumerable.Range(0, 4)
        select (order, new KeptLoops(inputs, weights, sums));

    private static TileSize WholeOf(LayerGeometry layer) =>
        new(layer.Batch, layer.Groups, layer.OutputChannels / layer.Groups, layer.InputChannels / layer.Groups, layer.Output.Height, layer.Output.Width);

    private static IEnumerable<TileSize> AllTiles(TilingProblem problem)
    {
        LayerGeometry layer = problem.Geometry;
        TileGranularity at = problem.Granularity;
        int channels = layer.InputChannels / layer.Groups, filters = layer.OutputChannels / layer.Groups, kernel = layer.Kernel.Area;
        int channelsAtOnce = at.Depth == int.MaxValue ? 1 : (at.Depth + kernel - 1) / kernel;
        int leastGroups = Math.Min(at.Groups, layer.Groups);
        return
            from g in Multiples(layer.Groups, at.Groups)
            from m in Multiples(filters, at.Filters)
            from c in Multiples(channels, channelsAtOnce)
            where g == leastGroups || (m == filters && c == channels)
            from n in Multiples(layer.Batch, 1)
            from p in Multiples(layer.Output.Height, 1)
            from q in Multiples(layer.Output.Width, 1)
            where n == 1 || (p == layer.Output.Height && q == layer.Output.Width)
            select new TileSize(n, g, m, c, p, q);

        static IEnumerable<int> Multiples(int axis, int atOnce)
        {
            int unit = atOnce == int.MaxValue ? 1 : atOnce;
            for (int size = Math.Min(unit, axis); size < axis; size += unit)
                yield return size;
            yield return axis;
        }
    }

    // By the definition: what the largest tile of each operand needs, twice where the other half fills.
    private static bool Fits(TilingProblem problem, MemoryHierarchy memory, TileSize tile, LoopOrder order, KeptLoops kept)
    {
        LayerGeometry layer = problem.Geometry;
        TileSize inputTile = Fetched(kept.Inputs), weightTile = Fetched(kept.Weights), sumTile = Fetched(kept.Sums);
        long inputs = (long)tile.Groups * inputTile.Channels * inputTile.Images * problem.InputElementBytes
            * Most(layer.Output.Height, inputTile.Rows, layer.Image!.Value.Height, layer.Kernel.Height, layer.Dilation.Height, layer.Stride.Height, layer.Padding.Top)
            * Most(layer.Output.Width, inputTile.Columns, layer.Image!.Value.Width, layer.Kernel.Width, layer.Dilation.Width, layer.Stride.Width, layer.Padding.Left);
        long outputs = tile.Groups * tile.Filters * tile.Pixels;
        long weights = (long)tile.Groups * weightTile.Filters * weightTile.Channels * layer.Kernel.Area * problem.WeightElementBytes;
        long activations = (problem.InputsOnChip ? 0 : inputs) + (problem.OutputsStay ? 0 : outputs * problem.OutputElementBytes);
        long sums = tile.Channels < layer.InputChannels / layer.Groups ? 4L * tile.Groups * sumTile.Filters * sumTile.Pixels : 0;
        return memory.Levels.All(level =>
            (level.CanHold(MemoryContents.Activations) ? activations : 0)
            + (level.CanHold(MemoryContents.Weights) && !problem.WeightsOnChip ? weights : 0)
            + (level.CanHold(MemoryContents.PartialSums) ? sums : 0) <= level.Bytes / (level.Buffering == Buffering.Double ? 2 : 1));

        // A tile, whole along the innermost loops for which the operand is kept.
        TileSize Fetched(int loops)
        {
            TileSize whole = WholeOf(layer), fetched = tile;
            foreach (string loop in NameOf(order)[^loops..])
            {
                fetched = loop switch
                {
                    "Pixels" => fetched with { Images = whole.Images, Rows = whole.Rows, Columns = whole.Columns },
                    "Filters" => fetched with { Filters = whole.Filters },
                    _ => fetched with { Channels = whole.Channels },
                };
            }
            return fetched;
        }

        static string[] NameOf(LoopOrder order) => order.ToString().Replace("sF", "s F", StringComparison.Ordinal).Replace("sC", "s C", StringComparison.Ordinal).Replace("sP", "s P", StringComparison.Ordinal).Split(' ');

        // An inner tile's window, or the image where that is smaller; the whole axis reads what there is.
        static long Most(int outputs, int tile, int image, int kernel, int dilation, int stride, int before)
        {
            int reach = (kernel - 1) * dilation + 1;
            if (tile < outputs)
                return Math.Min(image, reach >= stride ? (tile - 1) * stride + reach : tile * reach);
            return Enumerable.Range(0, image).Count(at => Enumerable.Range(0, outputs).Any(o => at >= o * stride - before && at < o * stride - before + reach));
        }
    }

    private static long CyclesOf(TilingProblem problem, MemoryHierarchy memory, TileExecutor walked, TileExecutor whole, long first)
    {
        double perCycle = memory.Dram.BytesPerSecond / Clock;
        long work = Ceiling(problem.Cycles.Compute * ((double)walked.StreamedVectors / whole.StreamedVectors)) + Ceiling(problem.Cycles.FillDrain * ((double)walked.Folds / whole.Folds));
        (bool a, bool w, bool s) = (Waits(MemoryContents.Activations), Waits(MemoryContents.Weights), Waits(MemoryContents.PartialSums));
        TileGranularity at = problem.Granularity;
        long firstWeights = problem.WeightsOnChip ? 0 : FirstWeights();
        long firstInputs = first - firstWeights;
        long exposed = (a ? walked.InputsRead + walked.OutputsWritten - firstInputs : 0) + (w ? walked.WeightsRead - firstWeights : 0) + (s ? walked.SumsRead + walked.SumsWritten : 0);
        long hidden = walked.BusBytes - exposed - first;
        double latency = memory.Dram.LatencySeconds * Clock * Math.Max(
            problem.InputsOnChip && problem.WeightsOnChip && walked.SumsRead == 0 ? 0 : 1,
            Math.Max(problem.InputsOnChip || !a ? 0 : walked.InputLoads, problem.WeightsOnChip || !w ? 0 : walked.WeightLoads));
        return Ceiling(latency) + Ceiling(first / perCycle) + Ceiling(exposed / perCycle) + Math.Max(Math.Max(work, problem.BusyCycles), Ceiling(hidden / perCycle));

        bool Waits(MemoryContents content) => memory.Holding(content).Single().Buffering == Buffering.Single;
        static long Ceiling(double cycles) => (long)Math.Ceiling(cycles);

        long FirstWeights()
        {
            LayerGeometry layer = problem.Geometry;
            long depth = at.Depth == int.MaxValue ? 1 : Math.Min(at.Depth, layer.InputChannels / layer.Groups * layer.Kernel.Area);
            long filters = at.Filters == int.MaxValue ? 1 : Math.Min(at.Filters, layer.OutputChannels / layer.Groups);
            return Math.Min(at.Groups, layer.Groups) * depth * filters * problem.WeightElementBytes;
        }
    }

    private static TilingProblem Draw(Random random, bool small = false, bool large = false)
    {
        int most = small ? 3 : large ? 20 : 5;
        while (true)
        {
            int groups = random.Next(3) == 0 ? random.Next(2, 5) : 1;
            var kernel = new Size2(random.Next(1, 4), random.Next(1, 4));
            var stride = new Size2(random.Next(1, 4), random.Next(1, 4));
            var dilation = new Size2(random.Next(1, 3), random.Next(1, 3));
            var padding = new Padding(random.Next(3), random.Next(3), random.Next(3), random.Next(3));
            var image = new Size2(random.Next(1, large ? 30 : small ? 7 : 12), random.Next(1, large ? 30 : small ? 6 : 12));
            Size2 output;
            try
            {
                output = Sliding.Output(image, kernel, stride, padding, dilation);
            }
            catch (GraphException)
            {
                continue;
            }
            var layer = new LayerGeometry(random.Next(1, small ? 3 : 4), groups, groups * random.Next(1, most + 1), groups * random.Next(1, most + 1), output, kernel, stride, dilation)
            {
                Image = image,
                Padding = padding,
            };
            TileGranularity granularity = random.Next(4) switch
            {
                0 => new TileGranularity(random.Next(1, 20), random.Next(1, 5), int.MaxValue, random.Next(1, 3)),
                1 => new TileGranularity(random.Next(1, 20), int.MaxValue, random.Next(1, 9)),
                2 => new TileGranularity(int.MaxValue, random.Next(1, 5), random.Next(1, 9)),
                _ => new TileGranularity(random.Next(1, 20), random.Next(1, 5), random.Next(1, 9)),
            };
            return ProblemOf(layer, granularity) with
            {
                LongestStream = random.Next(2) == 0 ? int.MaxValue : random.Next(1, 30),
                InputElementBytes = random.Next(2) == 0 ? 1 : 4,
                WeightElementBytes = random.Next(2) == 0 ? 1 : 4,
                OutputElementBytes = random.Next(2) == 0 ? 1 : 4,
                InputsOnChip = random.Next(4) == 0,
                WeightsOnChip = random.Next(4) == 0,
                OutputsStay = random.Next(4) == 0,
                BusyCycles = random.Next(2) * random.Next(500),
            };
        }
    }

    private static TilingProblem ProblemOf(LayerGeometry layer, TileGranularity granularity)
    {
        long compute = Math.Max(1, layer.Work.Macs / 16);
        return new TilingProblem(layer, granularity, new ArrayCycles(compute, compute / 5), new ArrayTraffic(layer.Work.Macs, layer.Work.Macs, layer.Work.Macs, 0));
    }
}
