namespace AccelSim.Systolic.ScaleSim;

/// <summary>
/// Our own stalls where DRAM moves so many words a cycle to or from each of the three memories (<c>InterfaceBandwidth: USER</c>).
/// Each memory is two halves. A read buffer fills one with what the array will lack next, in the order in which it will, while the array reads from the other; the array
/// waits until the whole half is there. The write buffer drains one half while the other takes outputs; the array waits for a half that is free. The three transfers run
/// beside one another, and the whole array waits for any. The first halves are there at cycle 0, and the drain after the last output is not waited for, so that
/// what is counted is what comes on top of the stall-free cycles.
/// </summary>
internal sealed class LimitedDram(int wordsPerCycle, HalfBuffers inputs, HalfBuffers filters, OutputHalves outputs)
{
    // Cycles without stalls at which the array waited, and how long it has waited in all from there on.
    private readonly List<(long Cycle, long Waited)> _waits = [];

    /// <summary>Cycles that the array waits in all.</summary>
    public long Stalls => _waits.Count == 0 ? 0 : _waits[^1].Waited;

    /// <summary>The cycle, stalls included, of a stall-free cycle.</summary>
    public long At(long cycle)
    {
        int after = _waits.FindIndex(wait => wait.Cycle > cycle);
        int last = (after < 0 ? _waits.Count : after) - 1;
        return cycle + (last < 0 ? 0 : _waits[last].Waited);
    }

    /// <summary>Runs the layer and tells the DRAM traffic of inputs, filters and outputs.</summary>
    /// <param name="lastCycle">The last stall-free cycle of the layer.</param>
    public (DramAccess Inputs, DramAccess Filters, DramAccess Outputs) Run(long lastCycle)
    {
        ReadChannel[] reads = [new(inputs.Halves, wordsPerCycle), new(filters.Halves, wordsPerCycle)];
        var write = new WriteChannel(outputs, wordsPerCycle);
        long waited = 0;
        while (true)
        {
            long cycle = Math.Min(write.Next, reads.Min(channel => channel.Next));
            if (cycle == long.MaxValue)
                break;
            // What the three need in one cycle is waited for at once.
            long ready = Math.Max(write.ReadyAt(cycle), reads.Max(channel => channel.ReadyAt(cycle)));
            if (ready > cycle + waited)
            {
                waited = ready - cycle;
                _waits.Add((cycle, waited));
            }
            foreach (ReadChannel channel in reads)
                channel.Pass(cycle, cycle + waited);
            write.Pass(cycle, cycle + waited);
        }
        return (reads[0].Access, reads[1].Access, write.Finish(lastCycle + waited));
    }

    private static long DivideUp(long value, long by) => (value + by - 1) / by;

    /// <summary>A half is needed when the first of its words is, and fills from when the half before it took over.</summary>
    private sealed class ReadChannel(IReadOnlyList<Half> halves, int wordsPerCycle)
    {
        private int _next = 1;
        private long _filled = halves.Count > 1 ? DivideUp(halves[1].Words, wordsPerCycle) : 0;

        public long Next => _next < halves.Count ? halves[_next].NeededAt : long.MaxValue;

        public DramAccess Access => new(-DivideUp(halves[0].Words, wordsPerCycle), _filled - 1, halves.Sum(half => half.Words));

        public long ReadyAt(long cycle) => Next == cycle ? _filled : long.MinValue;

        public void Pass(long cycle, long now)
        {
            if (Next != cycle)
                return;
            _next++;
            if (_next < halves.Count)
                _filled = now + DivideUp(halves[_next].Words, wordsPerCycle);
        }
    }

    /// <summary>A half drains when it is full and the drain before is done; the half after the next needs its place.</summary>
    private sealed class WriteChannel(OutputHalves outputs, int wordsPerCycle)
    {
        private readonly List<long> _drained = [];
        private int _begun;
        private long? _start;

        public long Next => Math.Min(
            _begun < outputs.FirstAt.Count ? outputs.FirstAt[_begun] : long.MaxValue,
            _drained.Count < outputs.FullAt.Count ? outputs.FullAt[_drained.Count] : long.MaxValue);

        public long ReadyAt(long cycle) => _begun >= 2 && _begun < outputs.FirstAt.Count && outputs.FirstAt[_begun] == cycle && _drained.Count > _begun - 2
            ? _drained[_begun - 2]
            : long.MinValue;

        public void Pass(long cycle, long now)
        {
            if (_begun < outputs.FirstAt.Count && outputs.FirstAt[_begun] == cycle)
                _begun++;
            else if (_drained.Count < outputs.FullAt.Count && outputs.FullAt[_drained.Count] == cycle)
                Drain(now + 1, outputs.HalfWords);
        }

        public DramAccess Finish(long last)
        {
            long rest = outputs.Words - _drained.Count * outputs.HalfWords;
            if (rest > 0)
                Drain(last + 1, rest);
            return new DramAccess(_start ?? last, _drained.Count == 0 ? last : _drained[^1] - 1, outputs.Words);
        }

        private void Drain(long from, long words)
        {
            long start = _drained.Count == 0 ? from : Math.Max(from, _drained[^1]);
            _start ??= start;
            _drained.Add(start + DivideUp(words, wordsPerCycle));
        }
    }
}
