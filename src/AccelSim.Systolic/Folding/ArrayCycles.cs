namespace AccelSim.Systolic.Folding;

/// <summary>Stall-free cycles of a layer on the array.</summary>
/// <param name="Compute">Cycles in which a vector enters the array: the sum of the folds' steps.</param>
/// <param name="FillDrain">Cycles of loading, skew and draining that no other fold hides.</param>
public readonly record struct ArrayCycles(long Compute, long FillDrain)
{
    public long Total => Compute + FillDrain;

    /// <summary>
    /// The closed form of what <see cref="RegisterLevel.RegisterLevelArray"/> counts; the tests hold the two to equality.
    /// R rows and C columns, of which a fold uses r and c, for T steps:
    /// <list type="bullet">
    /// <item>serial weight- or input-stationary: r cycles to load, then T + (R − 1) + (c − 1) until the last sum leaves the bottom edge;</item>
    /// <item>serial output-stationary: T + (r − 1) + (c − 1) until the last product, then R to shift the outputs down and out;</item>
    /// <item>pipelined weight- or input-stationary: a fold starts max(T, r of this fold) after the one before, T being the latter's steps;</item>
    /// <item>pipelined output-stationary: streams follow each other as accumulators become free, drains as the bottom edge does.</item>
    /// </list>
    /// For full folds the serial forms are the 2R + C + T − 2 of Samajdar et al., "SCALE-Sim: Systolic CNN Accelerator Simulator", 2018.
    /// An element whose product waits in a register before it is added delays every sum by a cycle: the last one of a serial fold or of all
    /// pipelined folds, and the drain of an output-stationary one.
    /// </summary>
    /// <param name="grid">The folds.</param>
    /// <param name="schedule">How one fold follows another.</param>
    /// <param name="productRegisters">Registers between an element's multiplier and its adder; the register-level machines have none.</param>
    public static ArrayCycles Of(FoldGrid grid, FoldSchedule schedule, int productRegisters = 0)
    {
        long compute = grid.Classes().Sum(fold => fold.Steps * fold.Count);
        long total = schedule == FoldSchedule.Serial
            ? grid.Classes().Sum(fold => fold.Count * (Serial(fold, grid) + productRegisters))
            : grid.Dataflow == Dataflow.OutputStationary ? PipelinedOutputs(grid, productRegisters) : PipelinedOperands(grid) + productRegisters;
        return new ArrayCycles(compute, total - compute);
    }

    private static long Serial(FoldClass fold, FoldGrid grid) => (long)fold.Steps + fold.Rows + fold.Columns - 2 + grid.ArrayRows;

    // Start of fold i: S(i) = S(i−1) + max(T(i−1), r(i)). T is the same within a piece of a stream, so pieces, column tiles and packs repeat with a
    // period. Only the last fold, or the last one before it with more columns, can be the last to leave.
    private static long PipelinedOperands(FoldGrid grid)
    {
        long start = 0;
        long end = 0;
        long stepsBefore = 0;
        int pack = 0;
        while (pack < grid.Packs)
        {
            (int rows, int columns, int steps) = grid.Axes(grid.GroupsIn(pack));
            (int rowFolds, int columnFolds) = grid.FoldsOf(pack);
            int firstRows = Math.Min(grid.ArrayRows, rows);
            int lastRows = rows - (rowFolds - 1) * grid.ArrayRows;
            int piece = grid.StreamOf(grid.GroupsIn(pack));
            int lastPiece = steps - (grid.PiecesOf(pack) - 1) * piece;

            // From the start of a piece's first fold to the start of its last one, and from there to the next piece's first one.
            long Within(int t) => rowFolds == 1 ? 0 : (rowFolds - 2L) * Math.Max(t, grid.ArrayRows) + Math.Max(t, lastRows);
            long Next(int t) => Math.Max(t, firstRows);

            long within = (grid.PiecesOf(pack) - 1) * (Within(piece) + Next(piece)) + Within(lastPiece);
            long tile = within + Next(lastPiece);
            long first = start + Math.Max(stepsBefore, firstRows);
            long last = first + (columnFolds - 1) * tile + within;
            // Full packs are alike: jump to the last of them.
            int alike = pack < grid.Packs - 1 ? grid.Packs - 1 - pack : 1;
            last += (alike - 1) * (last - first + Next(lastPiece));
            end = Math.Max(end, last + lastPiece + grid.ArrayRows + LastColumns(columns, columnFolds, grid) - 2);
            if (columnFolds > 1)
                end = Math.Max(end, last - tile + lastPiece + grid.ArrayRows + grid.ArrayColumns - 2);
            (start, stepsBefore) = (last, lastPiece);
            pack += alike;
        }
        return end;
    }

    private static int LastColumns(int columns, int columnFolds, FoldGrid grid) => columns - (columnFolds - 1) * grid.ArrayColumns;

    // S(i) = max(S(i−1) + T(i−1), D(i−2) + R), D(i) = max(S(i) + T(i) + r(i) − 1, D(i−1) + R): a stream needs a free accumulator,
    // a drain the bottom edge. Folds that are alike are one matrix, and all of them its power, so that the cost is the logarithm of their number.
    // Drains never overtake each other: only the last fold, or the last one before it with more columns, can be the last to leave.
    private static long PipelinedOutputs(FoldGrid grid, int productRegisters)
    {
        (long, long, long) times = (0, -grid.ArrayRows, -grid.ArrayRows);
        long end = 0;
        if (grid.Packs > 1)
            Run(0, grid.Packs - 1);
        Run(grid.Packs - 1, 1);
        return end;

        void Run(int pack, int packs)
        {
            (int rows, int columns, int steps) = grid.Axes(grid.GroupsIn(pack));
            (int rowFolds, int columnFolds) = grid.FoldsOf(pack);
            MaxPlusMatrix ofPack = OfFold(steps, rows - (rowFolds - 1) * grid.ArrayRows + productRegisters, grid).Power(columnFolds)
                * OfFold(steps, grid.ArrayRows + productRegisters, grid).Power((rowFolds - 1L) * columnFolds);
            times = ofPack.Power(packs).Apply(times);
            (_, long last, long before) = times;
            end = Math.Max(end, last + grid.ArrayRows + LastColumns(columns, columnFolds, grid) - 1);
            if (columnFolds > 1)
                end = Math.Max(end, before + grid.ArrayRows + grid.ArrayColumns - 1);
        }
    }

    // From (S(i−1) + T(i−1), D(i−1), D(i−2)) to the same of the next fold.
    // The last sum is complete rows − 1 cycles after its last vector entered, a product's register counting as a row.
    private static MaxPlusMatrix OfFold(long steps, int rows, FoldGrid grid)
    {
        long drained = steps + rows - 1;
        return new MaxPlusMatrix(
            steps, MaxPlusMatrix.Never, grid.ArrayRows + steps,
            drained, grid.ArrayRows, grid.ArrayRows + drained,
            MaxPlusMatrix.Never, 0, MaxPlusMatrix.Never);
    }
}
