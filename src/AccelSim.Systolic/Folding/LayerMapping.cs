using System.Globalization;

namespace AccelSim.Systolic.Folding;

/// <summary>How a layer lies on the array, with the cycles that follow and the reason in words.</summary>
/// <param name="Grid">The folds.</param>
/// <param name="Cycles">Stall-free cycles.</param>
/// <param name="Reason">What was chosen, and for grouped layers against what.</param>
public sealed record LayerMapping(FoldGrid Grid, ArrayCycles Cycles, string Reason)
{
    /// <summary>Chooses the mapping that the configuration asks for, or the one of fewer cycles; a tie goes to one group a fold.</summary>
    public static LayerMapping Choose(MatrixWork work, ArrayConfiguration array)
    {
        ArgumentNullException.ThrowIfNull(array);
        LayerMapping one = Map(work, 1, array);
        int pack = FoldGrid.LargestPack(work, array.Rows, array.Columns, array.Dataflow);
        if (work.Groups == 1)
            return one with { Reason = one.Folds() };
        if (pack == 1)
            return one with { Reason = $"one group a fold, no two fit side by side; {one.Folds()}" };
        LayerMapping many = Map(work, pack, array);
        (string oneText, string manyText) = (one.Takes("one group a fold"), many.Takes($"{pack} groups across columns"));
        return array.Groups switch
        {
            GroupMapping.OneGroupAFold => one with { Reason = $"{oneText}, as asked; {manyText}" },
            GroupMapping.GroupsAcrossColumns => many with { Reason = $"{manyText}, as asked; {oneText}" },
            _ when many.Cycles.Total < one.Cycles.Total => many with { Reason = $"{manyText}; {oneText}" },
            _ => one with { Reason = $"{oneText}; {manyText}" },
        };
    }

    private static LayerMapping Map(MatrixWork work, int groupsInPack, ArrayConfiguration array)
    {
        var grid = new FoldGrid(work, groupsInPack, array.Rows, array.Columns, array.Dataflow, array.LongestStream);
        return new LayerMapping(grid, ArrayCycles.Of(grid, array.Schedule), "");
    }

    private string Folds() => Grid.Count == 1 ? "1 fold" : string.Create(CultureInfo.InvariantCulture, $"{Grid.Count} folds");

    private string Takes(string mapping) => string.Create(CultureInfo.InvariantCulture, $"{mapping} ({Folds()}, {Cycles.Total} cycles)");
}
