namespace AccelSim.Systolic.Memory;

/// <summary>
/// The loops over tiles, from the outermost: pixels are those of the output and its images, filters output channels, channels input channels. Groups are outside of all of them.
/// </summary>
public enum LoopOrder
{
    /// <summary>Partial sums complete on the chip; an input tile stays where its channels are whole.</summary>
    PixelsFiltersChannels,

    /// <summary>Partial sums complete on the chip; a weight tile stays where its channels are whole.</summary>
    FiltersPixelsChannels,

    /// <summary>An input tile stays for all filters.</summary>
    PixelsChannelsFilters,

    /// <summary>An input tile stays for all filters, the channels outermost.</summary>
    ChannelsPixelsFilters,

    /// <summary>A weight tile stays for all pixels.</summary>
    FiltersChannelsPixels,

    /// <summary>A weight tile stays for all pixels, the channels outermost.</summary>
    ChannelsFiltersPixels,
}

/// <summary>
/// How many of the innermost loops each operand is kept for: with 0 the chip holds one tile of it, with more all of it that these loops go over, and so
/// with 3 the whole operand of a tile's groups.
/// </summary>
/// <param name="Inputs">Loops, 0 to 3, over which inputs are kept.</param>
/// <param name="Weights">Loops over which weights are kept.</param>
/// <param name="Sums">Loops over which partial sums are kept.</param>
public readonly record struct KeptLoops(int Inputs, int Weights, int Sums);

/// <summary>A nest of three loops.</summary>
internal readonly struct LoopNest
{
    public const int Pixels = 0;
    public const int Filters = 1;
    public const int Channels = 2;

    public static readonly LoopOrder[] Orders = Enum.GetValues<LoopOrder>();

    private static readonly int[][] Loops = [[0, 1, 2], [1, 0, 2], [0, 2, 1], [2, 0, 1], [1, 2, 0], [2, 1, 0]];

    private readonly int[] _loops;
    private readonly long _pixels;
    private readonly long _filters;
    private readonly long _channels;

    public LoopNest(LoopOrder order, long pixels, long filters, long channels) => (_loops, _pixels, _filters, _channels) = (Loops[(int)order], pixels, filters, channels);

    /// <summary>Whether an operand that is kept for so many innermost loops is whole along this one.</summary>
    public bool IsWhole(int loop, int kept)
    {
        for (int i = 3 - kept; i < 3; i++)
        {
            if (_loops[i] == loop)
                return true;
        }
        return false;
    }

    /// <summary>
    /// How often each part of an operand comes that does not depend on one of the loops: again for each turn of that loop, if it is outside of what the operand is kept for and
    /// another loop inside it brings another part in between.
    /// </summary>
    public long Visits(int independent, int kept)
    {
        int at = 0;
        while (_loops[at] != independent)
            at++;
        for (int inside = at + 1; inside < 3 - kept; inside++)
        {
            if (Trips(_loops[inside]) > 1)
                return Trips(independent);
        }
        return 1;
    }

    private long Trips(int loop) => loop == Pixels ? _pixels : loop == Filters ? _filters : _channels;
}
