using System.Numerics;
using System.Runtime.CompilerServices;

namespace AccelSim.Systolic.RegisterLevel;

/// <summary>
/// The array that holds outputs. Each element has a register for the value that moves right, one for the value that moves down and one
/// or two accumulators, which shift down to the bottom edge when a fold is complete. Values that meet carry the number of their accumulator.
/// </summary>
/// <remarks>Every register has its value in every cycle; registers of a row that do the same are stepped by one vector instruction.</remarks>
internal sealed class OutputStationaryMachine
{
    private readonly int _rows;
    private readonly int _columns;
    private readonly FoldSchedule _schedule;
    private readonly IReadOnlyList<FoldOperands> _folds;

    // Registers of the elements; the accumulators of the even folds and those of the odd ones.
    private readonly RegisterPlane _right;
    private readonly RegisterPlane _down;
    private readonly RegisterPlane[] _accumulators;

    // What goes with a value that moves right: whether it is there, whether it is its fold's first, and whether its fold is odd.
    private readonly BitPlane _present;
    private readonly BitPlane _first;
    private readonly BitPlane _odd;

    // Whether a value that moves down is there.
    private readonly BitPlane _fed;

    private readonly SkewBuffer<Streamed> _leftEdge;
    private readonly SkewBuffer<Fed> _topEdge;
    private readonly SkewBuffer<Drain> _drainEdge;

    // What enters the columns from the top in this cycle, and by accumulator the columns that shift down: all ones, else 0.
    private readonly int[] _entering;
    private readonly int[][] _shifts;

    private readonly Vector<int> _lanes;

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

    private long _macs;
    private long _leftReads;
    private long _topReads;
    private long _bottomWrites;

    public OutputStationaryMachine(int rows, int columns, FoldSchedule schedule, IReadOnlyList<FoldOperands> folds)
    {
        (_rows, _columns, _schedule, _folds) = (rows, columns, schedule, folds);
        (_right, _down) = (new(rows, columns), new(rows, columns));
        _accumulators = [new(rows, columns), new(rows, columns)];
        (_present, _first, _odd, _fed) = (new(rows, columns), new(rows, columns), new(rows, columns), new(rows, columns));
        (_leftEdge, _topEdge, _drainEdge) = (new SkewBuffer<Streamed>(rows), new SkewBuffer<Fed>(columns), new SkewBuffer<Drain>(columns));
        _entering = new int[_right.Width];
        _shifts = [new int[_right.Width], new int[_right.Width]];
        int[] lanes = [.. Enumerable.Range(0, Vector<int>.Count).Select(lane => 1 << lane)];
        _lanes = new Vector<int>(lanes);
        _complete = new long[folds.Count];
        _missing = [.. folds.Select(fold => fold.Rows * fold.Columns)];
        _results = [.. folds.Select(fold => new int[fold.Rows * fold.Columns])];
    }

    // A value on its way right. Absent values are zero, so that an idle element adds nothing.
    private readonly record struct Streamed(int Value, bool Present, bool First, bool Odd);

    private readonly record struct Fed(int Value, bool Present);

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
            Advance(streaming, cycle);
            cycle++;
        }
        return new ArrayRun(cycle, _macs, _results, _leftReads, _topReads, _bottomWrites);
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

    // From the bottom up and within a row from the right, so that each element still reads its neighbours' registers of the cycle before.
    private void Compute(FoldOperands? streaming)
    {
        ReadOnlySpan<int> left = streaming is null ? [] : Read(streaming.Left, streaming.Rows, ref _leftReads);
        ReadOnlySpan<int> top = streaming is null ? [] : Read(streaming.Top, streaming.Columns, ref _topReads);
        bool odd = AccumulatorOf(_streamFold) == 1;
        for (int row = _rows - 1; row >= 0; row--)
        {
            Streamed entering = _leftEdge.Exchange(row, row < left.Length ? new Streamed(left[row], Present: true, _streamStep == 0, odd) : default);
            _present.ShiftRight(row, entering.Present);
            _first.ShiftRight(row, entering.First);
            _odd.ShiftRight(row, entering.Odd);
            _right.Enter(row, entering.Value);
            if (row > 0)
                _fed.CopyDown(row);
            else
                Feed(top);
            _macs += BitPlane.CountBoth(_present.Row(row), _fed.Row(row));
            Multiply(row);
        }
    }

    // The fold's operands of this step.
    private ReadOnlySpan<int> Read(int[] operands, int lanes, ref long reads)
    {
        ReadOnlySpan<int> vector = operands.AsSpan(_streamStep * lanes, lanes);
        reads += vector.Length;
        return vector;
    }

    private void Feed(ReadOnlySpan<int> top)
    {
        for (int column = 0; column < _columns; column++)
        {
            Fed fed = _topEdge.Exchange(column, column < top.Length ? new Fed(top[column], Present: true) : default);
            _entering[column] = fed.Value;
            _fed.Set(0, column, fed.Present);
        }
    }

    private void Multiply(int row)
    {
        ref int right = ref _right.Row(row);
        ref int down = ref _down.Row(row);
        ref int above = ref row == 0 ? ref _entering[0] : ref _down.Row(row - 1);
        ref int even = ref _accumulators[0].Row(row);
        ref int odd = ref _accumulators[1].Row(row);
        for (int column = _right.Width - Vector<int>.Count; column >= 0; column -= Vector<int>.Count)
        {
            Vector<int> left = Vector.LoadUnsafe(ref Unsafe.Add(ref right, column - 1));
            Vector<int> top = Vector.LoadUnsafe(ref Unsafe.Add(ref above, column));
            Vector<int> product = left * top;
            (uint first, uint toOdd) = (_first.Block(row, column), _odd.Block(row, column));
            // Mostly all values of a vector belong to one fold; where two folds meet, each lane adds to its own accumulator.
            if (first == 0 && toOdd == 0)
                Add(ref Unsafe.Add(ref even, column), product);
            else if (first == 0 && (_present.Block(row, column) & ~toOdd) == 0)
                Add(ref Unsafe.Add(ref odd, column), product);
            else
                AddByLane(ref Unsafe.Add(ref even, column), ref Unsafe.Add(ref odd, column), product, Mask(first), Mask(toOdd));
            left.StoreUnsafe(ref Unsafe.Add(ref right, column));
            top.StoreUnsafe(ref Unsafe.Add(ref down, column));
        }
    }

    private static void Add(ref int accumulators, Vector<int> product) => (Vector.LoadUnsafe(ref accumulators) + product).StoreUnsafe(ref accumulators);

    private static void AddByLane(ref int even, ref int odd, Vector<int> product, Vector<int> first, Vector<int> toOdd)
    {
        Vector<int> startsEven = Vector.AndNot(first, toOdd);
        Vector<int> startsOdd = first & toOdd;
        (Vector.AndNot(Vector.LoadUnsafe(ref even), startsEven) + Vector.AndNot(product, toOdd)).StoreUnsafe(ref even);
        (Vector.AndNot(Vector.LoadUnsafe(ref odd), startsOdd) + (product & toOdd)).StoreUnsafe(ref odd);
    }

    private Vector<int> Mask(uint flags) => Vector.Equals(new Vector<int>((int)flags) & _lanes, _lanes);

    private void Collect(long cycle)
    {
        bool draining = _drainFold < _streamFold && cycle >= _complete[_drainFold];
        var command = draining ? new Drain(_drainFold, ++_drainStep) : default;
        Span<bool> any = [false, false];
        for (int column = 0; column < _columns; column++)
        {
            Drain drain = _drainEdge.Exchange(column, command);
            int accumulator = AccumulatorOf(drain.Fold);
            _shifts[0][column] = _shifts[1][column] = 0;
            if (drain.Step == 0)
                continue;
            Collect(column, drain);
            _shifts[accumulator][column] = -1;
            any[accumulator] = true;
        }
        for (int accumulator = 0; accumulator < 2; accumulator++)
        {
            if (any[accumulator])
                ShiftDown(_accumulators[accumulator], _shifts[accumulator]);
        }
        if (draining && _drainStep == _rows)
            (_drainFold, _drainStep, _drainedFolds) = (_drainFold + 1, 0, _drainFold + 1);
        while (_collectedFolds < _folds.Count && _missing[_collectedFolds] == 0)
            _collectedFolds++;
    }

    // What the last row of the column holds leaves the array.
    private void Collect(int column, Drain drain)
    {
        FoldOperands fold = _folds[drain.Fold];
        int row = _rows - drain.Step;
        if (row >= fold.Rows || column >= fold.Columns)
            return;
        _results[drain.Fold][row * fold.Columns + column] = _accumulators[AccumulatorOf(drain.Fold)][_rows - 1, column];
        _bottomWrites++;
        _missing[drain.Fold]--;
    }

    private void ShiftDown(RegisterPlane accumulators, int[] shifts)
    {
        for (int row = _rows - 1; row > 0; row--)
        {
            ref int here = ref accumulators.Row(row);
            ref int above = ref accumulators.Row(row - 1);
            for (nint column = 0; column < accumulators.Width; column += Vector<int>.Count)
            {
                Vector<int> mask = Vector.LoadUnsafe(ref shifts[0], (nuint)column);
                ref int registers = ref Unsafe.Add(ref here, column);
                Vector.ConditionalSelect(mask, Vector.LoadUnsafe(ref Unsafe.Add(ref above, column)), Vector.LoadUnsafe(ref registers)).StoreUnsafe(ref registers);
            }
        }
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
