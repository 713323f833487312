using System.Numerics;
using System.Runtime.CompilerServices;

namespace AccelSim.Systolic.RegisterLevel;

/// <summary>
/// The array that holds one operand: weights, or inputs. Each element has a register of the chain through which stationary values
/// shift down, an active register, a register for the value that moves right and one for the partial sum that moves down.
/// A mark travels with the first vector of a fold; where it passes, the element takes its chain's value as active.
/// </summary>
/// <remarks>Every register has its value in every cycle; registers of a row that do the same are stepped by one vector instruction.</remarks>
internal sealed class OperandStationaryMachine
{
    private readonly int _rows;
    private readonly int _columns;
    private readonly FoldSchedule _schedule;
    private readonly IReadOnlyList<FoldOperands> _folds;

    // Registers of the elements.
    private readonly RegisterPlane _chain;
    private readonly RegisterPlane _active;
    private readonly RegisterPlane _right;
    private readonly RegisterPlane _sum;

    // What goes with a value that moves right: whether a vector is there, whether this row has an operand of it, and whether it is a fold's first.
    private readonly BitPlane _present;
    private readonly BitPlane _operand;
    private readonly BitPlane _first;

    // Whether a chain's and an active register's value is one of the layer's.
    private readonly ColumnFlags _chainHolds;
    private readonly BitPlane _activeHolds;

    private readonly SkewBuffer<Streamed> _leftEdge;
    private readonly SkewBuffer<Loaded> _topEdge;

    // By column, how far down its chain shifts in this cycle, none being 0, and what enters it.
    private readonly int[] _depth;
    private readonly int[] _entering;

    // Above the first row.
    private readonly int[] _noSum;

    // The controller.
    private int _loadFold;
    private int _loadStep;
    private int _loadedFolds;
    private int _streamFold;
    private int _streamStep;
    private int _startedFolds;

    // The collector below each column: how many vectors of which fold have left it.
    private readonly int[] _collectFold;
    private readonly int[] _collectStep;
    private readonly int[] _missing;
    private readonly int[][] _results;
    private int _collectedFolds;

    private long _macs;
    private long _leftReads;
    private long _topReads;
    private long _bottomWrites;

    public OperandStationaryMachine(int rows, int columns, FoldSchedule schedule, IReadOnlyList<FoldOperands> folds)
    {
        (_rows, _columns, _schedule, _folds) = (rows, columns, schedule, folds);
        (_chain, _active, _right, _sum) = (new(rows, columns), new(rows, columns), new(rows, columns), new(rows, columns));
        (_present, _operand, _first) = (new(rows, columns), new(rows, columns), new(rows, columns));
        (_chainHolds, _activeHolds) = (new(rows, columns), new(rows, columns));
        (_leftEdge, _topEdge) = (new SkewBuffer<Streamed>(rows), new SkewBuffer<Loaded>(columns));
        (_depth, _entering, _noSum) = (new int[_chain.Width], new int[_chain.Width], new int[_chain.Width]);
        (_collectFold, _collectStep) = (new int[columns], new int[columns]);
        _missing = [.. folds.Select(fold => fold.Steps * fold.Columns)];
        _results = [.. folds.Select(fold => new int[fold.Steps * fold.Columns])];
    }

    // A value on its way right. Absent values are zero, so that an idle element adds nothing.
    private readonly record struct Streamed(int Value, bool Present, bool Operand, bool First);

    // A value for the chain; the step says how far down the front of the load has come. Step 0 is no load.
    private readonly record struct Loaded(int Value, int Step, bool Operand);

    public ArrayRun Run(CancellationToken cancellation)
    {
        long cycle = 0;
        while (_collectedFolds < _folds.Count)
        {
            if (cycle % 1024 == 0)
                cancellation.ThrowIfCancellationRequested();
            FoldOperands? streaming = Streaming();
            FoldOperands? loading = Loading();
            Compute(streaming);
            Shift(loading);
            Collect();
            Advance(streaming, loading);
            cycle++;
        }
        return new ArrayRun(cycle, _macs, _results, _leftReads, _topReads, _bottomWrites);
    }

    // The fold that puts a vector into the array in this cycle: the current one, or the next as soon as its operands are loaded.
    private FoldOperands? Streaming()
    {
        if (_streamFold >= _folds.Count || _streamFold >= _loadedFolds)
            return null;
        _startedFolds = _streamFold + 1;
        return _folds[_streamFold];
    }

    // The fold that loads in this cycle. With two registers it may begin as the fold before starts to stream, since the mark
    // moves down ahead of the load's front; with one it waits until that fold has left.
    private FoldOperands? Loading()
    {
        if (_loadFold >= _folds.Count)
            return null;
        int before = _schedule == FoldSchedule.Pipelined ? _startedFolds : _collectedFolds;
        return _loadFold <= before ? _folds[_loadFold] : null;
    }

    // From the bottom up and within a row from the right, so that each element still reads its neighbours' registers of the cycle before.
    private void Compute(FoldOperands? streaming)
    {
        ReadOnlySpan<int> vector = streaming is null ? [] : ReadLeft(streaming);
        for (int row = _rows - 1; row >= 0; row--)
        {
            // A row without an operand passes zeros, so that the sums from above go through unchanged.
            bool used = row < vector.Length;
            Streamed entering = _leftEdge.Exchange(
                row, streaming is null ? default : new Streamed(used ? vector[row] : 0, Present: true, used, First: _streamStep == 0));
            _present.ShiftRight(row, entering.Present);
            _operand.ShiftRight(row, entering.Operand);
            _first.ShiftRight(row, entering.First);
            Activate(row);
            _macs += BitPlane.CountBoth(_operand.Row(row), _activeHolds.Row(row));
            _right.Enter(row, entering.Value);
            Multiply(row);
        }
    }

    private ReadOnlySpan<int> ReadLeft(FoldOperands streaming)
    {
        ReadOnlySpan<int> vector = streaming.Left.AsSpan(_streamStep * streaming.Rows, streaming.Rows);
        _leftReads += vector.Length;
        return vector;
    }

    // Where the mark has come to, the chain's value becomes active.
    private void Activate(int row)
    {
        ReadOnlySpan<ulong> marks = _first.Row(row);
        for (int word = 0; word < marks.Length; word++)
        {
            for (ulong left = marks[word]; left != 0; left &= left - 1)
            {
                int column = word * 64 + BitOperations.TrailingZeroCount(left);
                _active[row, column] = _chain[row, column];
                _activeHolds.Set(row, column, _chainHolds[row, column]);
            }
        }
    }

    private void Multiply(int row)
    {
        ref int right = ref _right.Row(row);
        ref int active = ref _active.Row(row);
        ref int sum = ref _sum.Row(row);
        ref int above = ref row == 0 ? ref _noSum[0] : ref _sum.Row(row - 1);
        for (nint column = _right.Width - Vector<int>.Count; column >= 0; column -= Vector<int>.Count)
        {
            Vector<int> value = Vector.LoadUnsafe(ref Unsafe.Add(ref right, column - 1));
            Vector<int> added = Vector.LoadUnsafe(ref Unsafe.Add(ref above, column)) + value * Vector.LoadUnsafe(ref Unsafe.Add(ref active, column));
            added.StoreUnsafe(ref Unsafe.Add(ref sum, column));
            value.StoreUnsafe(ref Unsafe.Add(ref right, column));
        }
    }

    // The value for the lowest row goes first; a row shifts from the moment that the front has reached it, and no sooner, so that the
    // rows below still hold their values for the fold that is about to start.
    private void Shift(FoldOperands? loading)
    {
        ReadOnlySpan<int> vector = loading is null ? [] : ReadTop(loading);
        int deepest = 0;
        for (int column = 0; column < _columns; column++)
        {
            // A column without an operand takes zeros.
            bool used = column < vector.Length;
            Loaded loaded = _topEdge.Exchange(column, loading is null ? default : new Loaded(used ? vector[column] : 0, _loadStep + 1, used));
            _depth[column] = loaded.Step;
            if (loaded.Step == 0)
                continue;
            deepest = Math.Max(deepest, loaded.Step);
            _chainHolds.ShiftDown(column, loaded.Step, loaded.Operand);
            _entering[column] = loaded.Value;
        }
        for (int row = deepest - 1; row >= 0; row--)
            ShiftRow(row);
    }

    private ReadOnlySpan<int> ReadTop(FoldOperands loading)
    {
        int row = loading.Rows - 1 - _loadStep;
        ReadOnlySpan<int> vector = loading.Top.AsSpan(row * loading.Columns, loading.Columns);
        _topReads += vector.Length;
        return vector;
    }

    private void ShiftRow(int row)
    {
        ref int chain = ref _chain.Row(row);
        ref int above = ref row == 0 ? ref _entering[0] : ref _chain.Row(row - 1);
        var here = new Vector<int>(row);
        for (nint column = 0; column < _chain.Width; column += Vector<int>.Count)
        {
            Vector<int> shifts = Vector.GreaterThan(Vector.LoadUnsafe(ref _depth[0], (nuint)column), here);
            ref int registers = ref Unsafe.Add(ref chain, column);
            Vector.ConditionalSelect(shifts, Vector.LoadUnsafe(ref Unsafe.Add(ref above, column)), Vector.LoadUnsafe(ref registers)).StoreUnsafe(ref registers);
        }
    }

    private void Collect()
    {
        ReadOnlySpan<ulong> present = _present.Row(_rows - 1);
        for (int word = 0; word < present.Length; word++)
        {
            for (ulong left = present[word]; left != 0; left &= left - 1)
                Collect(word * 64 + BitOperations.TrailingZeroCount(left));
        }
        while (_collectedFolds < _folds.Count && _missing[_collectedFolds] == 0)
            _collectedFolds++;
    }

    private void Collect(int column)
    {
        int fold = _collectFold[column];
        int step = _collectStep[column];
        FoldOperands operands = _folds[fold];
        if (column < operands.Columns)
        {
            _results[fold][step * operands.Columns + column] = _sum[_rows - 1, column];
            _bottomWrites++;
            _missing[fold]--;
        }
        bool last = step + 1 == operands.Steps;
        (_collectFold[column], _collectStep[column]) = last ? (fold + 1, 0) : (fold, step + 1);
    }

    private void Advance(FoldOperands? streaming, FoldOperands? loading)
    {
        if (streaming is not null && ++_streamStep == streaming.Steps)
            (_streamFold, _streamStep) = (_streamFold + 1, 0);
        if (loading is not null && ++_loadStep == loading.Rows)
        {
            (_loadFold, _loadStep) = (_loadFold + 1, 0);
            _loadedFolds = _loadFold;
        }
    }
}
