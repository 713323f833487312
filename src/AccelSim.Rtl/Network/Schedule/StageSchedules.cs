namespace AccelSim.Rtl.Network.Schedule;

/// <summary>What the schedules of stages with an engine share: results that go to a queue, for which the engine holds credits.</summary>
internal abstract class EngineSchedule(StageDesign design, StreamSchedule output) : IPartSchedule
{
    private long _results;
    private long _free;

    protected StageDesign Design { get; } = design;

    /// <summary>The read that ended the last result.</summary>
    protected long LastRead => _free - 1;

    public abstract bool Advance();

    /// <summary>Whether it is known when the places of the next result become free.</summary>
    protected bool CanBegin => output.Taken >= (_results + 1) * Design.GroupBeats - Design.QueueDepth;

    /// <summary>Reads for a result, not before a cycle: its beats leave the pipeline behind the engine one after another.</summary>
    protected void Compute(long earliest)
    {
        long credit = output.TakenAt((_results + 1) * Design.GroupBeats - Design.QueueDepth - 1) + 1;
        long start = Math.Max(Math.Max(_free, earliest), credit);
        _free = start + Design.Steps;
        long written = _free - 1 + Design.Latency;
        for (int beat = Design.GroupBeats - 1; beat >= 0; beat--)
            output.Offer(written - beat + 1);
        _results++;
    }
}

/// <summary>convolution_stage, depthwise_stage, max_pool_stage, average_pool_stage: rows in, windows out.</summary>
internal sealed class WindowSchedule(StageDesign design, StreamSchedule input, StreamSchedule output, int frames) : EngineSchedule(design, output)
{
    // By row over all frames, in rings: the first cycle in which the row can be read, and in which its slot can be used again.
    private readonly long[] _loaded = new long[Ring(design)], _released = new long[Ring(design)];
    private readonly long _rowBeats = (long)design.Shape.Width * design.Groups;
    private readonly long _rowResults = (long)design.Shape.OutWidth * design.PixelResults;
    private long _loadedRows, _releasedRows, _rowBeat, _rowResult;
    private int _y, _frame;

    public override bool Advance()
    {
        bool moved = false;
        while (Load() | ComputeRow())
            moved = true;
        return moved;
    }

    private static int Ring(StageDesign design) => 2 * design.BufferRows + 1;

    private bool Load()
    {
        bool moved = false;
        for (; input.HasNext; moved = true)
        {
            long reused = _loadedRows - Design.BufferRows;
            if (reused >= _releasedRows)
                break;
            long cycle = Math.Max(input.NextOffer, reused < 0 ? 0 : _released[reused % _released.Length]);
            input.Take(cycle);
            if (++_rowBeat == _rowBeats)
            {
                _rowBeat = 0;
                _loaded[_loadedRows++ % _loaded.Length] = cycle + 1;
            }
        }
        return moved;
    }

    private bool ComputeRow()
    {
        bool moved = false;
        var shape = Design.Shape;
        while (_frame < frames)
        {
            bool last = _y == shape.OutHeight - 1;
            int top = _y * shape.Stride - shape.Padding.Top;
            long first = (long)_frame * shape.Height;
            long needed = first + (last ? shape.Height : Math.Min(top + shape.Kernel, shape.Height));
            if (needed > _loadedRows)
                break;
            for (; _rowResult < _rowResults && CanBegin; _rowResult++, moved = true)
                Compute(_loaded[(needed - 1) % _loaded.Length]);
            if (_rowResult < _rowResults)
                break;
            _rowResult = 0;
            long end = first + (last ? shape.Height : Math.Max(top + shape.Stride, 0));
            while (_releasedRows < end)
                _released[_releasedRows++ % _released.Length] = LastRead + 1;
            _y = last ? 0 : _y + 1;
            _frame += last ? 1 : 0;
        }
        return moved;
    }
}

/// <summary>pointwise_stage: pixels in, the results of one after another out.</summary>
internal sealed class PointwiseSchedule(StageDesign design, StreamSchedule input, StreamSchedule output, int pixelBeats) : EngineSchedule(design, output)
{
    private readonly long[] _available = new long[design.PixelSlots + 1], _released = new long[design.PixelSlots + 1];
    private long _loadedPixels, _releasedPixels;
    private int _pixelBeat, _result;

    public override bool Advance()
    {
        bool moved = false;
        while (Load() | ComputePixels())
            moved = true;
        return moved;
    }

    private bool Load()
    {
        bool moved = false;
        for (; input.HasNext; moved = true)
        {
            long reused = _loadedPixels - Design.PixelSlots;
            bool first = _pixelBeat == 0;
            if (first && reused >= _releasedPixels)
                break;
            long cycle = Math.Max(input.NextOffer, first && reused >= 0 ? _released[reused % _released.Length] : 0);
            input.Take(cycle);
            if (++_pixelBeat == pixelBeats)
            {
                _pixelBeat = 0;
                _available[_loadedPixels++ % _available.Length] = cycle + 1;
            }
        }
        return moved;
    }

    private bool ComputePixels()
    {
        bool moved = false;
        for (; _releasedPixels < _loadedPixels && CanBegin; moved = true)
        {
            Compute(_available[_releasedPixels % _available.Length]);
            if (++_result == Design.PixelResults)
            {
                _result = 0;
                _released[_releasedPixels++ % _released.Length] = LastRead + 1;
            }
        }
        return moved;
    }
}

/// <summary>global_pool_stage: a beat a cycle; those of the last pixel need a place for their result.</summary>
internal sealed class GlobalPoolSchedule(StageDesign design, StreamSchedule input, StreamSchedule output) : IPartSchedule
{
    private readonly long _silent = design.InBeats - design.Groups;

    public bool Advance()
    {
        bool moved = false;
        for (; input.HasNext; moved = true)
        {
            bool gives = input.Taken % design.InBeats >= _silent;
            long place = output.Offered - design.QueueDepth;
            if (gives && output.Taken <= place)
                break;
            long cycle = Math.Max(input.NextOffer, gives ? output.TakenAt(place) + 1 : 0);
            input.Take(cycle);
            if (gives)
                output.Offer(cycle + design.Latency + 1);
        }
        return moved;
    }
}

/// <summary>add_stage: a beat of both at once.</summary>
internal sealed class AddSchedule(StageDesign design, StreamSchedule a, StreamSchedule b, StreamSchedule output) : IPartSchedule
{
    public bool Advance()
    {
        bool moved = false;
        for (; a.HasNext && b.HasNext && output.Taken > output.Offered - design.QueueDepth; moved = true)
        {
            long cycle = Math.Max(Math.Max(a.NextOffer, b.NextOffer), output.TakenAt(output.Offered - design.QueueDepth) + 1);
            a.Take(cycle);
            b.Take(cycle);
            output.Offer(cycle + design.Latency + 1);
        }
        return moved;
    }
}
