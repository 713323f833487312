namespace AccelSim.Systolic.RegisterLevel;

/// <summary>
/// The array that holds outputs. Each element has a register for the value that moves right, one for the value that moves down and one
/// or two accumulators, which shift down to the bottom edge when a fold is complete. Values that meet carry the number of their accumulator.
/// </summary>
internal sealed class OutputStationaryMachine
{
    private readonly int _rows;
    private readonly int _columns;
    private readonly FoldSchedule _schedule;
    private readonly IReadOnlyList<FoldOperands> _folds;

    // Registers of the elements, row-major; the accumulators of the even folds and those of the odd ones.
    private readonly Streamed[] _right;
    private readonly int[] _down;
    private readonly int[][] _accumulators;

    private readonly SkewBuffer<Streamed> _leftEdge;
    private readonly SkewBuffer<int> _topEdge;
    private readonly SkewBuffer<Drain> _drainEdge;

    // The controller.
    private readonly long[] _complete;
    private int _streamFold;
    private int _streamStep;
    private int _drainFold;
    private int _drainStep;
    private int _drainedFolds;
    private bool _streamingFold;

    private readonly int[] _missing;
    private readonly int[][] _results;
    private int _collectedFolds;

    private long _leftReads;
    private long _topReads;
    private long _bottomWrites;

    public OutputStationaryMachine(int rows, int columns, FoldSchedule schedule, IReadOnlyList<FoldOperands> folds)
    {
        (_rows, _columns, _schedule, _folds) = (rows, columns, schedule, folds);
        int elements = rows * columns;
        (_right, _down) = (new Streamed[elements], new int[elements]);
        _accumulators = [new int[elements], new int[elements]];
        (_leftEdge, _topEdge, _drainEdge) = (new SkewBuffer<Streamed>(rows), new SkewBuffer<int>(columns), new SkewBuffer<Drain>(columns));
        _complete = new long[folds.Count];
        _missing = [.. folds.Select(fold => fold.Rows * fold.Columns)];
        _results = [.. folds.Select(fold => new int[fold.Rows * fold.Columns])];
    }

    private readonly record struct Streamed(int Value, bool Present, bool First, int Accumulator);

    // One shift of a column's accumulators; step 0 is none.
    private readonly record struct Drain(int Fold, int Step);

    public ArrayRun Run(CancellationToken cancellation)
    {
        long cycle = 0;
        while (_collectedFolds < _folds.Count)
        {
            if (cycle % 1024 == 0)
                cancellation.ThrowIfCancellationRequested();
            FoldOperands? streaming = Streaming();
            Compute(streaming);
            Collect(cycle);
            _leftEdge.Tick();
            _topEdge.Tick();
            _drainEdge.Tick();
            Advance(streaming, cycle);
            cycle++;
        }
        return new ArrayRun(cycle, _results, _leftReads, _topReads, _bottomWrites);
    }

    private int AccumulatorOf(int fold) => _schedule == FoldSchedule.Pipelined ? fold % 2 : 0;

    // A fold starts when its accumulator has been shifted out; with one accumulator, when the fold before has left altogether.
    private FoldOperands? Streaming()
    {
        if (_streamFold >= _folds.Count)
            return null;
        bool free = _schedule == FoldSchedule.Pipelined ? _streamFold - 2 < _drainedFolds : _streamFold <= _collectedFolds;
        _streamingFold = _streamingFold || free;
        return _streamingFold ? _folds[_streamFold] : null;
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
                Streamed left = column == 0 ? entering : _right[at - 1];
                int top = row == 0 ? _topEdge.Exchange(column, FromTop(streaming, column)) : _down[at - _columns];
                if (left.Present)
                {
                    ref int accumulator = ref _accumulators[left.Accumulator][at];
                    accumulator = (left.First ? 0 : accumulator) + left.Value * top;
                }
                (_right[at], _down[at]) = (left, top);
            }
        }
    }

    private Streamed FromLeft(FoldOperands? streaming, int row)
    {
        if (streaming is null || row >= streaming.Rows)
            return default;
        _leftReads++;
        return new Streamed(streaming.Left[_streamStep * streaming.Rows + row], Present: true, _streamStep == 0, AccumulatorOf(_streamFold));
    }

    private int FromTop(FoldOperands? streaming, int column)
    {
        if (streaming is null || column >= streaming.Columns)
            return 0;
        _topReads++;
        return streaming.Top[_streamStep * streaming.Columns + column];
    }

    private void Collect(long cycle)
    {
        bool draining = _drainFold < _streamFold && cycle >= _complete[_drainFold];
        var command = draining ? new Drain(_drainFold, ++_drainStep) : default;
        for (int column = 0; column < _columns; column++)
        {
            Drain drain = _drainEdge.Exchange(column, command);
            if (drain.Step > 0)
                ShiftDown(column, drain);
        }
        if (draining && _drainStep == _rows)
            (_drainFold, _drainStep, _drainedFolds) = (_drainFold + 1, 0, _drainFold + 1);
        while (_collectedFolds < _folds.Count && _missing[_collectedFolds] == 0)
            _collectedFolds++;
    }

    private void ShiftDown(int column, Drain drain)
    {
        int[] accumulators = _accumulators[AccumulatorOf(drain.Fold)];
        FoldOperands fold = _folds[drain.Fold];
        int row = _rows - drain.Step;
        if (row < fold.Rows && column < fold.Columns)
        {
            _results[drain.Fold][row * fold.Columns + column] = accumulators[(_rows - 1) * _columns + column];
            _bottomWrites++;
            _missing[drain.Fold]--;
        }
        for (int below = _rows - 1; below > 0; below--)
            accumulators[below * _columns + column] = accumulators[(below - 1) * _columns + column];
    }

    private void Advance(FoldOperands? streaming, long cycle)
    {
        if (streaming is null || ++_streamStep < streaming.Steps)
            return;
        // The last vector reaches the last row r − 1 cycles from now, and its sum is in the register the cycle after.
        _complete[_streamFold] = cycle + streaming.Rows;
        (_streamFold, _streamStep, _streamingFold) = (_streamFold + 1, 0, false);
    }
}
