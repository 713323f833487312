using AccelSim.Graph;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Systolic.Memory;

/// <summary>An axis of channels, filters or groups in tiles of one size.</summary>
/// <param name="Size">Length of a tile.</param>
/// <param name="Trips">Tiles.</param>
/// <param name="Folds">Times that the engine works along the axis, in all tiles together.</param>
internal readonly record struct AxisTiles(int Size, long Trips, long Folds);

/// <summary>Output pixels and images in tiles of one size.</summary>
/// <param name="Images">Images of a tile.</param>
/// <param name="Rows">Rows of a tile.</param>
/// <param name="Columns">Columns of a tile.</param>
/// <param name="Trips">Tiles.</param>
/// <param name="Folds">Times that the engine works along pixels, in all tiles together.</param>
/// <param name="InputPixels">Input pixels that all tiles read, halos each time.</param>
/// <param name="LargestInput">Input pixels of the largest tile.</param>
internal readonly record struct PixelTiles(int Images, int Rows, int Columns, long Trips, long Folds, long InputPixels, long LargestInput)
{
    public long Outputs => (long)Images * Rows * Columns;
}

/// <summary>A layer's axes and how they may be cut.</summary>
internal sealed class LayerTiles
{
    // Every size of a short axis is tried; of a long one those of up to so many equal parts, and then of twice and thrice powers of two.
    private const int ShortAxis = 16;

    private readonly TilingProblem _problem;
    private readonly SlidingAxis _rows;
    private readonly SlidingAxis _columns;
    private readonly int _kernel;

    public LayerTiles(TilingProblem problem)
    {
        _problem = problem;
        LayerGeometry layer = problem.Geometry;
        _kernel = layer.Kernel.Area;
        Size2 reach = Sliding.Reach(layer.Kernel, layer.Dilation);
        _rows = Axis(layer.Output.Height, layer.Image?.Height, reach.Height, layer.Stride.Height, layer.Padding.Top);
        _columns = Axis(layer.Output.Width, layer.Image?.Width, reach.Width, layer.Stride.Width, layer.Padding.Left);
        Channels = layer.InputChannels / layer.Groups;
        Filters = layer.OutputChannels / layer.Groups;

        // A layer that reads windows on their own, as a 1×1 kernel with a stride does, has nothing else to fetch.
        static SlidingAxis Axis(int outputs, int? image, int reach, int stride, int before) =>
            new(outputs, image ?? (int)Math.Min(int.MaxValue, (outputs - 1L) * stride + reach), reach, stride, before);
    }

    public SlidingAxis RowAxis => _rows;

    public SlidingAxis ColumnAxis => _columns;

    /// <summary>Input channels of a group.</summary>
    public int Channels { get; }

    /// <summary>Output channels of a group.</summary>
    public int Filters { get; }

    public int Groups => _problem.Geometry.Groups;

    public int Kernel => _kernel;

    public AxisTiles OfChannels(int size) =>
        Cut(Channels, size, _problem.Granularity.Depth == int.MaxValue ? int.MaxValue : _problem.Granularity.Depth, _kernel);

    public AxisTiles OfFilters(int size) => Cut(Filters, size, _problem.Granularity.Filters == int.MaxValue ? _problem.LongestStream : _problem.Granularity.Filters, 1);

    public AxisTiles OfGroups(int size) => Cut(Groups, size, _problem.Granularity.Groups, 1);

    public PixelTiles OfPixels(int images, int rows, int columns)
    {
        LayerGeometry layer = _problem.Geometry;
        int atOnce = _problem.Granularity.Pixels == int.MaxValue ? _problem.LongestStream : _problem.Granularity.Pixels;
        long folds = 0;
        long trips = 0;
        foreach ((int image, long imageTiles) in new AxisPieces(layer.Batch, images))
        {
            foreach ((int row, long rowTiles) in new AxisPieces(layer.Output.Height, rows))
            {
                foreach ((int column, long columnTiles) in new AxisPieces(layer.Output.Width, columns))
                {
                    long alike = imageTiles * rowTiles * columnTiles;
                    trips += alike;
                    folds += alike * DivideUp((long)image * row * column, atOnce);
                }
            }
        }
        return new PixelTiles(
            images,
            rows,
            columns,
            trips,
            folds,
            layer.Batch * _rows.ReadInTiles(rows) * _columns.ReadInTiles(columns),
            images * _rows.LargestTile(rows) * _columns.LargestTile(columns));
    }

    public AxisTiles[] ChannelChoices() => [.. Sizes(Channels, DivideUpSmall(_problem.Granularity.Depth, _kernel)).Select(OfChannels)];

    public AxisTiles[] FilterChoices() => [.. Sizes(Filters, _problem.Granularity.Filters).Select(OfFilters)];

    public AxisTiles[] GroupChoices() => [.. Sizes(Groups, _problem.Granularity.Groups).Select(OfGroups)];

    /// <summary>Whole images first; then bands of rows; then parts of rows. The fewest tiles first; without those that another beats in every way.</summary>
    public PixelTiles[] PixelChoices(int burst)
    {
        LayerGeometry layer = _problem.Geometry;
        var choices = new List<PixelTiles>();
        foreach (int images in Sizes(layer.Batch, 1))
            choices.Add(OfPixels(images, layer.Output.Height, layer.Output.Width));
        int[] widths = [.. layer.Output.Width <= ShortAxis ? Sizes(layer.Output.Width, 1) : Halves(layer.Output.Width)];
        foreach (int rows in Sizes(layer.Output.Height, 1))
        {
            foreach (int columns in widths)
            {
                if (rows < layer.Output.Height || columns < layer.Output.Width)
                    choices.Add(OfPixels(1, rows, columns));
            }
        }
        choices.Sort(static (a, b) => a.Trips != b.Trips ? a.Trips.CompareTo(b.Trips) : a.InputPixels != b.InputPixels ? a.InputPixels.CompareTo(b.InputPixels) : b.Outputs.CompareTo(a.Outputs));
        // The columns of a tile matter to whole bursts, which the figures compared do not tell.
        return burst > 1 ? [.. choices] : Unbeaten(choices);
    }

    private static PixelTiles[] Unbeaten(List<PixelTiles> choices)
    {
        var unbeaten = new List<PixelTiles>(choices.Count);
        foreach (PixelTiles choice in choices)
        {
            bool isBeaten = false;
            foreach (PixelTiles other in unbeaten)
                isBeaten |= other.InputPixels <= choice.InputPixels && other.Folds <= choice.Folds && other.LargestInput <= choice.LargestInput && other.Outputs <= choice.Outputs;
            if (!isBeaten)
                unbeaten.Add(choice);
        }
        return [.. unbeaten];
    }

    // Tile sizes of an axis in multiples of what the engine works on at once, the whole axis first.
    private static IEnumerable<int> Sizes(int axis, int atOnce)
    {
        int unit = atOnce == int.MaxValue ? 1 : Math.Min(atOnce, axis);
        int units = (int)DivideUp(axis, unit);
        int before = 0;
        foreach (int parts in units <= ShortAxis ? Enumerable.Range(0, units).Select(i => units - i) : PartsOf(units).Select(parts => (int)DivideUp(units, parts)))
        {
            int size = (int)Math.Min(axis, (long)parts * unit);
            if (size != before)
                yield return size;
            before = size;
        }
    }

    private static IEnumerable<int> PartsOf(int units)
    {
        for (int parts = 1; parts <= ShortAxis; parts++)
            yield return parts;
        for (long parts = 2 * ShortAxis; parts < units; parts *= 2)
        {
            yield return (int)(parts / 4 * 3);
            yield return (int)parts;
        }
        yield return units;
    }

    private static IEnumerable<int> Halves(int axis)
    {
        for (int size = axis; size > 1; size = (size + 1) / 2)
            yield return size;
        yield return 1;
    }

    private static AxisTiles Cut(int axis, int size, int atOnce, int each)
    {
        int whole = axis / size;
        int rest = axis % size;
        long folds = whole * DivideUp((long)size * each, atOnce) + (rest > 0 ? DivideUp((long)rest * each, atOnce) : 0);
        return new AxisTiles(size, whole + (rest > 0 ? 1 : 0), folds);
    }

    private static long DivideUp(long value, long by) => (value + by - 1) / by;

    private static int DivideUpSmall(int value, int by) => value == int.MaxValue ? value : (value + by - 1) / by;
}
