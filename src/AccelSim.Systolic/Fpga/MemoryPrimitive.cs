using System.Collections.Immutable;

namespace AccelSim.Systolic.Fpga;

/// <summary>A shape in which a block memory can be used with one read and one write port.</summary>
public readonly record struct MemoryShape(int Depth, int Width);

/// <summary>A block memory of an FPGA: its shapes, of which the synthesizer chooses for each piece of a wide memory.</summary>
/// <param name="Name">The vendor's name.</param>
/// <param name="Shapes">Every shape it has.</param>
/// <param name="PerReportedBlock">How many of it make the block that data sheets count: two RAMB18 are a block RAM of 36 kibit.</param>
public sealed record MemoryPrimitive(string Name, ImmutableArray<MemoryShape> Shapes, int PerReportedBlock = 1)
{
    /// <summary>Half a block RAM of AMD's 7 series and later, simple dual port (UG473 and UG573). A whole block gives no shape that its halves do not.</summary>
    public static MemoryPrimitive RamB18 { get; } = new("RAMB18", [new(512, 36), new(1024, 18), new(2048, 9), new(4096, 4), new(8192, 2), new(16384, 1)], 2);

    /// <summary>UltraRAM of AMD's UltraScale+ (UG573): one shape.</summary>
    public static MemoryPrimitive UltraRam { get; } = new("URAM288", [new(4096, 72)]);

    /// <summary>Block RAM of Lattice ECP5, pseudo dual port.</summary>
    public static MemoryPrimitive Dp16Kd { get; } = new("DP16KD", [new(512, 36), new(1024, 18), new(2048, 9), new(4096, 4), new(8192, 2), new(16384, 1)]);

    /// <summary>Block RAM of Lattice iCE40.</summary>
    public static MemoryPrimitive Ram40 { get; } = new("SB_RAM40_4K", [new(256, 16), new(512, 8), new(1024, 4), new(2048, 2)]);

    /// <summary>Single-port RAM of the iCE40 UltraPlus, one port for both: it fills in the cycles in which it is not read.</summary>
    public static MemoryPrimitive SpRam { get; } = new("SB_SPRAM256KA", [new(16384, 16)]);

    /// <summary>The fewest primitives that make a memory of a depth and each width from 0 to a limit, wide memories being cut in columns of any shapes.</summary>
    /// <param name="depth">Words.</param>
    /// <param name="widest">Greatest width in bits.</param>
    /// <returns>Primitives by width.</returns>
    public ImmutableArray<long> CountsFor(long depth, int widest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(widest);
        long[] fewest = new long[widest + 1];
        for (int width = 1; width <= widest; width++)
        {
            fewest[width] = Shapes.Min(shape => ((depth + shape.Depth - 1) / shape.Depth) + fewest[Math.Max(0, width - shape.Width)]);
        }
        return [.. fewest];
    }

    /// <summary>The fewest primitives that make one memory.</summary>
    /// <param name="depth">Words.</param>
    /// <param name="width">Bits of a word.</param>
    public long CountFor(long depth, int width) => CountsFor(depth, width)[width];
}
