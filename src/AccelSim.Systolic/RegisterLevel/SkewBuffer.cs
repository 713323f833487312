namespace AccelSim.Systolic.RegisterLevel;

/// <summary>The triangle of registers at an edge of the array: lane i delays what enters it by i cycles.</summary>
internal sealed class SkewBuffer<T>
    where T : struct
{
    // Lane i has i registers in a ring; the place of the oldest is written over by what enters.
    private readonly T[][] _lanes;
    private readonly int[] _oldest;

    public SkewBuffer(int lanes)
    {
        _lanes = [.. Enumerable.Range(0, lanes).Select(delay => new T[delay])];
        _oldest = new int[lanes];
    }

    /// <summary>What leaves the lane in this cycle when <paramref name="entering"/> enters it. Once a lane and cycle.</summary>
    public T Exchange(int lane, T entering)
    {
        // Lane 0 has no register: what enters it leaves it in the same cycle.
        if (lane == 0)
            return entering;
        T[] registers = _lanes[lane];
        int place = _oldest[lane];
        T leaving = registers[place];
        registers[place] = entering;
        _oldest[lane] = place + 1 == registers.Length ? 0 : place + 1;
        return leaving;
    }
}
