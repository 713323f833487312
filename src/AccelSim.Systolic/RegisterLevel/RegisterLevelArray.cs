namespace AccelSim.Systolic.RegisterLevel;

/// <summary>
/// A systolic array stepped cycle by cycle, each register with its value. It is the truth for folds that never wait for memory:
/// it counts its cycles by running, and knows nothing of the closed form in <see cref="Folding.ArrayCycles"/>.
/// </summary>
public static class RegisterLevelArray
{
    /// <summary>Runs folds one after another.</summary>
    /// <param name="rows">Rows of processing elements.</param>
    /// <param name="columns">Columns of processing elements.</param>
    /// <param name="dataflow">The operand that stays in place; the array is the same machine for weights and for inputs.</param>
    /// <param name="schedule">Whether a fold waits until the one before has left.</param>
    /// <param name="folds">At least one fold.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="ArgumentException">A fold does not fit the array, or its operands do not fit its sizes.</exception>
    public static ArrayRun Run(
        int rows, int columns, Dataflow dataflow, FoldSchedule schedule, IReadOnlyList<FoldOperands> folds, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentOutOfRangeException.ThrowIfZero(folds.Count, nameof(folds));
        foreach (FoldOperands fold in folds)
            Check(fold, rows, columns, dataflow);
        return dataflow == Dataflow.OutputStationary
            ? new OutputStationaryMachine(rows, columns, schedule, folds).Run(cancellation)
            : new OperandStationaryMachine(rows, columns, schedule, folds).Run(cancellation);
    }

    private static void Check(FoldOperands fold, int rows, int columns, Dataflow dataflow)
    {
        if (fold.Rows < 1 || fold.Rows > rows || fold.Columns < 1 || fold.Columns > columns || fold.Steps < 1)
            throw new ArgumentException($"a fold of {fold.Rows}×{fold.Columns} for {fold.Steps} steps does not fit an array of {rows}×{columns}");
        int top = (dataflow == Dataflow.OutputStationary ? fold.Steps : fold.Rows) * fold.Columns;
        if (fold.Left.Length != fold.Steps * fold.Rows || fold.Top.Length != top)
            throw new ArgumentException($"a fold of {fold.Rows}×{fold.Columns} for {fold.Steps} steps has {fold.Left.Length} values for the left edge and {fold.Top.Length} for the top");
    }
}
