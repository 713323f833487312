namespace AccelSim.Systolic.ScaleSim;

/// <summary>
/// When SCALE-Sim drains its write buffer with <c>InterfaceBandwidth: CALC</c>: lines of as many words as the array has columns collect; with the first word beyond
/// half of the memory a drain begins, a line a cycle, as many lines as half the memory takes. A drain closes the line in the making, short as it is; but only of the last line
/// of a drain the missing words are taken off the count. What is left drains from the last cycle of the layer on.
/// </summary>
internal sealed class CalcModeWrites(long memoryWords, int lineWords)
{
    private readonly long _half = memoryWords / 2;
    private readonly long _beforeDrain = memoryWords - memoryWords / 2;
    // Lines that were closed short, with their words; the others are full.
    private readonly Dictionary<long, int> _shortLines = [];
    private long _free = memoryWords;
    private long _lines;
    private int _inLine;
    private long _drainedLines;
    private long _drainEnd;
    private long _words;
    private long? _start;

    /// <summary>Runs the outputs of a layer through the buffer.</summary>
    /// <param name="outputs">How many words come in which cycle.</param>
    /// <param name="lastCycle">The last cycle of the layer.</param>
    public DramAccess Run(IEnumerable<(long Cycle, int Words)> outputs, long lastCycle)
    {
        foreach ((long cycle, int words) in outputs)
        {
            for (int i = 0; i < words; i++)
                Write(cycle);
        }
        CloseLine();
        for (long cycle = lastCycle; _drainedLines < _lines; cycle = _drainEnd + 1)
            Drain(cycle);
        return new DramAccess(_start ?? lastCycle, _drainEnd, _words);
    }

    private void Write(long cycle)
    {
        _free--;
        if (++_inLine == lineWords)
        {
            _lines++;
            _inLine = 0;
        }
        if (cycle < _drainEnd || _free >= _beforeDrain)
            return;
        CloseLine();
        Drain(cycle);
    }

    private void CloseLine()
    {
        if (_inLine == 0)
            return;
        _shortLines[_lines++] = _inLine;
        _inLine = 0;
    }

    private void Drain(long cycle)
    {
        long count = Math.Min((_half + lineWords - 1) / lineWords, _lines - _drainedLines);
        _drainedLines += count;
        long words = count * lineWords - (_shortLines.TryGetValue(_drainedLines - 1, out int last) ? lineWords - last : 0);
        _words += words;
        _free += words;
        _start ??= cycle;
        _drainEnd = cycle + count - 1;
    }
}
