using System.Globalization;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Systolic.Engines;

/// <summary>
/// How a layer lies on a row-stationary engine. A set of elements, as many rows as the kernel has and as many columns as a strip of outputs, makes a
/// strip of one output channel from one input channel; sets stack. The names are those of Chen et al., JSSC 2017, Table II.
/// </summary>
/// <remarks>
/// The papers say that a mapping is chosen for least energy, and not by what procedure. This one was inferred from the active elements, buffer accesses
/// and times that Tables V and VI publish: among mappings that keep nine tenths of the most elements active, the least traffic off the chip; among those
/// within <see cref="TrafficTolerance"/> of it, one whose inputs can be fetched ahead of a pass, and then the fewest accesses of the buffer.
/// </remarks>
public sealed record RowStationaryMapping : LayerMapping
{
    /// <summary>The share of the most active elements that a mapping must reach.</summary>
    private const double ActiveTolerance = 0.9;

    /// <summary>How much more traffic off the chip than the least is taken for fewer accesses of the buffer.</summary>
    private const double TrafficTolerance = 1.15;

    /// <summary>The buffer is of banks, each of which holds inputs or partial sums (JSSC 2017, section V).</summary>
    private const int BankBytes = 4096;

    /// <summary>Compressed ÷ plain bytes by which mappings are chosen, before it is known where in its network a layer stands.</summary>
    private const double ShareForChoosing = 0.5;

    /// <summary>Rows of outputs in a strip (e).</summary>
    public required int StripRows { get; init; }

    /// <summary>Images of a pass (n).</summary>
    public required int ImagesAPass { get; init; }

    /// <summary>Output channels whose sums are in the buffer (m).</summary>
    public required int BufferedFilters { get; init; }

    /// <summary>Output channels that an element interleaves (p).</summary>
    public required int FiltersAnElement { get; init; }

    /// <summary>Input channels that an element adds up (q).</summary>
    public required int ChannelsAnElement { get; init; }

    /// <summary>Sets on different input channels (r).</summary>
    public required int ChannelSets { get; init; }

    /// <summary>Sets on different output channels (t).</summary>
    public required int FilterSets { get; init; }

    /// <summary>Elements at work in a full pass.</summary>
    public required int ActiveElements { get; init; }

    /// <summary>Input words from off the chip, where inputs lie there.</summary>
    public required long InputWordsOffChip { get; init; }

    /// <summary>Weight words from off the chip.</summary>
    public required long WeightWordsOffChip { get; init; }

    /// <summary>Chooses a mapping.</summary>
    /// <exception cref="ArrayConfigurationException">The kernel does not fit the engine.</exception>
    public static RowStationaryMapping Choose(RowStationaryEngine engine, LayerGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(geometry);
        (int taps, int columns) = (geometry.Kernel.Height, geometry.Kernel.Width);
        if (taps > engine.Rows || columns > engine.InputWords || columns > engine.FilterWords)
        {
            throw new ArrayConfigurationException(FormattableString.Invariant(
                $"A kernel of {taps}×{columns} does not fit '{engine.Name}': {engine.Rows} rows of elements, each with {engine.InputWords} inputs."));
        }
        List<Candidate> all = [.. Candidates(engine, geometry)];
        if (all.Count == 0)
            throw new ArrayConfigurationException($"A strip of one row and one channel does not fit the {engine.Memory.BufferBytes} bytes of '{engine.Name}'.");
        int most = all.Max(candidate => candidate.Active);
        all = all.FindAll(candidate => candidate.Active >= ActiveTolerance * most);
        double least = all.Min(candidate => candidate.OffChip);
        return all.FindAll(candidate => candidate.OffChip <= TrafficTolerance * least)
            .OrderByDescending(candidate => candidate.FetchesAhead).ThenBy(candidate => candidate.BufferWords).First()
            .Mapping(engine, geometry);
    }

    private static IEnumerable<Candidate> Candidates(RowStationaryEngine engine, LayerGeometry geometry)
    {
        int stack = engine.Rows / geometry.Kernel.Height;
        int filters = geometry.OutputChannels / geometry.Groups, channels = geometry.InputChannels / geometry.Groups;
        long word = engine.Memory.ElementBytes;
        for (int strip = 1; strip <= Math.Min(geometry.Output.Height, stack * engine.Columns); strip++)
        {
            // A wide strip folds onto several sets above each other; sets stand side by side only where the kernel leaves no two rows of sets.
            int folds = Blocks(strip, engine.Columns);
            int sets = folds > 1 ? stack / folds : stack == 1 ? Math.Min(2, engine.Columns / strip) : stack;
            if (sets < 1)
                continue;
            foreach (int images in DivisorsOf(geometry.Batch))
            {
                foreach (int buffered in DivisorsOf(filters))
                {
                    long sums = images * buffered * (long)strip * geometry.Output.Width * word;
                    long left = engine.Memory.BufferBytes - (sums + BankBytes - 1) / BankBytes * BankBytes;
                    if (left <= 0)
                        continue;
                    for (int channelSets = 1; channelSets <= Math.Min(sets, channels); channelSets++)
                    {
                        if (Candidate.Of(engine, geometry, strip, images, buffered, channelSets, sets / channelSets, left) is { } candidate)
                            yield return candidate;
                    }
                }
            }
        }
    }

    private static int Blocks(int extent, int block) => (extent + block - 1) / block;

    private static IEnumerable<int> DivisorsOf(int number) => Enumerable.Range(1, number).Where(divisor => number % divisor == 0);

    /// <summary>One mapping of one group.</summary>
    private sealed record Candidate(
        int Strip, int Images, int Buffered, int Filters, int Channels, int ChannelSets, int FilterSets, bool FetchesAhead, int Active,
        long Inputs, long Weights, long Sums, int Accumulations, int FilterBlocks, double OffChip)
    {
        /// <summary>Words that the buffer's ports move: sums there and back, inputs for each block of filters, weights in and out.</summary>
        public long BufferWords => Sums * (2L * Accumulations - 1) + Inputs / InputPasses * FilterBlocks + 2 * Weights;

        private int InputPasses { get; init; } = 1;

        public static Candidate? Of(
            RowStationaryEngine engine, LayerGeometry geometry, int strip, int images, int buffered, int channelSets, int mostFilterSets, long left)
        {
            int filters = geometry.OutputChannels / geometry.Groups, channels = geometry.InputChannels / geometry.Groups;
            int kernelColumns = geometry.Kernel.Width;
            int filterSets = mostFilterSets;
            while (buffered % filterSets != 0)
                filterSets--;
            int rowsIn = (strip - 1) * geometry.Stride.Height + (geometry.Kernel.Height - 1) * geometry.Dilation.Height + 1;
            int columnsIn = (geometry.Output.Width - 1) * geometry.Stride.Width + (kernelColumns - 1) * geometry.Dilation.Width + 1;
            long image = (long)rowsIn * columnsIn * engine.Memory.ElementBytes;
            // The next pass's inputs replace this one's image by image: room for one image more lets them come ahead of need.
            long ahead = left / (image * (images + 1) * channelSets);
            bool fetchesAhead = ahead >= 1;
            if (!fetchesAhead && (channelSets > 1 || left < image * images))
                return null;
            int most = Math.Min(Math.Max(1, engine.InputWords / kernelColumns), Math.Max(1, channels / channelSets));
            int each = fetchesAhead ? (int)Math.Min(most, ahead) : 1;
            int interleaved = Math.Min(Math.Min(engine.SumWords, engine.FilterWords / (each * kernelColumns)), buffered / filterSets);
            while (buffered / filterSets % interleaved != 0)
                interleaved--;
            int strips = Blocks(geometry.Output.Height, strip);
            int inputPasses = filters / buffered;
            long onceIn = (long)Math.Round((double)geometry.Batch * channels * rowsIn * columnsIn * geometry.Output.Height / strip);
            long weights = (long)filters * channels * geometry.Kernel.Height * kernelColumns * strips * (geometry.Batch / images);
            long sums = (long)geometry.Batch * filters * geometry.Output.Height * geometry.Output.Width;
            double offChip = (onceIn * (double)inputPasses + sums) * (engine.Memory.RunLength is null ? 1 : ShareForChoosing) + weights;
            return new Candidate(
                strip, images, buffered, interleaved, each, channelSets, filterSets, fetchesAhead, geometry.Kernel.Height * strip * channelSets * filterSets,
                onceIn * inputPasses, weights, sums, Blocks(channels, each * channelSets), Blocks(filters, interleaved * filterSets), offChip) { InputPasses = inputPasses };
        }

        public RowStationaryMapping Mapping(RowStationaryEngine engine, LayerGeometry geometry)
        {
            long groups = geometry.Groups;
            int strips = Blocks(geometry.Output.Height, Strip);
            double elements = (double)FilterBlocks * Accumulations * strips * geometry.Batch * Filters * geometry.Output.Width;
            long products = (long)(elements * Channels * geometry.Kernel.Width) * groups;
            long busy = (long)Math.Ceiling(elements * (Channels * geometry.Kernel.Width + engine.CyclesASum)) * groups;
            long bus = (long)Math.Ceiling((double)Sums * Accumulations / (engine.SumsPerCycle * engine.SumBusEfficiency)) * groups;
            long total = Math.Max(busy, bus);
            return new RowStationaryMapping
            {
                Work = geometry.Work,
                Cycles = new ArrayCycles(products, total - products),
                Edge = new ArrayTraffic(Inputs / InputPasses * FilterBlocks * groups, Weights * groups, Sums * Accumulations * groups, Sums * (Accumulations - 1) * groups),
                Granularity = new TileGranularity(Channels * ChannelSets * geometry.Kernel.Height * geometry.Kernel.Width, Filters * FilterSets, Strip * geometry.Output.Width),
                MacsPerCycle = engine.MacsPerCycle,
                StripRows = Strip,
                ImagesAPass = Images,
                BufferedFilters = Buffered,
                FiltersAnElement = Filters,
                ChannelsAnElement = Channels,
                ChannelSets = ChannelSets,
                FilterSets = FilterSets,
                ActiveElements = Active,
                InputWordsOffChip = Inputs * groups,
                WeightWordsOffChip = Weights * groups,
                Reason = string.Create(
                    CultureInfo.InvariantCulture,
                    $"strips of {Strip} rows, {ChannelSets}×{FilterSets} sets, {Active} elements active, {Channels} channels × {Filters} filters an element; {(bus > busy ? "waits for partial sums of the buffer" : "elements are the limit")}"),
            };
        }
    }
}
