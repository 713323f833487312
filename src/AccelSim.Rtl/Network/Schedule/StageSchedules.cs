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
    private readonly PixelBufferSchedule _pixels = new(input, design.PixelSlots, pixelBeats);
    private int _result;

    public override bool Advance()
    {
        bool moved = false;
        while (_pixels.Load() | ComputePixels())
            moved = true;
        return moved;
    }

    private bool ComputePixels()
    {
        bool moved = false;
        for (; _pixels.Released < _pixels.Loaded && CanBegin; moved = true)
        {
            Compute(_pixels.Available);
            if (++_result == Design.PixelResults)
            {
                _result = 0;
                _pixels.Release(LastRead);
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

/// <summary>scale_stage: a beat of the frame when the frame's gates are there; gates of two frames are kept.</summary>
internal sealed class ScaleSchedule(StageDesign design, StreamSchedule frames, StreamSchedule gates, StreamSchedule output, int gateBeats) : IPartSchedule
{
    private const int GateSlots = 2;

    private readonly PixelBufferSchedule _gates = new(gates, GateSlots, gateBeats);
    private long _beat;

    public bool Advance()
    {
        bool moved = false;
        while (_gates.Load() | Scale())
            moved = true;
        return moved;
    }

    private bool Scale()
    {
        bool moved = false;
        for (; frames.HasNext && _gates.Released < _gates.Loaded && output.Taken > output.Offered - design.QueueDepth; moved = true)
        {
            long cycle = Math.Max(Math.Max(frames.NextOffer, _gates.Available), output.TakenAt(output.Offered - design.QueueDepth) + 1);
            frames.Take(cycle);
            output.Offer(cycle + design.Latency + 1);
            if (++_beat == design.InBeats)
            {
                _beat = 0;
                _gates.Release(cycle);
            }
        }
        return moved;
    }
}

/// <summary>slice_stage: what is kept goes through a register slice, the rest is taken at once.</summary>
internal sealed class SliceSchedule(StageDesign design, StreamSchedule input, StreamSchedule output) : IPartSchedule
{
    private readonly StageShape _shape = design.Shape;

    public bool Advance()
    {
        bool moved = false;
        for (; input.HasNext; moved = true)
        {
            if (!Keeps(input.Taken))
            {
                input.Take(input.NextOffer);
                continue;
            }
            if (output.Taken <= output.Offered - design.QueueDepth)
                break;
            long cycle = Math.Max(input.NextOffer, output.TakenAt(output.Offered - design.QueueDepth) + 1);
            input.Take(cycle);
            output.Offer(cycle + 1);
        }
        return moved;
    }

    private bool Keeps(long beat)
    {
        long channel = beat % design.Groups * design.InLanes - _shape.ChannelStart, pixel = beat / design.Groups % _shape.InPixels;
        return channel >= 0 && channel < _shape.OutChannels && Keeps(_shape.Rows, pixel / _shape.Width) && Keeps(_shape.Columns, pixel % _shape.Width);
    }

    private static bool Keeps(AxisSelection axis, long position) =>
        position >= axis.Start && (position - axis.Start) % axis.Step == 0 && (position - axis.Start) / axis.Step < axis.Length;
}

/// <summary>pad_stage: a beat a cycle into a register slice; a frame begins when its first input beat is there.</summary>
internal sealed class PadSchedule(StageDesign design, StreamSchedule input, StreamSchedule output, int frames) : IPartSchedule
{
    private readonly StageShape _shape = design.Shape;
    private readonly int _groups = design.Shape.OutChannels / design.InLanes;
    private long _last = -1;

    public bool Advance()
    {
        bool moved = false;
        for (; output.Offered < frames * design.OutBeats && output.Taken > output.Offered - design.QueueDepth; moved = true)
        {
            bool inside = IsInside(output.Offered), waits = inside || output.Offered % design.OutBeats == 0;
            if (waits && !input.HasNext)
                break;
            _last = Math.Max(Math.Max(_last + 1, waits ? input.NextOffer : 0), output.TakenAt(output.Offered - design.QueueDepth) + 1);
            if (inside)
                input.Take(_last);
            output.Offer(_last + 1);
        }
        return moved;
    }

    private bool IsInside(long beat)
    {
        long channel = beat % _groups * design.InLanes - _shape.PadChannels, pixel = beat / _groups % _shape.OutPixels;
        long row = pixel / _shape.OutWidth - _shape.Padding.Top, column = pixel % _shape.OutWidth - _shape.Padding.Left;
        return channel >= 0 && channel < _shape.Channels && row >= 0 && row < _shape.Height && column >= 0 && column < _shape.Width;
    }
}
