namespace AccelSim.Systolic.RegisterLevel;

/// <summary>The triangle of registers at an edge of the array: lane i delays what enters it by i cycles.</summary>
internal sealed class SkewBuffer<T>
    where T : struct
{
    private readonly T[][] _lanes;
    private int _cycle;

    public SkewBuffer(int lanes) => _lanes = [.. Enumerable.Range(0, lanes).Select(delay => new T[delay])];

    /// <summary>What leaves the lane in this cycle when <paramref name="entering"/> enters it.</summary>
    public T Exchange(int lane, T entering)
    {
        // Lane 0 has no register: what enters it leaves it in the same cycle.
        if (lane == 0)
            return entering;
        ref T register = ref _lanes[lane][_cycle % lane];
        T leaving = register;
        register = entering;
        return leaving;
    }

    /// <summary>Ends the cycle.</summary>
    public void Tick() => _cycle++;
}
