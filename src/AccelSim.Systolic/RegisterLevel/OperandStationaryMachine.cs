namespace AccelSim.Systolic.RegisterLevel;

/// <summary>
/// The array that holds one operand: weights, or inputs. Each element has a register of the chain through which stationary values
/// shift down, an active register, a register for the value that moves right and one for the partial sum that moves down.
/// A mark travels with the first vector of a fold; where it passes, the element takes its chain's value as active.
/// </summary>
internal sealed class OperandStationaryMachine
{
    private readonly int _rows;
    private readonly int _columns;
    private readonly FoldSchedule _schedule;
    private readonly IReadOnlyList<FoldOperands> _folds;

    // Registers of the elements, row-major.
    private readonly int[] _chain;
    private readonly int[] _active;
    private readonly Streamed[] _right;
    private readonly int[] _sum;

    private readonly SkewBuffer<Streamed> _leftEdge;
    private readonly SkewBuffer<Loaded> _topEdge;

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

    private long _leftReads;
    private long _topReads;
    private long _bottomWrites;

    public OperandStationaryMachine(int rows, int columns, FoldSchedule schedule, IReadOnlyList<FoldOperands> folds)
    {
        (_rows, _columns, _schedule, _folds) = (rows, columns, schedule, folds);
        int elements = rows * columns;
        (_chain, _active, _right, _sum) = (new int[elements], new int[elements], new Streamed[elements], new int[elements]);
        (_leftEdge, _topEdge) = (new SkewBuffer<Streamed>(rows), new SkewBuffer<Loaded>(columns));
        (_collectFold, _collectStep) = (new int[columns], new int[columns]);
        _missing = [.. folds.Select(fold => fold.Steps * fold.Columns)];
        _results = [.. folds.Select(fold => new int[fold.Steps * fold.Columns])];
    }

    // A value on its way right. Absent values are zero, so that an idle element adds nothing.
    private readonly record struct Streamed(int Value, bool Present, bool First);

    // A value for the chain; the step says how far down the front of the load has come. Step 0 is no load.
    private readonly record struct Loaded(int Value, int Step);

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
            _leftEdge.Tick();
            _topEdge.Tick();
            Advance(streaming, loading);
            cycle++;
        }
        return new ArrayRun(cycle, _results, _leftReads, _topReads, _bottomWrites);
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

    // From the bottom right to the top left, so that each element still reads its neighbours' registers of the cycle before.
    private void Compute(FoldOperands? streaming)
    {
        for (int row = _rows - 1; row >= 0; row--)
        {
            Streamed entering = _leftEdge.Exchange(row, FromLeft(streaming, row));
            for (int column = _columns - 1; column >= 0; column--)
            {
                int at = row * _columns + column;
                Streamed value = column == 0 ? entering : _right[at - 1];
                if (value.First)
                    _active[at] = _chain[at];
                _sum[at] = (row == 0 ? 0 : _sum[at - _columns]) + value.Value * _active[at];
                _right[at] = value;
            }
        }
    }

    private Streamed FromLeft(FoldOperands? streaming, int row)
    {
        if (streaming is null)
            return default;
        bool used = row < streaming.Rows;
        _leftReads += used ? 1 : 0;
        // A row without an operand passes zeros, so that the sums from above go through unchanged.
        return new Streamed(used ? streaming.Left[_streamStep * streaming.Rows + row] : 0, Present: true, First: _streamStep == 0);
    }

    // The value for the lowest row goes first; a row shifts from the moment that the front has reached it, and no sooner, so that the
    // rows below still hold their values for the fold that is about to start.
    private void Shift(FoldOperands? loading)
    {
        for (int column = 0; column < _columns; column++)
        {
            Loaded loaded = _topEdge.Exchange(column, FromTop(loading, column));
            if (loaded.Step == 0)
                continue;
            for (int row = loaded.Step - 1; row > 0; row--)
                _chain[row * _columns + column] = _chain[(row - 1) * _columns + column];
            _chain[column] = loaded.Value;
        }
    }

    private Loaded FromTop(FoldOperands? loading, int column)
    {
        if (loading is null || column >= loading.Columns)
            return default;
        _topReads++;
        int row = loading.Rows - 1 - _loadStep;
        return new Loaded(loading.Top[row * loading.Columns + column], _loadStep + 1);
    }

    private void Collect()
    {
        for (int column = 0; column < _columns; column++)
        {
            int bottom = (_rows - 1) * _columns + column;
            if (!_right[bottom].Present)
                continue;
            int fold = _collectFold[column];
            int step = _collectStep[column];
            FoldOperands operands = _folds[fold];
            if (column < operands.Columns)
            {
                _results[fold][step * operands.Columns + column] = _sum[bottom];
                _bottomWrites++;
                _missing[fold]--;
            }
            bool last = step + 1 == operands.Steps;
            (_collectFold[column], _collectStep[column]) = last ? (fold + 1, 0) : (fold, step + 1);
        }
        while (_collectedFolds < _folds.Count && _missing[_collectedFolds] == 0)
            _collectedFolds++;
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
