using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AccelSim.Systolic.Folding;

namespace AccelSim.Systolic.Mapping;

/// <summary>How a layer lies on one systolic array.</summary>
public sealed record ArrayMapping : LayerMapping
{
    [SetsRequiredMembers]
    private ArrayMapping(LayerGeometry layer, MatrixWork folded, int groupsInPack, ArrayConfiguration array)
    {
        Grid = new FoldGrid(folded, groupsInPack, array.Rows, array.Columns, array.Dataflow, array.LongestStream);
        Work = layer.Work;
        Cycles = ArrayCycles.Of(Grid, array.Schedule);
        Edge = ArrayTraffic.Of(Grid);
        Granularity = array.Dataflow switch
        {
            Dataflow.WeightStationary => new(array.Rows, array.Columns, int.MaxValue, groupsInPack),
            Dataflow.InputStationary => new(array.Rows, int.MaxValue, array.Columns, groupsInPack),
            _ => new(int.MaxValue, array.Columns, array.Rows, groupsInPack),
        };
        MacsPerCycle = (long)array.Rows * array.Columns;
        Reason = "";
    }

    /// <summary>The folds.</summary>
    public FoldGrid Grid { get; }

    /// <inheritdoc/>
    public override long? LoadCyclesOfHeldWeights =>
        Grid.Dataflow == Dataflow.WeightStationary && Grid.Count == 1 ? Grid.Classes().Sum(fold => (long)fold.Rows) : null;

    /// <inheritdoc/>
    public override int LongestStream => (int)Math.Min(int.MaxValue, (long)Grid.StreamOf(Grid.GroupsInPack) * (Tile is { } tile ? tile.Rows * tile.Columns : 1));

    /// <summary>The pixels that lie side by side, or null for one a column.</summary>
    internal PixelTile? Tile { get; private init; }

    /// <inheritdoc/>
    internal override string Shape
    {
        get
        {
            (int rows, int columns, _) = Grid.Axes(Grid.GroupsInPack);
            string folds = Grid.Count == 1 ? "1 fold" : string.Create(CultureInfo.InvariantCulture, $"{Grid.Count} folds");
            return $"{folds} of {Math.Min(rows, Grid.ArrayRows)}×{Math.Min(columns, Grid.ArrayColumns)}";
        }
    }

    /// <summary>One group after another.</summary>
    internal static ArrayMapping OneGroupAFold(LayerGeometry layer, ArrayConfiguration array) => new(layer, layer.Work, 1, array);

    /// <summary>As many groups as fit side by side, or null where no two do.</summary>
    internal static ArrayMapping? GroupsAcrossColumns(LayerGeometry layer, ArrayConfiguration array)
    {
        int pack = FoldGrid.LargestPack(layer.Work, array.Rows, array.Columns, array.Dataflow);
        return pack == 1 ? null : new ArrayMapping(layer, layer.Work, pack, array);
    }

    /// <summary>The tile of pixels side by side that takes the fewest cycles, with as many groups as then fit; null where no two pixels do.</summary>
    internal static ArrayMapping? PixelsAcrossColumns(LayerGeometry layer, ArrayConfiguration array)
    {
        ArrayMapping? best = null;
        foreach (PixelTile tile in PixelTile.Of(layer))
        {
            bool fits = (array.Dataflow == Dataflow.OutputStationary || tile.Depth <= array.Rows) && (array.Dataflow == Dataflow.InputStationary || tile.Filters <= array.Columns);
            // Tiles only grow.
            if (!fits)
                break;
            MatrixWork work = tile.Work;
            var mapping = new ArrayMapping(layer, work, FoldGrid.LargestPack(work, array.Rows, array.Columns, array.Dataflow), array) { Tile = tile };
            if (best is null || mapping.Cycles.Total < best.Cycles.Total)
                best = mapping;
        }
        return best;
    }

    /// <summary>A layer without groups whose weights are sparse: the folds are those of the weights that are kept.</summary>
    internal static ArrayMapping Sparse(LayerGeometry layer, WeightSparsity sparsity, ArrayConfiguration array)
    {
        MatrixWork kept = layer.Work with { Depth = sparsity.Compress(layer.Work.Depth) };
        var mapping = new ArrayMapping(layer, kept, 1, array);
        return mapping with
        {
            Sparsity = sparsity,
            // An element is given all m inputs, of which its weight takes one: those of the whole depth cross the edge in every pass.
            Edge = mapping.Edge with { Inputs = mapping.Edge.Inputs / kept.Depth * layer.Work.Depth },
            MacsPerCycle = mapping.MacsPerCycle * sparsity.Of / sparsity.Kept,
        };
    }
}
