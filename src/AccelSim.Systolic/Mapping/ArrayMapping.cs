using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AccelSim.Systolic.Folding;

namespace AccelSim.Systolic.Mapping;

/// <summary>How a layer lies on a systolic array.</summary>
public sealed record ArrayMapping : LayerMapping
{
    [SetsRequiredMembers]
    private ArrayMapping(FoldGrid grid, FoldSchedule schedule)
    {
        Grid = grid;
        Work = grid.Work;
        Cycles = ArrayCycles.Of(grid, schedule);
        Edge = ArrayTraffic.Of(grid);
        Granularity = GranularityOf(grid);
        MacsPerCycle = (long)grid.ArrayRows * grid.ArrayColumns;
        Reason = "";
    }

    /// <summary>The folds.</summary>
    public FoldGrid Grid { get; }

    /// <inheritdoc/>
    public override long? LoadCyclesOfHeldWeights =>
        Grid.Dataflow == Dataflow.WeightStationary && Grid.Count == 1 ? Grid.Classes().Sum(fold => (long)fold.Rows) : null;

    /// <summary>Chooses the mapping that the configuration asks for, or the one of fewer cycles; a tie goes to one group a fold.</summary>
    public static ArrayMapping Choose(MatrixWork work, ArrayConfiguration array)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArrayMapping one = Map(work, 1, array);
        int pack = FoldGrid.LargestPack(work, array.Rows, array.Columns, array.Dataflow);
        if (work.Groups == 1)
            return one with { Reason = one.Folds() };
        if (pack == 1)
            return one with { Reason = $"one group a fold, no two fit side by side; {one.Folds()}" };
        ArrayMapping many = Map(work, pack, array);
        (string oneText, string manyText) = (one.Takes("one group a fold"), many.Takes($"{pack} groups across columns"));
        return array.Groups switch
        {
            GroupMapping.OneGroupAFold => one with { Reason = $"{oneText}, as asked; {manyText}" },
            GroupMapping.GroupsAcrossColumns => many with { Reason = $"{manyText}, as asked; {oneText}" },
            _ when many.Cycles.Total < one.Cycles.Total => many with { Reason = $"{manyText}; {oneText}" },
            _ => one with { Reason = $"{oneText}; {manyText}" },
        };
    }

    private static ArrayMapping Map(MatrixWork work, int groupsInPack, ArrayConfiguration array) =>
        new(new FoldGrid(work, groupsInPack, array.Rows, array.Columns, array.Dataflow, array.LongestStream), array.Schedule);

    private static TileGranularity GranularityOf(FoldGrid grid) => grid.Dataflow switch
    {
        Dataflow.WeightStationary => new(grid.ArrayRows, grid.ArrayColumns, int.MaxValue, grid.GroupsInPack),
        Dataflow.InputStationary => new(grid.ArrayRows, int.MaxValue, grid.ArrayColumns, grid.GroupsInPack),
        _ => new(int.MaxValue, grid.ArrayColumns, grid.ArrayRows, grid.GroupsInPack),
    };

    private string Folds() => Grid.Count == 1 ? "1 fold" : string.Create(CultureInfo.InvariantCulture, $"{Grid.Count} folds");

    private string Takes(string mapping) => string.Create(CultureInfo.InvariantCulture, $"{mapping} ({Folds()}, {Cycles.Total} cycles)");
}
