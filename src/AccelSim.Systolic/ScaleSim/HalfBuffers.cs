namespace AccelSim.Systolic.ScaleSim;

/// <summary>A half-full of a buffer that is read from DRAM.</summary>
/// <param name="Words">Words fetched: those that no demand finds in the buffer.</param>
/// <param name="NeededAt">Stall-free cycle in which the first of them is needed.</param>
/// <param name="CompleteAt">Stall-free cycle in which the last of them is needed.</param>
internal readonly record struct Half(long Words, long NeededAt, long CompleteAt);

/// <summary>
/// A read buffer of two halves under the array's demand: while the array reads from one half, the other fills with the words that it will lack next.
/// What a half holds is found in it until the other takes over; then its words are gone.
/// </summary>
/// <param name="words">Words of the operand.</param>
/// <param name="halfWords">Words of a half, at least 1.</param>
/// <param name="dropsWhenComplete">
/// Whether a half is given up as soon as its last word has been demanded (SCALE-Sim), or with the first word that it lacks.
/// </param>
internal sealed class HalfBuffers(long words, long halfWords, bool dropsWhenComplete)
{
    // The half, counted from 1, in which a word was last put.
    private readonly int[] _halfOf = new int[words];
    private readonly List<Half> _complete = [];
    private int _current = 1;
    private long _held;
    private long _neededAt;
    private long _lastNew;

    /// <summary>Cycle of the first demand of a word that exists; −1 before any.</summary>
    public long FirstDemand { get; private set; } = -1;

    /// <summary>Cycle of the last demand of a word that exists; −1 before any.</summary>
    public long LastDemand { get; private set; } = -1;

    /// <summary>The halves in the order of their demand; the last may be partly filled.</summary>
    public IReadOnlyList<Half> Halves => _held == 0 ? _complete : [.. _complete, new Half(_held, _neededAt, _lastNew)];

    /// <summary>A word is demanded; cycles never go back. An address below 0 demands nothing.</summary>
    public void Demand(long cycle, int address)
    {
        if (address < 0)
            return;
        if (FirstDemand < 0)
            FirstDemand = cycle;
        LastDemand = cycle;
        if (_halfOf[address] == _current)
            return;
        if (_held == halfWords)
            Complete();
        _halfOf[address] = _current;
        if (_held++ == 0)
            _neededAt = cycle;
        _lastNew = cycle;
        if (_held == halfWords && dropsWhenComplete)
            Complete();
    }

    private void Complete()
    {
        _complete.Add(new Half(_held, _neededAt, _lastNew));
        _held = 0;
        _current++;
    }
}
