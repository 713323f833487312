namespace AccelSim.Rtl.Network.Schedule;

/// <summary>pixel_buffer and the credits for its places: pixels of several beats in, each complete until it is released.</summary>
internal sealed class PixelBufferSchedule(StreamSchedule input, int slots, long pixelBeats)
{
    private readonly long[] _available = new long[slots + 1], _released = new long[slots + 1];
    private long _pixelBeat;

    /// <summary>Pixels whose last beat is known.</summary>
    public long Loaded { get; private set; }

    /// <summary>Pixels whose last read is known.</summary>
    public long Released { get; private set; }

    /// <summary>The first cycle in which the oldest pixel can be read.</summary>
    public long Available => _available[Released % _available.Length];

    public bool Load()
    {
        bool moved = false;
        for (; input.HasNext; moved = true)
        {
            long reused = Loaded - slots;
            bool first = _pixelBeat == 0;
            if (first && reused >= Released)
                break;
            long cycle = Math.Max(input.NextOffer, first && reused >= 0 ? _released[reused % _released.Length] : 0);
            input.Take(cycle);
            if (++_pixelBeat == pixelBeats)
            {
                _pixelBeat = 0;
                _available[Loaded++ % _available.Length] = cycle + 1;
            }
        }
        return moved;
    }

    /// <param name="lastRead">The cycle of the oldest pixel's last read.</param>
    public void Release(long lastRead) => _released[Released++ % _released.Length] = lastRead + 1;
}
