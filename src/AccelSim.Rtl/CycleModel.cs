namespace AccelSim.Rtl;

/// <summary>Cycles of back-to-back frames without stalls, all counted from the cycle in which the block takes its first input beat.</summary>
/// <param name="FirstOutput">Cycles until the first output beat is taken.</param>
/// <param name="FrameEnds">For each frame, cycles until its last output beat is taken.</param>
public sealed record BlockCycles(long FirstOutput, IReadOnlyList<long> FrameEnds)
{
    /// <summary>Cycles of one frame alone, the first and the last beat included.</summary>
    public long Frame => FrameEnds[0] + 1;

    /// <summary>Cycles between the ends of the last two frames; with one frame, the cycles of that frame.</summary>
    public long Interval => FrameEnds.Count > 1 ? FrameEnds[^1] - FrameEnds[^2] : Frame;
}

/// <summary>
/// Predicts the cycles of the generated block exactly: loader, depthwise and pointwise engine as three servers in a row
/// with finite buffers between them. A server starts a unit of work when it is done with the last, its input is there and its
/// output has room; each unit takes a fixed time, so the schedule is a recurrence over rows and pixels (max-plus linear:
/// Baccelli et al., "Synchronization and Linearity", 1992), with no simulation of cycles.
/// </summary>
public static class CycleModel
{
    /// <param name="design">The hardware.</param>
    /// <param name="frames">Frames back to back, at least 1.</param>
    public static BlockCycles Predict(BlockDesign design, int frames = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        var shape = design.Shape;
        var loader = new RowLoader(design, frames);
        long[] released = new long[design.PixelSlots];   // cycle of the read that frees each place of the pixel ring
        Array.Fill(released, long.MinValue / 2);
        long dwFree = 0, pwFree = 0, firstOutput = 0, pixel = 0;
        var ends = new long[frames];
        for (int frame = 0; frame < frames; frame++)
        {
            for (int y = 0; y < shape.OutHeight; y++)
            {
                bool last = y == shape.OutHeight - 1;
                int top = y * shape.Stride - shape.Padding.Top;
                long row = loader.Loaded(frame, last ? shape.Height : Math.Min(top + shape.Kernel, shape.Height));
                for (int x = 0; x < shape.OutWidth; x++, pixel++)
                {
                    int place = (int)(pixel % design.PixelSlots);
                    long dwStart = Math.Max(Math.Max(dwFree, row), released[place] + 1);
                    dwFree = dwStart + design.DwPixelCycles;
                    long pwStart = Math.Max(pwFree, dwFree - 1 + design.DwLatency + 1);
                    pwFree = pwStart + design.PwPixelCycles;
                    released[place] = pwFree - 1;
                    if (pixel == 0)
                        firstOutput = pwStart + design.PwSteps - 1 + design.PwLatency - (design.PwResultBeats - 1) + OutputLatency;
                }
                loader.Release(frame, last ? shape.Height : Math.Max(top + shape.Stride, 0), dwFree - 1);
            }
            ends[frame] = pwFree - 1 + design.PwLatency + OutputLatency;
        }
        return new BlockCycles(firstOutput, ends);
    }

    /// <summary>
    /// The frame interval when nothing but the slowest of the three servers holds the others back: a lower bound of
    /// <see cref="Predict"/>'s interval, cheap enough for a search.
    /// </summary>
    public static long IntervalBound(BlockDesign design) => Math.Max(
        design.Shape.Height * design.RowCycles,
        design.Shape.OutPixels * Math.Max(design.DwPixelCycles, design.PwPixelCycles));

    /// <summary>Through the output queue and the output's register slice.</summary>
    private const int OutputLatency = 2;

    /// <summary>Input rows in order over all frames; a row begins when the one before is in and a slot of the ring is free.</summary>
    private sealed class RowLoader(BlockDesign design, int frames)
    {
        private readonly long[] _loaded = new long[(long)frames * design.Shape.Height];     // first cycle in which the row can be used
        private readonly long[] _released = new long[(long)frames * design.Shape.Height];   // first cycle in which its slot can be used
        private int _rows;
        private int _releasedRows;

        /// <summary>The first cycle in which rows [0, <paramref name="rows"/>) of a frame are in the buffer.</summary>
        public long Loaded(int frame, int rows)
        {
            int wanted = frame * design.Shape.Height + rows - 1;
            for (; _rows <= wanted; _rows++)
            {
                // The register slice at the input delays the first beat by a cycle.
                long previous = _rows == 0 ? 1 : _loaded[_rows - 1];
                long slot = _rows < design.BufferRows ? 0 : _released[_rows - design.BufferRows];
                _loaded[_rows] = Math.Max(previous, slot) + design.RowCycles;
            }
            return _loaded[wanted];
        }

        /// <summary>Rows before <paramref name="end"/> of a frame are given back by a read in cycle <paramref name="cycle"/>.</summary>
        public void Release(int frame, int end, long cycle)
        {
            for (; _releasedRows < frame * design.Shape.Height + end; _releasedRows++)
                _released[_releasedRows] = cycle + 1;
        }
    }
}
