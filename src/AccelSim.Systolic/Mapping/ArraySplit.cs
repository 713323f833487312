using System.Diagnostics.CodeAnalysis;
using AccelSim.Graph;
using AccelSim.Systolic.Folding;

namespace AccelSim.Systolic.Mapping;

/// <summary>What several arrays that share their memory divide among them.</summary>
public enum ArraySharing
{
    /// <summary>For each layer whichever of the others takes fewest cycles, then least traffic; the note says which.</summary>
    Auto,

    /// <summary>Output channels of each group: every array reads all inputs and its own weights.</summary>
    OutputChannels,

    /// <summary>Rows of output pixels, over the batch: every array reads its own inputs and all weights.</summary>
    Pixels,

    /// <summary>Groups of a grouped layer: nothing is read twice.</summary>
    Groups,

    /// <summary>Images: each array computes the whole layer for its own, as cores that serve a stream of images do. A batch of one keeps one of them at work.</summary>
    Images,
}

/// <summary>A layer on several arrays: each has a share, and the layer takes as long as the largest.</summary>
public sealed record SplitMapping : LayerMapping
{
    private readonly LayerMapping _largest;
    private readonly int _atWork;

    [SetsRequiredMembers]
    private SplitMapping(ArraySharing sharing, LayerGeometry layer, ArrayConfiguration array, IReadOnlyList<(LayerMapping Share, int Arrays)> shares)
    {
        Sharing = sharing;
        _largest = shares.MaxBy(share => share.Share.Cycles.Total).Share;
        _atWork = shares.Sum(share => share.Arrays);
        Work = layer.Work;
        Cycles = _largest.Cycles;
        Edge = shares.Aggregate(default(ArrayTraffic), (sum, share) => sum + share.Share.Edge * share.Arrays);
        Sparsity = _largest.Sparsity;
        MacsPerCycle = _largest.MacsPerCycle * array.Arrays;
        TileGranularity one = _largest.Granularity;
        Granularity = sharing switch
        {
            ArraySharing.OutputChannels => one with { Filters = Times(one.Filters) },
            ArraySharing.Groups => one with { Groups = Times(one.Groups) },
            _ => one with { Pixels = Times(one.Pixels) },
        };
        Reason = $"{Takes}: {_largest.Reason}";

        int Times(int extent) => (int)Math.Min((long)extent * array.Arrays, int.MaxValue);
    }

    /// <summary>What the arrays divide.</summary>
    public ArraySharing Sharing { get; }

    /// <inheritdoc/>
    public override int LongestStream => _largest.LongestStream;

    /// <inheritdoc/>
    internal override string Shape => _largest.Shape;

    private string Takes => FormattableString.Invariant($"{Name(Sharing)} over {_atWork} {(_atWork == 1 ? "array" : "arrays")} ({Cycles.Total} cycles)");

    /// <summary>Divides a layer as the configuration asks.</summary>
    internal static SplitMapping Choose(LayerGeometry layer, ArrayConfiguration array)
    {
        if (array.Sharing != ArraySharing.Auto)
            return Split(array.Sharing, layer, array);
        SplitMapping[] all = [.. Enum.GetValues<ArraySharing>().Where(sharing => Applies(sharing, layer)).Select(sharing => Split(sharing, layer, array))];
        SplitMapping best = all.MinBy(split => (split.Cycles.Total, split.Edge.Inputs + split.Edge.Weights + split.Edge.SumsWritten + split.Edge.SumsRead))!;
        string others = string.Join("; ", all.Where(split => split != best).Select(split => split.Takes));
        return best with { Reason = $"{best.Takes}; {others}; on each: {best._largest.Reason}" };
    }

    private static bool Applies(ArraySharing sharing, LayerGeometry layer) => sharing switch
    {
        ArraySharing.Auto => false,
        ArraySharing.Groups => layer.Groups > 1,
        ArraySharing.Images => layer.Batch > 1,
        _ => true,
    };

    private static SplitMapping Split(ArraySharing sharing, LayerGeometry layer, ArrayConfiguration array)
    {
        int extent = sharing switch
        {
            ArraySharing.OutputChannels => layer.OutputChannels / layer.Groups,
            ArraySharing.Pixels => checked(layer.Batch * layer.Output.Height),
            ArraySharing.Groups => layer.Groups,
            _ => layer.Batch,
        };
        int share = (extent + array.Arrays - 1) / array.Arrays;
        (int full, int rest) = Math.DivRem(extent, share);
        var shares = new List<(LayerMapping, int)> { (MappingChoice.OnOneArray(Part(share), array), full) };
        if (rest > 0)
            shares.Add((MappingChoice.OnOneArray(Part(rest), array), 1));
        return new SplitMapping(sharing, layer, array, shares);

        LayerGeometry Part(int of) => sharing switch
        {
            ArraySharing.OutputChannels => layer with { OutputChannels = of * layer.Groups },
            ArraySharing.Pixels => layer with { Batch = 1, Output = new Size2(of, layer.Output.Width) },
            ArraySharing.Groups => layer with { Groups = of, InputChannels = layer.InputChannels / layer.Groups * of, OutputChannels = layer.OutputChannels / layer.Groups * of },
            _ => layer with { Batch = of },
        };
    }

    private static string Name(ArraySharing sharing) => sharing switch
    {
        ArraySharing.OutputChannels => "output channels",
        ArraySharing.Pixels => "pixel rows",
        ArraySharing.Groups => "groups",
        _ => "images",
    };
}
