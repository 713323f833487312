namespace AccelSim.Rtl.Network.Schedule;

/// <summary>
/// The cycles in which the beats of a stream are offered and taken. Only those that somebody may still ask for are kept: offers until
/// they are taken, and as many takes as the source has places.
/// </summary>
internal sealed class StreamSchedule
{
    private readonly long[] _offered, _taken;
    private readonly long _frameBeats;

    /// <param name="frameBeats">Beats of a frame.</param>
    /// <param name="places">How far the source may be ahead of the sink.</param>
    public StreamSchedule(long frameBeats, int places)
    {
        _frameBeats = frameBeats;
        int size = 1;
        while (size < places + 2)
            size *= 2;
        _offered = new long[size];
        _taken = new long[size];
    }

    /// <summary>Beats whose offer is known.</summary>
    public long Offered { get; private set; }

    /// <summary>Beats whose take is known.</summary>
    public long Taken { get; private set; }

    /// <summary>The cycle of the last take; −1 before the first.</summary>
    public long LastTaken { get; private set; } = -1;

    /// <summary>Cycles in which a beat waited for the sink.</summary>
    public long Stalls { get; private set; }

    public long FirstTaken { get; private set; }

    /// <summary>For each frame, the cycle in which its last beat was taken.</summary>
    public List<long> FrameEnds { get; } = [];

    public bool HasNext => Offered > Taken;

    /// <summary>The first cycle in which the next beat can be taken for all that the source does.</summary>
    public long NextOffer => Math.Max(_offered[Taken & (_offered.Length - 1)], LastTaken + 1);

    /// <summary>The cycle in which a beat was taken; long ago where it has a negative number.</summary>
    public long TakenAt(long beat) => beat < 0 ? long.MinValue / 2 : _taken[beat & (_taken.Length - 1)];

    public void Offer(long cycle)
    {
        if (Offered - Taken >= _offered.Length)
            throw new InvalidOperationException("A source ran further ahead than it has places.");
        _offered[Offered++ & (_offered.Length - 1)] = cycle;
    }

    public void Take(long cycle)
    {
        Stalls += cycle - NextOffer;
        if (Taken == 0)
            FirstTaken = cycle;
        _taken[Taken++ & (_taken.Length - 1)] = cycle;
        LastTaken = cycle;
        if (Taken % _frameBeats == 0)
            FrameEnds.Add(cycle);
    }
}
