using AccelSim.Systolic.Mapping;
using AccelSim.Systolic.Memory;

namespace AccelSim.Tests.Systolic;

/// <summary>
/// Walks the tiles of a plan in the order of its loops with a buffer that holds of each operand what the plan keeps, and counts what goes over the chip's edge element by
/// element. Written for clarity and apart from the product: sets of elements, no formula.
/// </summary>
internal sealed class TileExecutor
{
    private readonly TilingProblem _problem;
    private readonly LayerGeometry _layer;
    private readonly KeptLoops _kept;
    private readonly string _loops;
    private readonly int _burst;

    private (int, (int, int, int), int)? _inputs;
    private (int, int, int)? _weights;
    private (int, (int, int, int), int)? _sums;
    private readonly Dictionary<(int, (int, int, int), int), (long Count, long Runs)> _onChip = [];
    private readonly Dictionary<(int, (int, int, int), int), int> _channelsDone = [];

    private TileExecutor(TilingProblem problem, KeptLoops kept, string loops, int burst) =>
        (_problem, _layer, _kept, _loops, _burst) = (problem, problem.Geometry, kept, loops, burst);

    public long InputsRead { get; private set; }

    public long WeightsRead { get; private set; }

    public long SumsRead { get; private set; }

    public long SumsWritten { get; private set; }

    public long OutputsWritten { get; private set; }

    public long BusBytes { get; private set; }

    public long Tiles { get; private set; }

    public long InputLoads { get; private set; }

    public long WeightLoads { get; private set; }

    public long Folds { get; private set; }

    public long StreamedVectors { get; private set; }

    private int Channels => _layer.InputChannels / _layer.Groups;

    private int Filters => _layer.OutputChannels / _layer.Groups;

    public static TileExecutor Run(TilingProblem problem, TileSize tile, LoopOrder order, KeptLoops kept = default, int burst = 1)
    {
        string loops = order switch
        {
            LoopOrder.PixelsFiltersChannels => "XMC",
            LoopOrder.FiltersPixelsChannels => "MXC",
            LoopOrder.PixelsChannelsFilters => "XCM",
            LoopOrder.ChannelsPixelsFilters => "CXM",
            LoopOrder.FiltersChannelsPixels => "MCX",
            _ => "CMX",
        };
        var executor = new TileExecutor(problem, kept, loops, burst);
        foreach (int g in Steps(problem.Geometry.Groups, tile.Groups))
            executor.Loop(loops, tile, g, default, 0, 0);
        executor.PutAway();
        return executor;
    }

    private void Loop(string loops, TileSize tile, int g, (int, int, int) x, int m, int c)
    {
        if (loops.Length == 0)
        {
            Visit(tile, g, x, m, c);
            return;
        }
        string inside = loops[1..];
        switch (loops[0])
        {
            case 'X':
                foreach (int n in Steps(_layer.Batch, tile.Images))
                {
                    foreach (int p in Steps(_layer.Output.Height, tile.Rows))
                    {
                        foreach (int q in Steps(_layer.Output.Width, tile.Columns))
                            Loop(inside, tile, g, (n, p, q), m, c);
                    }
                }
                break;
            case 'M':
                foreach (int filter in Steps(Filters, tile.Filters))
                    Loop(inside, tile, g, x, filter, c);
                break;
            default:
                foreach (int channel in Steps(Channels, tile.Channels))
                    Loop(inside, tile, g, x, m, channel);
                break;
        }
    }

    private static IEnumerable<int> Steps(int length, int size)
    {
        for (int i = 0; i < length; i += size)
            yield return i;
    }

    private void Visit(TileSize tile, int g, (int N, int P, int Q) x, int m, int c)
    {
        Tiles++;
        int[] images = Range(x.N, tile.Images, _layer.Batch), rows = Range(x.P, tile.Rows, _layer.Output.Height), columns = Range(x.Q, tile.Columns, _layer.Output.Width);
        int[] groups = Range(g, tile.Groups, _layer.Groups), filters = Range(m, tile.Filters, Filters), channels = Range(c, tile.Channels, Channels);
        // What is fetched at a time goes over the innermost loops for which the operand is kept: along those it is whole.
        bool Whole(char loop, int kept) => _loops[^kept..].Contains(loop, StringComparison.Ordinal);
        bool allPixels = Whole('X', _kept.Inputs), allChannels = Whole('C', _kept.Inputs);
        var inputs = (g, allPixels ? (-1, -1, -1) : x, allChannels ? -1 : c);
        if (!_problem.InputsOnChip && _inputs != inputs)
        {
            _inputs = inputs;
            LoadInputs(
                allPixels ? Range(0, _layer.Batch, _layer.Batch) : images,
                allPixels ? Range(0, _layer.Output.Height, _layer.Output.Height) : rows,
                allPixels ? Range(0, _layer.Output.Width, _layer.Output.Width) : columns,
                groups,
                allChannels ? Range(0, Channels, Channels) : channels);
        }
        bool allFilters = Whole('M', _kept.Weights), allDepth = Whole('C', _kept.Weights);
        var weights = (g, allFilters ? -1 : m, allDepth ? -1 : c);
        if (!_problem.WeightsOnChip && _weights != weights)
        {
            _weights = weights;
            WeightLoads++;
            long count = (long)groups.Length * (allFilters ? Filters : filters.Length) * (allDepth ? Channels : channels.Length) * _layer.Kernel.Height * _layer.Kernel.Width;
            WeightsRead += count * _problem.WeightElementBytes;
            BusBytes += Bursts(count * _problem.WeightElementBytes);
        }
        // Sums that are kept over a loop stay while it goes round.
        var stay = (g, Whole('X', _kept.Sums) ? (-1, -1, -1) : x, Whole('M', _kept.Sums) ? -1 : m);
        if (_sums != stay)
        {
            PutAway();
            _sums = stay;
        }
        var output = (g, x, m);
        long outputs = (long)images.Length * rows.Length * columns.Length * groups.Length * filters.Length;
        if (!_onChip.ContainsKey(output))
        {
            _onChip.Add(output, (outputs, RunsOfOutputs(images, rows, columns, groups, filters)));
            if (_channelsDone.ContainsKey(output))
            {
                SumsRead += 4 * outputs;
                BusBytes += 4 * outputs;
            }
        }
        _channelsDone[output] = _channelsDone.GetValueOrDefault(output) + channels.Length;
        CountFolds(images.Length * rows.Length * columns.Length, groups.Length, filters.Length, channels.Length);
    }

    // The output tiles on the chip leave: complete, or as partial sums.
    private void PutAway()
    {
        foreach (var (output, (count, runs)) in _onChip)
        {
            if (_channelsDone[output] < Channels)
            {
                SumsWritten += 4 * count;
                BusBytes += 4 * count;
            }
            else if (!_problem.OutputsStay)
            {
                OutputsWritten += count * _problem.OutputElementBytes;
                BusBytes += runs;
            }
        }
        _onChip.Clear();
    }

    private void LoadInputs(int[] images, int[] rows, int[] columns, int[] groups, int[] channels)
    {
        var needed = new HashSet<long>();
        foreach (int y in Windows(rows, _layer.Kernel.Height, _layer.Dilation.Height, _layer.Stride.Height, _layer.Padding.Top, _layer.Image!.Value.Height))
        {
            foreach (int x in Windows(columns, _layer.Kernel.Width, _layer.Dilation.Width, _layer.Stride.Width, _layer.Padding.Left, _layer.Image!.Value.Width))
            {
                foreach (int n in images) { foreach (int g in groups) { foreach (int c in channels) { needed.Add(Address(n, y, x, g * Channels + c)); } } }
            }
        }
        InputLoads++;
        InputsRead += needed.Count * _problem.InputElementBytes;
        BusBytes += Runs(needed, (long)_layer.Image!.Value.Width * _layer.InputChannels, _problem.InputElementBytes);
    }

    // Pixel by pixel, the channels of a pixel together.
    private long Address(int n, int y, int x, int channel) =>
        (((long)n * _layer.Image!.Value.Height + y) * _layer.Image!.Value.Width + x) * _layer.InputChannels + channel;

    private static HashSet<int> Windows(int[] outputs, int kernel, int dilation, int stride, int before, int extent)
    {
        var read = new HashSet<int>();
        foreach (int output in outputs)
        {
            for (int i = 0; i < (kernel - 1) * dilation + 1; i++)
            {
                int at = output * stride - before + i;
                if (at >= 0 && at < extent)
                    read.Add(at);
            }
        }
        return read;
    }

    private long RunsOfOutputs(int[] images, int[] rows, int[] columns, int[] groups, int[] filters)
    {
        var elements = new HashSet<long>();
        foreach (int n in images)
        {
            foreach (int p in rows)
            {
                foreach (int q in columns)
                {
                    foreach (int g in groups)
                    {
                        foreach (int m in filters)
                            elements.Add((((long)n * _layer.Output.Height + p) * _layer.Output.Width + q) * _layer.OutputChannels + g * Filters + m);
                    }
                }
            }
        }
        return Runs(elements, (long)_layer.Output.Width * _layer.OutputChannels, _problem.OutputElementBytes);
    }

    // Runs of addresses, none longer than a row of the image, each in whole bursts.
    private long Runs(HashSet<long> elements, long row, int elementBytes)
    {
        long bytes = 0, length = 0, before = -2;
        foreach (long element in elements.Order())
        {
            if (element != before + 1 || element % row == 0)
            {
                bytes += Bursts(length * elementBytes);
                length = 0;
            }
            (length, before) = (length + 1, element);
        }
        return bytes + Bursts(length * elementBytes);
    }

    private long Bursts(long bytes) => (bytes + _burst - 1) / _burst * _burst;

    private void CountFolds(int pixels, int groups, int filters, int channels)
    {
        TileGranularity at = _problem.Granularity;
        (int depth, int stream) = (channels * _layer.Kernel.Height * _layer.Kernel.Width, _problem.LongestStream);
        long all = 0, steady = 0;
        for (int g = 0; g < groups; g += at.Groups)
        {
            for (int d = 0; d < depth; d = Next(d, at.Depth, int.MaxValue))
            {
                for (int m = 0; m < filters; m = Next(m, at.Filters, stream))
                {
                    for (int x = 0; x < pixels; x = Next(x, at.Pixels, stream))
                    {
                        all++;
                        if ((m == 0 || at.Filters != int.MaxValue) && (x == 0 || at.Pixels != int.MaxValue))
                            steady++;
                    }
                }
            }
        }
        // Each stationary part meets all that streams past it in this tile.
        int streamed = (at.Depth == int.MaxValue ? depth : 1) * (at.Filters == int.MaxValue ? filters : 1) * (at.Pixels == int.MaxValue ? pixels : 1);
        (Folds, StreamedVectors) = (Folds + all, StreamedVectors + steady * streamed);

        static int Next(int i, int atOnce, int stream) => (int)Math.Min(int.MaxValue, (long)i + (atOnce == int.MaxValue ? stream : atOnce));
    }

    private static int[] Range(int first, int size, int end) => [.. Enumerable.Range(first, Math.Min(size, end - first))];
}
