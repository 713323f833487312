namespace AccelSim.Systolic.Folding;

/// <summary>
/// One use of the array: the stationary operands that it holds and how many steps stream past them.
/// Which axes of the matrix product rows, columns and steps are depends on the dataflow (<see cref="FoldGrid"/>).
/// </summary>
/// <param name="Pack">Which pack of groups.</param>
/// <param name="Row">First index along the axis that lies across the rows.</param>
/// <param name="Rows">Rows in use.</param>
/// <param name="Column">First index along the axis that lies across the columns.</param>
/// <param name="Columns">Columns in use.</param>
/// <param name="Step">First index along the axis that streams.</param>
/// <param name="Steps">Vectors that stream through.</param>
public readonly record struct Fold(int Pack, int Row, int Rows, int Column, int Columns, int Step, int Steps);

/// <summary>Folds that are alike but for their place.</summary>
public readonly record struct FoldClass(int Rows, int Columns, int Steps, long Count);

/// <summary>
/// How a matrix product is cut into folds of the array.
/// <list type="table">
/// <item>weight-stationary: rows = depth, columns = filters, steps = pixels.</item>
/// <item>input-stationary: rows = depth, columns = pixels, steps = filters.</item>
/// <item>output-stationary: rows = pixels, columns = filters, steps = depth; row folds outside.</item>
/// </list>
/// Where depth lies along the rows, column folds are outside and row folds inside, so that the partial sums of one column tile complete first; a stream
/// of more partial sums than the accumulators hold is cut into pieces, each of which goes through all row folds before the next.
/// A pack is a number of groups side by side: its matrix of weights is block-diagonal, so its depth and filters are those of its groups together.
/// </summary>
public sealed class FoldGrid
{
    private readonly int _groupsInLastPack;
    private readonly int _longestStream;

    /// <summary>Cuts the work for an array.</summary>
    /// <param name="work">The layer.</param>
    /// <param name="groupsInPack">Groups side by side, 1 to <see cref="LargestPack"/>.</param>
    /// <param name="rows">Rows of the array.</param>
    /// <param name="columns">Columns of the array.</param>
    /// <param name="dataflow">The operand that stays in place.</param>
    /// <param name="longestStream">Partial sums that one column's accumulators hold, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The pack is larger than the array takes.</exception>
    public FoldGrid(MatrixWork work, int groupsInPack, int rows, int columns, Dataflow dataflow, int longestStream = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(longestStream, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(groupsInPack, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groupsInPack, LargestPack(work, rows, columns, dataflow));
        Work = work;
        ArrayRows = rows;
        ArrayColumns = columns;
        Dataflow = dataflow;
        GroupsInPack = groupsInPack;
        _longestStream = longestStream;
        Packs = DivideUp(work.Groups, groupsInPack);
        _groupsInLastPack = work.Groups - (Packs - 1) * groupsInPack;
    }

    public MatrixWork Work { get; }

    public int ArrayRows { get; }

    public int ArrayColumns { get; }

    public Dataflow Dataflow { get; }

    /// <summary>Groups side by side in every pack but perhaps the last.</summary>
    public int GroupsInPack { get; }

    /// <summary>Packs, one after another.</summary>
    public int Packs { get; }

    /// <summary>The most groups that go side by side without splitting one; 1 where even one must be split.</summary>
    public static int LargestPack(MatrixWork work, int rows, int columns, Dataflow dataflow)
    {
        int across = dataflow switch
        {
            Dataflow.WeightStationary => Math.Min(rows / work.Depth, columns / work.Filters),
            Dataflow.InputStationary => rows / work.Depth,
            _ => columns / work.Filters,
        };
        return Math.Clamp(across, 1, work.Groups);
    }

    /// <summary>Groups of one pack.</summary>
    public int GroupsIn(int pack) => pack == Packs - 1 ? _groupsInLastPack : GroupsInPack;

    /// <summary>Lengths of the axes that lie across rows, columns and time, for a pack of so many groups.</summary>
    public (int Rows, int Columns, int Steps) Axes(int groups)
    {
        (int depth, int filters) = (checked(groups * Work.Depth), checked(groups * Work.Filters));
        return Dataflow switch
        {
            Dataflow.WeightStationary => (depth, filters, Work.Pixels),
            Dataflow.InputStationary => (depth, Work.Pixels, filters),
            _ => (Work.Pixels, filters, depth),
        };
    }

    /// <summary>Folds along the rows and along the columns of one pack.</summary>
    public (int Row, int Column) FoldsOf(int pack)
    {
        (int rows, int columns, _) = Axes(GroupsIn(pack));
        return (DivideUp(rows, ArrayRows), DivideUp(columns, ArrayColumns));
    }

    /// <summary>Steps of a fold before the stream is cut, for a pack of so many groups: all of them where no row fold adds to another's sums.</summary>
    public int StreamOf(int groups)
    {
        (int rows, _, int steps) = Axes(groups);
        return Dataflow == Dataflow.OutputStationary || rows <= ArrayRows ? steps : Math.Min(steps, _longestStream);
    }

    /// <summary>Pieces of the stream of one pack.</summary>
    public int PiecesOf(int pack) => DivideUp(Axes(GroupsIn(pack)).Steps, StreamOf(GroupsIn(pack)));

    /// <summary>Multiply-accumulates of all folds: those of the layer, and in block-diagonal folds those with the zeros between the blocks.</summary>
    public long Macs => Classes().Sum(fold => fold.Count * fold.Rows * fold.Columns * fold.Steps);

    /// <summary>All folds of the layer.</summary>
    public long Count => Classes().Sum(fold => fold.Count);

    /// <summary>Every fold, in the order of execution.</summary>
    public IEnumerable<Fold> Folds()
    {
        for (int pack = 0; pack < Packs; pack++)
        {
            (int rows, int columns, int steps) = Axes(GroupsIn(pack));
            (int rowFolds, int columnFolds) = FoldsOf(pack);
            (int stream, int pieces) = (StreamOf(GroupsIn(pack)), PiecesOf(pack));
            bool rowsOutside = Dataflow == Dataflow.OutputStationary;
            for (long index = 0; index < (long)rowFolds * columnFolds * pieces; index++)
            {
                int row = (int)(rowsOutside ? index / columnFolds : index % rowFolds) * ArrayRows;
                int column = (int)(rowsOutside ? index % columnFolds : index / rowFolds / pieces) * ArrayColumns;
                int step = rowsOutside ? 0 : (int)(index / rowFolds % pieces) * stream;
                yield return new Fold(
                    pack,
                    row,
                    Math.Min(ArrayRows, rows - row),
                    column,
                    Math.Min(ArrayColumns, columns - column),
                    step,
                    Math.Min(stream, steps - step));
            }
        }
    }

    /// <summary>The folds by their sizes: at most eight sizes in full packs and eight in the last.</summary>
    public IEnumerable<FoldClass> Classes() => Packs == 1
        ? ClassesOf(_groupsInLastPack, 1)
        : ClassesOf(GroupsInPack, Packs - 1).Concat(ClassesOf(_groupsInLastPack, 1));

    private IEnumerable<FoldClass> ClassesOf(int groups, long packs)
    {
        (int rows, int columns, int steps) = Axes(groups);
        foreach ((int usedRows, long rowFolds) in Cut(rows, ArrayRows))
        {
            foreach ((int usedColumns, long columnFolds) in Cut(columns, ArrayColumns))
            {
                foreach ((int stream, long pieces) in Cut(steps, StreamOf(groups)))
                    yield return new FoldClass(usedRows, usedColumns, stream, packs * rowFolds * columnFolds * pieces);
            }
        }
    }

    // Whole pieces of an axis, then the rest.
    private static IEnumerable<(int Length, long Count)> Cut(int axis, int piece)
    {
        if (axis >= piece)
            yield return (piece, axis / piece);
        if (axis % piece > 0)
            yield return (axis % piece, 1);
    }

    private static int DivideUp(int value, int by) => (value + by - 1) / by;
}
