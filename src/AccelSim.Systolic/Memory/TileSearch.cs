using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Systolic.Memory;

/// <summary>
/// Finds the tile and the order of loops with which a layer passes the outermost memories of the chip in the fewest cycles, and of those with the fewest
/// bytes; the search space is that of loop nests over tiles in Parashar et al., "Timeloop", ISPASS 2019, for one level, in closed form.
/// </summary>
/// <remarks>
/// <para>Tiles are multiples of what the engine does at once; kernels are not split; images are tiled together only where each of them is whole; filters and
/// channels of a group are split only where the tile has no more groups than the engine takes at once.</para>
/// <para>Candidates that cannot be better are passed over, not sampled: a bound on the bytes of a tile and of all smaller ones along pixels.</para>
/// </remarks>
public sealed class TileSearch
{
    private const int SumBytes = 4;

    private readonly double _bytesPerCycle;
    private readonly double _latencyCycles;
    private readonly int _burst;
    private readonly MemoryLevel? _activations;
    private readonly MemoryLevel? _weights;
    private readonly MemoryLevel? _sums;

    /// <summary>Makes a search for one hierarchy.</summary>
    /// <param name="memory">The memories; tiles are those of the outermost level for each kind of value.</param>
    /// <param name="clockHz">Clock of the engine.</param>
    public TileSearch(MemoryHierarchy memory, double clockHz)
    {
        ArgumentNullException.ThrowIfNull(memory);
        Dram dram = memory.Dram;
        _bytesPerCycle = dram.BytesPerSecond * dram.Efficiency / clockHz;
        _latencyCycles = dram.LatencySeconds * clockHz;
        _burst = dram.BurstBytes;
        _activations = Outermost(MemoryContents.Activations);
        _weights = Outermost(MemoryContents.Weights);
        _sums = Outermost(MemoryContents.PartialSums) ?? _activations;

        MemoryLevel? Outermost(MemoryContents content) => memory.Levels.LastOrDefault(level => level.CanHold(content));
    }

    /// <summary>The best plan.</summary>
    public TilePlan Best(TilingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var tiles = new LayerTiles(problem);
        var cost = new TileCost(problem, tiles, this);
        LayerGeometry layer = problem.Geometry;
        var whole = new Cut(
            tiles.OfGroups(layer.Groups), tiles.OfPixels(layer.Batch, layer.Output.Height, layer.Output.Width), tiles.OfFilters(tiles.Filters), tiles.OfChannels(tiles.Channels));
        // All at once: no plan is faster or moves less.
        if (cost.Fits(whole, default, default))
            return cost.Plan(whole, default, default, fits: true);
        return SearchTiles(tiles, cost);
    }

    /// <summary>The plan of a tile and an order that somebody else chose, whether it fits or not.</summary>
    public TilePlan Of(TilingProblem problem, TileSize tile, LoopOrder order, KeptLoops kept = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var tiles = new LayerTiles(problem);
        var cost = new TileCost(problem, tiles, this);
        var cut = new Cut(tiles.OfGroups(tile.Groups), tiles.OfPixels(tile.Images, tile.Rows, tile.Columns), tiles.OfFilters(tile.Filters), tiles.OfChannels(tile.Channels));
        return cost.Plan(cut, order, kept, cost.Fits(cut, order, kept));
    }

    private TilePlan SearchTiles(LayerTiles tiles, TileCost cost)
    {
        (AxisTiles[] groupChoices, AxisTiles[] filterChoices, AxisTiles[] channelChoices) = (tiles.GroupChoices(), tiles.FilterChoices(), tiles.ChannelChoices());
        PixelTiles[] pixelChoices = tiles.PixelChoices(_burst);
        PixelTiles[] bounds = LeastFrom(pixelChoices);
        Candidate best = Candidate.None;
        foreach (AxisTiles groups in groupChoices)
        {
            bool isSmallest = groups.Size == groupChoices[^1].Size;
            foreach (AxisTiles channels in isSmallest ? channelChoices : channelChoices.AsSpan(0, 1))
            {
                foreach (AxisTiles filters in isSmallest ? filterChoices : filterChoices.AsSpan(0, 1))
                    SearchPixels(ref best, new Cut(groups, pixelChoices[0], filters, channels), pixelChoices, bounds, cost);
            }
        }
        if (best.Cost.Cycles < long.MaxValue)
            return cost.Plan(best.Cut, best.Order, best.Kept, fits: true);
        // Nothing fits: the least that the engine works on, in whichever order moves least.
        var least = new Cut(groupChoices[^1], pixelChoices[^1], filterChoices[^1], channelChoices[^1]);
        return cost.Plan(least, LoopNest.Orders.MinBy(order => cost.Of(least, order, default)), default, fits: false);
    }

    // The fewest tiles first: what follows cannot be better than its bound.
    private static void SearchPixels(ref Candidate best, in Cut whole, PixelTiles[] pixelChoices, PixelTiles[] bounds, TileCost cost)
    {
        if (!cost.WeightTileFits(whole))
            return;
        for (int i = 0; i < pixelChoices.Length; i++)
        {
            Cut cut = whole with { Pixels = pixelChoices[i] };
            if (!cost.TileFits(cut))
                continue;
            if (!best.IsWorseThan(cost.LeastOf(whole with { Pixels = bounds[i] })))
                return;
            // Of whole channels the two orders in which sums complete are all there are.
            foreach (LoopOrder order in cut.Channels.Trips == 1 ? LoopNest.Orders.AsSpan(0, 2) : LoopNest.Orders)
                cost.Improve(ref best, cut, order);
        }
    }

    // For each choice the fewest tiles, folds and inputs that it or a later one has.
    private static PixelTiles[] LeastFrom(PixelTiles[] choices)
    {
        var least = (PixelTiles[])choices.Clone();
        for (int i = choices.Length - 2; i >= 0; i--)
        {
            least[i] = choices[i] with
            {
                Folds = Math.Min(choices[i].Folds, least[i + 1].Folds),
                InputPixels = Math.Min(choices[i].InputPixels, least[i + 1].InputPixels),
            };
        }
        return least;
    }

    /// <summary>A layer cut into tiles.</summary>
    private readonly record struct Cut(AxisTiles Groups, PixelTiles Pixels, AxisTiles Filters, AxisTiles Channels);

    /// <summary>What plans are compared by: cycles, then bytes.</summary>
    private readonly record struct PlanCost(long Cycles, long BusBytes) : IComparable<PlanCost>
    {
        public int CompareTo(PlanCost other) => Cycles != other.Cycles ? Cycles.CompareTo(other.Cycles) : BusBytes.CompareTo(other.BusBytes);
    }

    private readonly record struct Candidate(Cut Cut, LoopOrder Order, KeptLoops Kept, PlanCost Cost)
    {
        public static readonly Candidate None = new(default, default, default, new PlanCost(long.MaxValue, long.MaxValue));

        public bool IsWorseThan(PlanCost cost) => cost.CompareTo(Cost) < 0;
    }

    /// <summary>What the tiles of one layer take.</summary>
    private sealed class TileCost
    {
        private readonly TilingProblem _problem;
        private readonly LayerTiles _tiles;
        private readonly TileSearch _memory;
        private readonly MemoryLevel? _weightLevel;
        private readonly bool _inputsStream;
        private readonly bool _weightsStream;
        private readonly long _activationRoom;
        private readonly long _weightRoom;
        private readonly long _sumRoom;
        private readonly bool _areSeparate;
        private readonly PixelTiles _wholePixels;
        private readonly AxisTiles _wholeFilters;
        private readonly AxisTiles _wholeChannels;
        private readonly long _outputs;
        private readonly long _weightCount;
        private readonly double _inputShare;
        private readonly double _weightShare;
        private readonly double _outputShare;
        private readonly long _firstInputs;
        private readonly long _firstWeights;
        private readonly long _wholeFolds;
        private readonly long _wholeSteadyFolds;

        // By columns of a tile, bytes on the bus of its rows with all channels of each pixel; 0 until asked.
        private readonly long[] _columnBus;

        public TileCost(TilingProblem problem, LayerTiles tiles, TileSearch memory)
        {
            (_problem, _tiles, _memory) = (problem, tiles, memory);
            LayerGeometry layer = problem.Geometry;
            _weightLevel = problem.WeightsAreActivations ? memory._activations : memory._weights;
            _inputsStream = memory._activations is null or { Buffering: Buffering.Fifo };
            _weightsStream = _weightLevel is null or { Buffering: Buffering.Fifo };
            _activationRoom = RoomOf(memory._activations);
            _weightRoom = RoomOf(_weightLevel);
            _sumRoom = RoomOf(memory._sums);
            _outputs = (long)layer.Batch * layer.Output.Height * layer.Output.Width * layer.OutputChannels;
            _weightCount = (long)layer.Groups * tiles.Filters * tiles.Channels * tiles.Kernel;
            PixelTiles whole = tiles.OfPixels(layer.Batch, layer.Output.Height, layer.Output.Width);
            _wholePixels = whole;
            _wholeFilters = tiles.OfFilters(tiles.Filters);
            _wholeChannels = tiles.OfChannels(tiles.Channels);
            _inputShare = Share(problem.InputBytes, whole.InputPixels * layer.InputChannels * problem.InputElementBytes);
            _weightShare = Share(problem.WeightBytes, _weightCount * problem.WeightElementBytes);
            _outputShare = Share(problem.OutputBytes, _outputs * problem.OutputElementBytes);
            (_wholeFolds, _wholeSteadyFolds) = FoldsOf(new Cut(tiles.OfGroups(layer.Groups), whole, _wholeFilters, _wholeChannels));
            _areSeparate = !ReferenceEquals(memory._activations, _weightLevel) && !ReferenceEquals(memory._activations, memory._sums) && !ReferenceEquals(_weightLevel, memory._sums);
            (_firstInputs, _firstWeights) = First(whole);
            _columnBus = memory._burst > 1 ? new long[layer.Output.Width + 1] : [];
        }

        public bool WeightTileFits(in Cut cut) => WeightsHeld(cut) <= _weightRoom;

        public bool Fits(in Cut cut, LoopOrder order, KeptLoops kept)
        {
            LoopNest nest = NestOf(cut, order);
            return FitsWith(
                InputsHeld(ForInputs(cut, nest, kept.Inputs)) + OutputsHeld(cut), WeightsHeld(ForWeights(cut, nest, kept.Weights)), SumsHeld(cut, nest, kept.Sums));
        }

        /// <summary>Whether one tile of each operand fits; in any order.</summary>
        public bool TileFits(in Cut cut) =>
            FitsWith(InputsHeld(cut) + OutputsHeld(cut), WeightsHeld(cut), cut.Channels.Trips == 1 ? 0 : SumBytes * (long)cut.Groups.Size * cut.Filters.Size * cut.Pixels.Outputs);

        /// <summary>Takes the best of what operands may be kept for, where one tile of each fits, if it is better than the best so far.</summary>
        public void Improve(ref Candidate best, in Cut cut, LoopOrder order)
        {
            LoopNest nest = NestOf(cut, order);
            if (_areSeparate)
            {
                // More kept is never worse, and no operand takes room from another.
                int inputs = 0, weights = 0, sums = 0;
                long outputs = OutputsHeld(cut);
                while (inputs < 3 && !_problem.InputsOnChip && InputsHeld(ForInputs(cut, nest, inputs + 1)) + outputs <= _activationRoom)
                    inputs++;
                while (weights < 3 && !_problem.WeightsOnChip && WeightsHeld(ForWeights(cut, nest, weights + 1)) <= _weightRoom)
                    weights++;
                while (sums < 3 && cut.Channels.Trips > 1 && SumsHeld(cut, nest, sums + 1) <= _sumRoom)
                    sums++;
                Take(ref best, cut, order, new KeptLoops(inputs, weights, sums));
                return;
            }
            for (int inputs = 0; inputs <= 3 && Fits(cut, order, new KeptLoops(inputs, 0, 0)); inputs++)
            {
                if (inputs > 0 && !InputsGain(cut, nest, inputs))
                    continue;
                for (int weights = 0; weights <= 3 && Fits(cut, order, new KeptLoops(inputs, weights, 0)); weights++)
                {
                    if (weights > 0 && (_problem.WeightsOnChip || nest.Visits(LoopNest.Pixels, weights) == nest.Visits(LoopNest.Pixels, weights - 1)))
                        continue;
                    for (int sums = 0; sums <= 3 && Fits(cut, order, new KeptLoops(inputs, weights, sums)); sums++)
                    {
                        if (sums == 0 || nest.Visits(LoopNest.Channels, sums) < nest.Visits(LoopNest.Channels, sums - 1))
                            Take(ref best, cut, order, new KeptLoops(inputs, weights, sums));
                    }
                }
            }
        }

        public PlanCost Of(in Cut cut, LoopOrder order, KeptLoops kept)
        {
            Bytes bytes = BytesOf(cut, order, kept, _memory._burst);
            return new PlanCost(TotalOf(bytes, WorkOf(cut), RequestsOf(cut, order, kept)), bytes.Bus);
        }

        /// <summary>No plan with as many tiles of pixels or more, and these filters and channels, costs less.</summary>
        public PlanCost LeastOf(in Cut cut)
        {
            // Inputs come without halos where they are kept whole along pixels.
            bool inputsStay = InputsHeld(cut with { Pixels = _wholePixels }) <= _activationRoom;
            long inputPixels = inputsStay ? _wholePixels.InputPixels : cut.Pixels.InputPixels;
            long inputs = _problem.InputsOnChip || _inputsStream ? 0 : Scaled(inputPixels * _problem.Geometry.InputChannels * _problem.InputElementBytes, _inputShare);
            long weights = _problem.WeightsOnChip ? 0 : Scaled(_weightCount * _problem.WeightElementBytes, _weightShare);
            // Of pixels and filters one loop is outside: with pixels there weights come again for each of their tiles, else inputs for each tile of filters, unless they are kept.
            PlanCost pixelsOutside = LeastWith(cut, inputs, weights * (WeightsHeld(cut with { Filters = _wholeFilters }) <= _weightRoom ? 1 : cut.Pixels.Trips));
            PlanCost filtersOutside = LeastWith(cut, inputs * (inputsStay || cut.Pixels.Trips == 1 ? 1 : cut.Filters.Trips), weights);
            return pixelsOutside.CompareTo(filtersOutside) < 0 ? pixelsOutside : filtersOutside;
        }

        private PlanCost LeastWith(in Cut cut, long inputs, long weights)
        {
            weights += _problem.WeightsOnChip ? 0 : _problem.ConstantBytes;
            long outputs = _problem.OutputsStay ? 0 : Scaled(_outputs * _problem.OutputElementBytes, _outputShare);
            bool reads = !_problem.InputsOnChip || !_problem.WeightsOnChip;
            // Nothing exposed but what must be: at best all else hides.
            long exposed = (IsExposed(_memory._activations) ? inputs - Math.Min(_firstInputs, inputs) + outputs : 0) + (IsExposed(_weightLevel) ? weights - Math.Min(_firstWeights, weights) : 0);
            var bytes = new Bytes(inputs, weights, 0, outputs, inputs + weights + outputs, exposed);
            return new PlanCost(TotalOf(bytes, WorkOf(cut), reads && _memory._latencyCycles > 0 ? 1 : 0), bytes.Bus);
        }

        public TilePlan Plan(in Cut cut, LoopOrder order, KeptLoops kept, bool fits)
        {
            Bytes bytes = BytesOf(cut, order, kept, _memory._burst);
            ArrayCycles work = WorkOf(cut);
            long requests = RequestsOf(cut, order, kept);
            return new TilePlan
            {
                Tile = new TileSize(cut.Pixels.Images, cut.Groups.Size, cut.Filters.Size, cut.Channels.Size, cut.Pixels.Rows, cut.Pixels.Columns),
                Order = order,
                Kept = kept,
                Tiles = cut.Groups.Trips * cut.Pixels.Trips * cut.Filters.Trips * cut.Channels.Trips,
                Fits = fits,
                InputsRead = bytes.Inputs,
                WeightsRead = bytes.Weights,
                SumsRead = bytes.Sums,
                SumsWritten = bytes.Sums,
                OutputsWritten = bytes.Outputs,
                BusBytes = bytes.Bus,
                FirstBytes = _firstInputs + _firstWeights,
                ExposedBytes = bytes.Exposed,
                ExposedRequests = requests,
                Cycles = work,
                TotalCycles = TotalOf(bytes, work, requests),
            };
        }

        private bool FitsWith(long activations, long weights, long sums)
        {
            if (ReferenceEquals(_memory._activations, _weightLevel))
                (activations, weights) = (activations + weights, 0);
            if (ReferenceEquals(_memory._activations, _memory._sums))
                (activations, sums) = (activations + sums, 0);
            else if (ReferenceEquals(_weightLevel, _memory._sums))
                (weights, sums) = (weights + sums, 0);
            return activations <= _activationRoom && weights <= _weightRoom && sums <= _sumRoom;
        }

        private static LoopNest NestOf(in Cut cut, LoopOrder order) => new(order, cut.Pixels.Trips, cut.Filters.Trips, cut.Channels.Trips);

        // Whether inputs that are kept over one loop more come less often, or without halos.
        private bool InputsGain(in Cut cut, LoopNest nest, int kept) =>
            !_problem.InputsOnChip
            && (nest.Visits(LoopNest.Filters, kept) < nest.Visits(LoopNest.Filters, kept - 1) || nest.IsWhole(LoopNest.Pixels, kept) != nest.IsWhole(LoopNest.Pixels, kept - 1)
                || (_memory._burst > 1 && nest.IsWhole(LoopNest.Channels, kept) != nest.IsWhole(LoopNest.Channels, kept - 1)));

        private void Take(ref Candidate best, in Cut cut, LoopOrder order, KeptLoops kept)
        {
            PlanCost cost = Of(cut, order, kept);
            if (best.IsWorseThan(cost))
                best = new Candidate(cut, order, kept, cost);
        }

        // What is fetched of an operand at a time: a tile of it, or all that the loops go over for which it is kept.
        private Cut ForInputs(in Cut cut, LoopNest nest, int kept) => kept == 0 ? cut : cut with
        {
            Pixels = nest.IsWhole(LoopNest.Pixels, kept) ? _wholePixels : cut.Pixels,
            Channels = nest.IsWhole(LoopNest.Channels, kept) ? _wholeChannels : cut.Channels,
        };

        private Cut ForWeights(in Cut cut, LoopNest nest, int kept) => kept == 0 ? cut : cut with
        {
            Filters = nest.IsWhole(LoopNest.Filters, kept) ? _wholeFilters : cut.Filters,
            Channels = nest.IsWhole(LoopNest.Channels, kept) ? _wholeChannels : cut.Channels,
        };

        private long InputsHeld(in Cut fetched) => _problem.InputsOnChip || _inputsStream
            ? 0
            : Scaled((long)fetched.Groups.Size * fetched.Channels.Size * fetched.Pixels.LargestInput * _problem.InputElementBytes, _inputShare);

        private long WeightsHeld(in Cut fetched) => _problem.WeightsOnChip || _weightsStream
            ? 0
            : Scaled((long)fetched.Groups.Size * fetched.Filters.Size * fetched.Channels.Size * _tiles.Kernel * _problem.WeightElementBytes, _weightShare);

        private long OutputsHeld(in Cut cut) => _problem.OutputsStay || _inputsStream
            ? 0
            : Scaled((long)cut.Groups.Size * cut.Filters.Size * cut.Pixels.Outputs * _problem.OutputElementBytes, _outputShare);

        // Sums that are complete when the engine is done with a tile never wait for another tile.
        private long SumsHeld(in Cut cut, LoopNest nest, int kept)
        {
            if (cut.Channels.Trips == 1)
                return 0;
            long filters = nest.IsWhole(LoopNest.Filters, kept) ? _tiles.Filters : cut.Filters.Size;
            return SumBytes * cut.Groups.Size * filters * (nest.IsWhole(LoopNest.Pixels, kept) ? _wholePixels.Outputs : cut.Pixels.Outputs);
        }

        private static bool IsExposed(MemoryLevel? level) => level is { Buffering: Buffering.Single };

        private static double Share(long? bytes, long nominal) => bytes is { } actual && actual != nominal ? (double)actual / nominal : 1;

        private static long Scaled(long bytes, double share) => share == 1 ? bytes : (long)Math.Ceiling(bytes * share);

        private long RoomOf(MemoryLevel? level)
        {
            if (level is null or { Buffering: Buffering.Fifo })
                return long.MaxValue;
            long kept = (ReferenceEquals(level, _memory._activations) ? _problem.ActivationsKept : 0) + (ReferenceEquals(level, _memory._weights) ? _problem.WeightsKept : 0);
            long left = Math.Max(0, level.Bytes - kept);
            return level.Buffering == Buffering.Double ? left / 2 : left;
        }

        // The first vector of what streams past, and all of what is stationary in the first fold.
        private (long Inputs, long Weights) First(PixelTiles whole)
        {
            TileGranularity at = _problem.Granularity;
            LayerGeometry layer = _problem.Geometry;
            long depth = At(at.Depth, (long)_tiles.Channels * _tiles.Kernel);
            long filters = At(at.Filters, _tiles.Filters);
            long pixels = At(at.Pixels, (long)layer.Batch * layer.Output.Height * layer.Output.Width);
            long groups = Math.Min(at.Groups, layer.Groups);
            return (
                _problem.InputsOnChip ? 0 : Math.Min(groups * depth * pixels, whole.InputPixels * layer.InputChannels) * _problem.InputElementBytes,
                _problem.WeightsOnChip ? 0 : groups * depth * filters * _problem.WeightElementBytes);

            static long At(int atOnce, long axis) => atOnce == int.MaxValue ? 1 : Math.Min(atOnce, axis);
        }

        private (long All, long Steady) FoldsOf(in Cut cut)
        {
            TileGranularity at = _problem.Granularity;
            long steady = cut.Groups.Folds * (at.Depth == int.MaxValue ? 1 : cut.Channels.Folds) * (at.Filters == int.MaxValue ? 1 : cut.Filters.Folds) * (at.Pixels == int.MaxValue ? 1 : cut.Pixels.Folds);
            long streams = (at.Depth == int.MaxValue ? cut.Channels.Folds : 1) * (at.Filters == int.MaxValue ? cut.Filters.Folds : 1) * (at.Pixels == int.MaxValue ? cut.Pixels.Folds : 1);
            return (steady * streams, steady);
        }

        // A tile that ends within what the engine does at once leaves it partly idle; one that ends within a stream starts a fold anew.
        private ArrayCycles WorkOf(in Cut cut)
        {
            (long all, long steady) = FoldsOf(cut);
            return new ArrayCycles(InProportion(_problem.Cycles.Compute, steady, _wholeSteadyFolds), InProportion(_problem.Cycles.FillDrain, all, _wholeFolds));

            static long InProportion(long cycles, long folds, long whole) => folds <= whole ? cycles : (long)Math.Ceiling(cycles * ((double)folds / whole));
        }

        private long RequestsOf(in Cut cut, LoopOrder order, KeptLoops kept)
        {
            if (_memory._latencyCycles == 0)
                return 0;
            LoopNest nest = NestOf(cut, order);
            bool reads = !_problem.InputsOnChip || !_problem.WeightsOnChip || nest.Visits(LoopNest.Channels, kept.Sums) > 1;
            long requests = reads ? 1 : 0;
            if (!_problem.InputsOnChip && IsExposed(_memory._activations))
            {
                Cut fetched = ForInputs(cut, nest, kept.Inputs);
                requests = Math.Max(requests, cut.Groups.Trips * fetched.Channels.Trips * fetched.Pixels.Trips * nest.Visits(LoopNest.Filters, kept.Inputs));
            }
            if (!_problem.WeightsOnChip && IsExposed(_weightLevel))
            {
                Cut fetched = ForWeights(cut, nest, kept.Weights);
                requests = Math.Max(requests, cut.Groups.Trips * fetched.Channels.Trips * fetched.Filters.Trips * nest.Visits(LoopNest.Pixels, kept.Weights));
            }
            return requests;
        }

        private Bytes BytesOf(in Cut cut, LoopOrder order, KeptLoops kept, int burst)
        {
            LoopNest nest = NestOf(cut, order);
            (long inputs, long inputBus) = _problem.InputsOnChip ? (0, 0) : InputsOf(cut, nest, kept.Inputs, burst);
            (long weights, long weightBus) = _problem.WeightsOnChip ? (0, 0) : WeightsOf(cut, nest, kept.Weights, burst);
            long sums = SumBytes * _outputs * (nest.Visits(LoopNest.Channels, kept.Sums) - 1);
            (long outputs, long outputBus) = _problem.OutputsStay ? (0, 0) : OutputsOf(cut, burst);
            bool activationsWait = IsExposed(_memory._activations);
            bool weightsWait = IsExposed(_weightLevel);
            return new Bytes(
                inputs,
                weights,
                sums,
                outputs,
                inputBus + weightBus + 2 * sums + outputBus,
                (activationsWait ? inputBus - Math.Min(_firstInputs, inputBus) + outputBus : 0)
                    + (weightsWait ? weightBus - Math.Min(_firstWeights, weightBus) : 0)
                    + (IsExposed(_memory._sums) ? 2 * sums : 0));
        }

        private (long Bytes, long Bus) InputsOf(in Cut cut, LoopNest nest, int kept, int burst)
        {
            LayerGeometry layer = _problem.Geometry;
            int element = _problem.InputElementBytes;
            if (_inputsStream)
                return Twice(Scaled(_problem.Edge.Inputs * element, Growth(cut)));
            Cut fetched = ForInputs(cut, nest, kept);
            long visits = nest.Visits(LoopNest.Filters, kept);
            PixelTiles pixels = fetched.Pixels;
            long bytes = Scaled(pixels.InputPixels * layer.InputChannels * element, _inputShare) * visits;
            if (burst == 1)
                return (bytes, bytes);
            // Pixel by pixel, all channels of a pixel together: a tile of all channels is a run a row, one of a part of them a run a pixel.
            long bus = fetched.Groups.Trips == 1 && fetched.Channels.Trips == 1
                ? layer.Batch * _tiles.RowAxis.ReadInTiles(pixels.Rows) * ColumnBusOf(pixels.Columns, burst)
                : pixels.InputPixels * RunsOf(fetched.Groups, fetched.Channels, _tiles.Channels, element, burst);
            return (bytes, Scaled(bus, _inputShare) * visits);
        }

        private (long Bytes, long Bus) WeightsOf(in Cut cut, LoopNest nest, int kept, int burst)
        {
            int element = _problem.WeightElementBytes;
            long constants = _problem.ConstantBytes;
            if (_weightsStream)
                return Twice(Scaled(Math.Max(_weightCount, _problem.Edge.Weights) * element, Growth(cut)) + constants);
            long visits = nest.Visits(LoopNest.Pixels, kept);
            long bytes = Scaled(_weightCount * element, _weightShare) * visits + constants;
            if (burst == 1)
                return (bytes, bytes);
            // Arranged beforehand, so that what is fetched at a time is one run.
            Cut fetched = ForWeights(cut, nest, kept);
            long bus = 0;
            foreach ((int group, long groupTiles) in new AxisPieces(_tiles.Groups, fetched.Groups.Size))
            {
                foreach ((int filter, long filterTiles) in new AxisPieces(_tiles.Filters, fetched.Filters.Size))
                {
                    foreach ((int channel, long channelTiles) in new AxisPieces(_tiles.Channels, fetched.Channels.Size))
                        bus += groupTiles * filterTiles * channelTiles * Bursts.Whole((long)group * filter * channel * _tiles.Kernel * element, burst);
                }
            }
            return (bytes, Scaled(bus, _weightShare) * visits + Bursts.Whole(constants, burst));
        }

        private (long Bytes, long Bus) OutputsOf(in Cut cut, int burst)
        {
            LayerGeometry layer = _problem.Geometry;
            int element = _problem.OutputElementBytes;
            long bytes = Scaled(_outputs * element, _outputShare);
            if (burst == 1)
                return (bytes, bytes);
            long pixelRows = (long)layer.Batch * layer.Output.Height;
            long bus = cut.Groups.Trips == 1 && cut.Filters.Trips == 1
                ? pixelRows * Bursts.OfPieces(layer.Output.Width, cut.Pixels.Columns, (long)layer.OutputChannels * element, burst)
                : pixelRows * layer.Output.Width * RunsOf(cut.Groups, cut.Filters, _tiles.Filters, element, burst);
            return (bytes, Scaled(bus, _outputShare));
        }

        // Bytes on the bus of one pixel's channels, a run for each tile of them.
        private long RunsOf(AxisTiles groups, AxisTiles cut, int channelsOfGroup, int element, int burst) => cut.Trips == 1
            ? Bursts.OfPieces(_tiles.Groups, groups.Size, (long)channelsOfGroup * element, burst)
            : _tiles.Groups * Bursts.OfPieces(channelsOfGroup, cut.Size, element, burst);

        private double Growth(in Cut cut) => Math.Max(1, (double)FoldsOf(cut).All / _wholeFolds);

        private static (long, long) Twice(long bytes) => (bytes, bytes);

        private long ColumnBusOf(int columns, int burst)
        {
            ref long bus = ref _columnBus[columns];
            if (bus == 0)
                bus = _tiles.ColumnAxis.BusBytesInTiles(columns, (long)_problem.Geometry.InputChannels * _problem.InputElementBytes, burst);
            return bus;
        }

        private long TotalOf(Bytes bytes, ArrayCycles work, long requests)
        {
            long first = _firstInputs + _firstWeights;
            long hidden = Math.Max(0, bytes.Bus - bytes.Exposed - first);
            return CyclesFor(requests * _memory._latencyCycles) + CyclesFor(first / _memory._bytesPerCycle) + CyclesFor(bytes.Exposed / _memory._bytesPerCycle)
                + Math.Max(Math.Max(work.Total, _problem.BusyCycles), CyclesFor(hidden / _memory._bytesPerCycle));
        }

        private static long CyclesFor(double cycles) => (long)Math.Ceiling(cycles);

        private readonly record struct Bytes(long Inputs, long Weights, long Sums, long Outputs, long Bus, long Exposed);
    }
}
