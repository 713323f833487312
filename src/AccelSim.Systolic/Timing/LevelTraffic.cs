using AccelSim.Graph;
using AccelSim.Systolic.Memory;

namespace AccelSim.Systolic.Timing;

/// <summary>Counts the bytes that a layer moves through each level of memory.</summary>
internal sealed class LevelTraffic(MemoryHierarchy memory)
{
    private readonly long[] _read = new long[memory.Levels.Length];
    private readonly long[] _written = new long[memory.Levels.Length];
    private long _sumsRead;
    private long _sumsWritten;

    /// <summary>What crosses the engine's edge: the innermost level that holds it; partial sums that no level holds are in the engine.</summary>
    public void Engine(MemoryContents content, long read, long written)
    {
        int innermost = Next(content, -1);
        if (innermost >= 0)
            (_read[innermost], _written[innermost]) = (_read[innermost] + read, _written[innermost] + written);
        else if (content == MemoryContents.PartialSums)
            (_sumsRead, _sumsWritten) = (_sumsRead + read, _sumsWritten + written);
    }

    /// <summary>What comes into the outermost level from DRAM.</summary>
    public void FromDram(MemoryContents content, long bytes) => Into(Outermost(content), bytes);

    /// <summary>What leaves the outermost level to DRAM.</summary>
    public void ToDram(MemoryContents content, long bytes) => OutOf(Outermost(content), bytes);

    /// <summary>What passes from one level inwards to the next.</summary>
    public void Inwards(MemoryContents content, int level, long bytes)
    {
        OutOf(level, bytes);
        Into(Before(content, level), bytes);
    }

    /// <summary>What passes from one level outwards to the next.</summary>
    public void Outwards(MemoryContents content, int level, long bytes)
    {
        OutOf(Before(content, level), bytes);
        Into(level, bytes);
    }

    /// <summary>What the engine reads of it passes every level from the outermost to the innermost.</summary>
    public void PassThrough(MemoryContents content, long bytes)
    {
        int innermost = Next(content, -1);
        for (int level = Next(content, innermost); innermost >= 0 && level >= 0; level = Next(content, level))
            Inwards(content, level, bytes);
    }

    /// <summary>Finished outputs, through every level to the outermost.</summary>
    public void Outputs(long bytes)
    {
        int innermost = Next(MemoryContents.Activations, -1);
        Into(innermost, bytes);
        for (int level = Next(MemoryContents.Activations, innermost); innermost >= 0 && level >= 0; level = Next(MemoryContents.Activations, level))
            Outwards(MemoryContents.Activations, level, bytes);
    }

    /// <summary>The next level outwards that holds this, or −1.</summary>
    public int Next(MemoryContents content, int level)
    {
        for (int i = level + 1; i < memory.Levels.Length; i++)
        {
            if (memory.Levels[i].CanHold(content))
                return i;
        }
        return -1;
    }

    /// <summary>Cycles that the busiest level needs for what it moves, all of its ports at work.</summary>
    public long BusiestCycles()
    {
        double most = 0;
        for (int i = 0; i < _read.Length; i++)
            most = Math.Max(most, (_read[i] + _written[i]) / memory.Levels[i].BytesPerCycle);
        return (long)Math.Ceiling(most);
    }

    /// <summary>Every level from the engine outwards, then DRAM; partial sums that no level holds under that name.</summary>
    public Traffic[] With(long dramRead, long dramWritten)
    {
        var traffic = new List<Traffic>(_read.Length + 2);
        for (int i = 0; i < _read.Length; i++)
            traffic.Add(new Traffic(memory.Levels[i].Name, _read[i], _written[i]));
        if (Next(MemoryContents.PartialSums, -1) < 0)
            traffic.Add(new Traffic("partial sums", _sumsRead, _sumsWritten));
        traffic.Add(new Traffic("DRAM", dramRead, dramWritten));
        return [.. traffic];
    }

    private int Outermost(MemoryContents content)
    {
        for (int i = memory.Levels.Length - 1; i >= 0; i--)
        {
            if (memory.Levels[i].CanHold(content))
                return i;
        }
        return -1;
    }

    private int Before(MemoryContents content, int level)
    {
        for (int i = level - 1; i >= 0; i--)
        {
            if (memory.Levels[i].CanHold(content))
                return i;
        }
        return -1;
    }

    private void Into(int level, long bytes)
    {
        if (level >= 0)
            _written[level] += bytes;
    }

    private void OutOf(int level, long bytes)
    {
        if (level >= 0)
            _read[level] += bytes;
    }
}
