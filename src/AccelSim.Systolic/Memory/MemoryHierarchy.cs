using System.Collections.Immutable;

namespace AccelSim.Systolic.Memory;

/// <summary>The memories of an accelerator.</summary>
/// <remarks>
/// The levels that hold one kind of value are a chain: the engine reads the first of them, each is filled from the next, the last from DRAM. A kind
/// that no level holds: activations and weights come from DRAM as the engine asks for them, partial sums have room enough in the engine.
/// </remarks>
/// <param name="Levels">Memories on the chip, from the engine outwards.</param>
/// <param name="Dram">The memory off the chip.</param>
public sealed record MemoryHierarchy(ImmutableArray<MemoryLevel> Levels, Dram Dram)
{
    /// <summary>One memory each for activations, weights and partial sums, the commonest arrangement.</summary>
    /// <param name="activationBytes">Bytes of the level "activations".</param>
    /// <param name="weightBytes">Bytes of the level "weights".</param>
    /// <param name="dram">The memory off the chip.</param>
    /// <param name="buffering">How activations and weights fill.</param>
    /// <param name="accumulatorBytes">Bytes of the level "partial sums", of which one half drains while the other fills; without it there is no such level.</param>
    public static MemoryHierarchy Split(
        long activationBytes, long weightBytes, Dram dram, Buffering buffering = Buffering.Double, long? accumulatorBytes = null)
    {
        var activations = new MemoryLevel("activations", MemoryContents.Activations, activationBytes, buffering);
        var weights = new MemoryLevel("weights", MemoryContents.Weights, weightBytes, buffering);
        return new MemoryHierarchy(
            accumulatorBytes is { } bytes ? [activations, weights, new MemoryLevel("partial sums", MemoryContents.PartialSums, bytes)] : [activations, weights],
            dram);
    }

    /// <summary>The levels that hold this kind of value, from the engine outwards.</summary>
    public IEnumerable<MemoryLevel> Holding(MemoryContents content) => Levels.Where(level => level.CanHold(content));

    /// <summary>The level of that name with another size; for studies of what a size does.</summary>
    /// <exception cref="ArgumentException">There is no such level.</exception>
    public MemoryHierarchy Resized(string level, long bytes)
    {
        MemoryLevel old = Levels.FirstOrDefault(one => one.Name == level)
            ?? throw new ArgumentException($"There is no memory '{level}'; there are {string.Join(", ", Levels.Select(one => one.Name))}.", nameof(level));
        return this with { Levels = Levels.Replace(old, old with { Bytes = bytes }) };
    }

    /// <summary>
    /// Bytes of a memory of the engine's own for partial sums, of which one half fills while the other drains where it is double-buffered; unlimited where they
    /// share a memory with activations and weights, which is then not what limits.
    /// </summary>
    internal long AccumulatorRoom =>
        Levels.FirstOrDefault(level => level.CanHold(MemoryContents.PartialSums) && !level.CanHold(MemoryContents.Activations | MemoryContents.Weights))?.Room ?? long.MaxValue;
}
