namespace AccelSim.Systolic.ScaleSim;

/// <summary>
/// The demand of one layer at the edges of the array, in SCALE-Sim's order: column folds outside, row folds inside for every dataflow, each fold after the one before
/// has left the array, and each as long as a full one. R rows, C columns and T steps take T + R + C − 2 cycles output-stationary and T + 2R + C − 2 otherwise.
/// </summary>
internal sealed class FoldDemand
{
    private readonly ScaleSimConfiguration _array;
    private readonly int _rowAxis;
    private readonly int _columnAxis;

    public FoldDemand(ScaleSimConvolution layer, ScaleSimConfiguration array)
    {
        _array = array;
        (int pixels, int depth, int filters) = (checked((int)layer.Pixels), checked((int)layer.Depth), layer.Filters);
        (_rowAxis, _columnAxis, Steps) = array.Dataflow switch
        {
            Dataflow.OutputStationary => (pixels, filters, depth),
            Dataflow.WeightStationary => (depth, filters, pixels),
            _ => (depth, pixels, filters),
        };
        int fill = array.Dataflow == Dataflow.OutputStationary ? array.Rows : 2 * array.Rows;
        FoldCycles = (long)Steps + fill + array.Columns - 2;
    }

    /// <summary>Vectors that stream through in one fold.</summary>
    public int Steps { get; }

    /// <summary>Cycles of one fold.</summary>
    public long FoldCycles { get; }

    /// <summary>Folds of the layer.</summary>
    public long Count => Folds(_rowAxis, _array.Rows) * Folds(_columnAxis, _array.Columns);

    /// <summary>Cycles of the layer.</summary>
    public long Cycles => Count * FoldCycles;

    /// <summary>First row, rows in use, first column, columns in use and first cycle of every fold.</summary>
    public IEnumerable<(int Row, int Rows, int Column, int Columns, long Start)> InOrder()
    {
        long start = 0;
        for (long column = 0; column < _columnAxis; column += _array.Columns)
        {
            for (long row = 0; row < _rowAxis; row += _array.Rows, start += FoldCycles)
            {
                yield return ((int)row, (int)Math.Min(_array.Rows, _rowAxis - row), (int)column, (int)Math.Min(_array.Columns, _columnAxis - column), start);
            }
        }
    }

    private static long Folds(int axis, int side) => ((long)axis + side - 1) / side;
}
