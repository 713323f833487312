namespace AccelSim.Systolic.Memory;

/// <summary>
/// One axis of an image under a kernel: which input positions a run of outputs reads. Output i reads the window [i·stride − before, + reach), of which
/// the image holds what lies in [0, extent); taps that a dilation skips inside a window are fetched with it.
/// </summary>
/// <param name="Outputs">Positions of the output.</param>
/// <param name="Extent">Positions of the image.</param>
/// <param name="Reach">Positions from a kernel's first tap to its last, both included.</param>
/// <param name="Stride">Input positions from one output to the next.</param>
/// <param name="Before">Padding before the image.</param>
internal readonly record struct SlidingAxis(int Outputs, int Extent, int Reach, int Stride, int Before)
{
    /// <summary>Whether the windows of neighbours overlap or touch, so that a run of outputs reads a run of inputs.</summary>
    public bool IsContiguous => Reach >= Stride;

    /// <summary>Input positions under the windows of some outputs, each once.</summary>
    public long Read(int first, int count)
    {
        long start = (long)first * Stride - Before;
        long end = (first + count - 1L) * Stride - Before + Reach;
        if (IsContiguous)
            return Math.Max(0, Math.Min(end, Extent) - Math.Max(start, 0));
        if (start >= 0 && end <= Extent)
            return (long)count * Reach;
        long read = 0;
        for (int i = 0; i < count; i++)
        {
            long window = start + (long)i * Stride;
            read += Math.Max(0, Math.Min(window + Reach, Extent) - Math.Max(window, 0));
        }
        return read;
    }

    /// <summary>Input positions that the tiles of one size read together; what two of them share counts twice.</summary>
    public long ReadInTiles(int size)
    {
        int tiles = (Outputs + size - 1) / size;
        long read = 0;
        int tile = 0;
        // Tiles at the borders have windows in the padding; those between are alike.
        for (; tile < tiles && (long)tile * size * Stride < Before; tile++)
            read += ReadByTile(tile, size);
        long inside = (long)Extent + Before - Reach;
        int alike = (int)Math.Min(Outputs / size, inside < 0 ? 0 : (inside / Stride + 1) / size);
        if (alike > tile)
        {
            read += (alike - tile) * (IsContiguous ? (size - 1L) * Stride + Reach : (long)size * Reach);
            tile = alike;
        }
        for (; tile < tiles; tile++)
            read += ReadByTile(tile, size);
        return read;
    }

    /// <summary>Room for the inputs of any tile of one size.</summary>
    public long LargestTile(int size) =>
        size >= Outputs ? Read(0, Outputs) : Math.Min(Extent, IsContiguous ? (size - 1L) * Stride + Reach : (long)size * Reach);

    /// <summary>Bytes that the tiles of one size take on the bus: runs of positions, each of which takes whole bursts.</summary>
    public long BusBytesInTiles(int size, long positionBytes, int burst)
    {
        if (burst == 1)
            return ReadInTiles(size) * positionBytes;
        long bytes = 0;
        for (int first = 0; first < Outputs; first += size)
        {
            int count = Math.Min(size, Outputs - first);
            if (IsContiguous)
            {
                bytes += Bursts.Whole(Read(first, count) * positionBytes, burst);
                continue;
            }
            for (int i = 0; i < count; i++)
                bytes += Bursts.Whole(Read(first + i, 1) * positionBytes, burst);
        }
        return bytes;
    }

    private long ReadByTile(int tile, int size) => Read(tile * size, Math.Min(size, Outputs - tile * size));
}
