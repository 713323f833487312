using System.Globalization;
using AccelSim.Systolic.Folding;

namespace AccelSim.Systolic.Mapping;

/// <summary>Chooses how a layer lies on the engines of an accelerator, and says what the other ways would have cost.</summary>
public static class MappingChoice
{
    /// <summary>The mapping that the configuration asks for, or the one of fewest cycles; a tie goes to the simpler.</summary>
    public static LayerMapping Choose(LayerGeometry layer, ArrayConfiguration array)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(array);
        bool engineCan = array.Depthwise is not null && layer.IsDepthwise;
        if (array.Arrays == 1)
            return engineCan ? Best([.. OnArray(layer, array), OnEngine(layer, array)], array) : OnOneArray(layer, array);
        LayerMapping split = SplitMapping.Choose(layer, array);
        if (!engineCan)
            return split;
        Way engine = OnEngine(layer, array);
        bool takesEngine = array.Groups == GroupMapping.DepthwiseEngine || (array.Groups == GroupMapping.Auto && engine.Mapping.Cycles.Total < split.Cycles.Total);
        return takesEngine
            ? engine.Mapping with { Reason = $"{engine.Text}; on the arrays: {split.Reason}" }
            : split with { Reason = $"{split.Reason}; {engine.Text}" };
    }

    /// <summary>A plain matrix product.</summary>
    public static LayerMapping Choose(MatrixWork work, ArrayConfiguration array) => Choose(LayerGeometry.Of(work), array);

    /// <summary>The best on one of the arrays, whatever else there is.</summary>
    internal static ArrayMapping OnOneArray(LayerGeometry layer, ArrayConfiguration array)
    {
        Way[] ways = OnArray(layer, array);
        if (layer.Groups > 1 && ways.Length > 1)
            return (ArrayMapping)Best(ways, array);
        var only = (ArrayMapping)ways[0].Mapping;
        string why = layer.Groups > 1 ? "one group a fold, no two fit side by side; " : "";
        string how = only.Sparsity is { } sparsity
            ? string.Create(CultureInfo.InvariantCulture, $"{sparsity} sparse weights, depth {layer.Work.Depth} kept as {only.Grid.Work.Depth} with {sparsity.IndexBits} bits a weight that say which inputs; ")
            : "";
        return only with { Reason = $"{why}{how}{(layer.Groups > 1 ? only.Shape : Folds(only))}" };
    }

    private static string Folds(ArrayMapping mapping) => mapping.Grid.Count == 1 ? "1 fold" : string.Create(CultureInfo.InvariantCulture, $"{mapping.Grid.Count} folds");

    private static Way[] OnArray(LayerGeometry layer, ArrayConfiguration array)
    {
        // Depthwise filters have too few taps to leave some out of every m.
        if (layer.Groups == 1 && array.Sparsity is { } sparsity && layer.Work.Depth >= sparsity.Of)
            return [new Way(GroupMapping.OneGroupAFold, "", ArrayMapping.Sparse(layer, sparsity, array))];
        var ways = new List<Way> { new(GroupMapping.OneGroupAFold, "one group a fold", ArrayMapping.OneGroupAFold(layer, array)) };
        if (layer.Groups == 1)
            return [.. ways];
        if (ArrayMapping.GroupsAcrossColumns(layer, array) is { } groups)
            ways.Add(new Way(GroupMapping.GroupsAcrossColumns, $"{groups.Grid.GroupsInPack} groups across columns", groups));
        if (ArrayMapping.PixelsAcrossColumns(layer, array) is { Tile: { } tile } pixels)
        {
            string of = pixels.Grid.GroupsInPack == 1 ? "" : $" of {pixels.Grid.GroupsInPack} groups";
            ways.Add(new Way(GroupMapping.PixelsAcrossColumns, $"{tile.Rows}×{tile.Columns} pixels{of} across columns", pixels));
        }
        return [.. ways];
    }

    private static Way OnEngine(LayerGeometry layer, ArrayConfiguration array) =>
        new(GroupMapping.DepthwiseEngine, $"depthwise engine of {array.Depthwise}", new DepthwiseEngineMapping(layer, array.Depthwise!));

    private static LayerMapping Best(Way[] ways, ArrayConfiguration array)
    {
        // Where no two pixels fit side by side their groups still may, and where no two groups do there is one.
        Way? asked = array.Groups switch
        {
            GroupMapping.PixelsAcrossColumns => ways.Where(way => way.Kind <= GroupMapping.PixelsAcrossColumns).MaxBy(way => way.Kind),
            GroupMapping.GroupsAcrossColumns => ways.Where(way => way.Kind <= GroupMapping.GroupsAcrossColumns).MaxBy(way => way.Kind),
            var kind => ways.FirstOrDefault(way => way.Kind == kind),
        };
        Way best = asked ?? ways.MinBy(way => way.Mapping.Cycles.Total)!;
        IEnumerable<string> others = ways.Where(way => way != best).Select(way => way.Text);
        return best.Mapping with { Reason = string.Join("; ", [best.Text + (asked is null ? "" : ", as asked"), .. others]) };
    }

    private sealed record Way(GroupMapping Kind, string Name, LayerMapping Mapping)
    {
        public string Text => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Mapping.Shape}, {Mapping.Cycles.Total} cycles)");
    }
}
