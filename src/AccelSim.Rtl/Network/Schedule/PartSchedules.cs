namespace AccelSim.Rtl.Network.Schedule;

/// <summary>A part of the pipeline as a process over the times of its streams' beats.</summary>
internal interface IPartSchedule
{
    /// <summary>Goes on as far as what is known allows. False when that is no step at all.</summary>
    bool Advance();
}

/// <summary>Offers a beat in every cycle.</summary>
internal sealed class SourceSchedule(StreamSchedule output, long beats) : IPartSchedule
{
    public bool Advance()
    {
        if (output.Offered == beats || output.HasNext)
            return false;
        output.Offer(0);
        return true;
    }
}

/// <summary>Takes every beat at once.</summary>
internal sealed class SinkSchedule(StreamSchedule input) : IPartSchedule
{
    public bool Advance()
    {
        bool moved = false;
        for (; input.HasNext; moved = true)
            input.Take(input.NextOffer);
        return moved;
    }
}

/// <summary>fifo, block_fifo and skid_buffer: some cycles of latency; a place is free the cycle after a beat has left.</summary>
internal sealed class QueueSchedule(StreamSchedule input, StreamSchedule output, int depth, int latency) : IPartSchedule
{
    public bool Advance()
    {
        bool moved = false;
        for (; input.HasNext && output.Taken > input.Taken - depth; moved = true)
        {
            long cycle = Math.Max(input.NextOffer, output.TakenAt(input.Taken - depth) + 1);
            input.Take(cycle);
            output.Offer(cycle + latency);
        }
        return moved;
    }
}

/// <summary>width_converter: one word; the next may begin in the cycle in which the last of it leaves.</summary>
internal sealed class ConverterSchedule(StreamSchedule input, StreamSchedule output, int inLanes, int outLanes) : IPartSchedule
{
    // One of the two is 1.
    private readonly int _gather = Math.Max(1, outLanes / inLanes), _spread = Math.Max(1, inLanes / outLanes);

    public bool Advance()
    {
        bool moved = false;
        while (input.HasNext)
        {
            long word = input.Taken / _gather;
            bool first = input.Taken % _gather == 0, last = input.Taken % _gather == _gather - 1;
            if (first && output.Taken < word * _spread)
                break;
            long cycle = Math.Max(input.NextOffer, first ? output.TakenAt(word * _spread - 1) : 0);
            input.Take(cycle);
            for (int part = 0; last && part < _spread; part++)
                output.Offer(cycle + 1);
            moved = true;
        }
        return moved;
    }
}

/// <summary>stream_fork: a beat leaves the source when both sinks have it.</summary>
internal sealed class ForkSchedule(StreamSchedule input, StreamSchedule a, StreamSchedule b) : IPartSchedule
{
    public bool Advance()
    {
        bool moved = false;
        for (; ; moved = true)
        {
            if (a.Offered > input.Taken)
            {
                if (a.Taken <= input.Taken || b.Taken <= input.Taken)
                    return moved;
                input.Take(Math.Max(a.LastTaken, b.LastTaken));
            }
            else if (input.HasNext)
            {
                a.Offer(input.NextOffer);
                b.Offer(input.NextOffer);
            }
            else
            {
                return moved;
            }
        }
    }
}
