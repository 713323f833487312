namespace AccelSim.Rtl.Resources;

/// <summary>How a memory of the design is read and written.</summary>
internal enum MemoryUse
{
    /// <summary>Never written; read with a clock (rom, packed_weights).</summary>
    Rom,

    /// <summary>A write port and a read port with a clock (line_buffer, pixel_buffer).</summary>
    Buffer,

    /// <summary>A write port, read without a clock (fifo, global_pool_unit).</summary>
    Queue,
}

/// <summary>What a memory becomes.</summary>
internal enum MemoryKind
{
    /// <summary>LUTs for a rom; registers and multiplexers for what is written.</summary>
    Logic,
    LutRam,
    BlockRam,
    UltraRam,
}

/// <summary>
/// What Yosys 0.23 makes of a memory: its pass memory_libmap takes the cheapest of logic and the primitives of the family's library
/// (/usr/share/yosys/xilinx, ecp5, ice40), each with a cost. Restated here for memories of one read port and at most one write port that writes whole words.
/// </summary>
/// <param name="Kind">What it becomes.</param>
/// <param name="Blocks">Primitives side by side and one after another.</param>
/// <param name="Banks">Primitives one after another, whose outputs a multiplexer selects from.</param>
/// <param name="Primitive">The primitive, or null for logic.</param>
internal sealed record MemoryMapping(MemoryKind Kind, long Blocks, long Banks, RamPrimitive? Primitive)
{
    /// <param name="family">The fabric.</param>
    /// <param name="width">Bits of a word, 1 and more.</param>
    /// <param name="depth">Words.</param>
    /// <param name="use">Its ports.</param>
    /// <param name="ultraRam">Whether large memories may become URAM (<c>-uram</c>); UltraScale+ only.</param>
    public static MemoryMapping Of(FabricFamily family, long width, long depth, MemoryUse use, bool ultraRam = false)
    {
        double bits = (double)width * depth;
        // The costs of a bit of soft logic that the synthesis commands pass to memory_libmap; the pass compares with its integer part.
        double best = Math.Truncate(use == MemoryUse.Rom ? bits * RomBitCost(family) : bits);
        var chosen = new MemoryMapping(MemoryKind.Logic, 0, 1, null);
        foreach (var primitive in RamPrimitive.Of(family))
        {
            if (!primitive.Serves(use, ultraRam))
                continue;
            foreach (var (unit, words) in primitive.Shapes)
            {
                long banks = CeilDiv(depth, words);
                // Write enables cover bytes of the primitive; a rom has none, so its bits are packed without a gap.
                long grain = use == MemoryUse.Rom ? 1 : primitive.Byte == 0 ? unit : Math.Min(primitive.Byte, unit);
                long blocks = CeilDiv(banks * CeilDiv(width, grain) * grain, unit);
                double cost = (primitive.Cost - primitive.WidthCost) * blocks + primitive.WidthCost * banks * width / unit
                    + 0.5 * (banks - 1) * width + (banks > 1 && use != MemoryUse.Rom ? 0.5 * banks : 0) + (use == MemoryUse.Queue ? QueuePortCost : ReadPortCost);
                if (cost < best)
                {
                    best = Math.Truncate(cost);
                    chosen = new MemoryMapping(primitive.Kind, blocks, banks, primitive);
                }
            }
        }
        return chosen;
    }

    /// <summary>Two for a read port of its own, which breaks ties in favour of ports that read and write.</summary>
    private const double ReadPortCost = 2;

    /// <summary>The pass before moves a queue's address register into its memory, whose word that is being written must then show at once: six more.</summary>
    private const double QueuePortCost = 8;

    private static double RomBitCost(FabricFamily family) => family is FabricFamily.UltraScalePlus or FabricFamily.Series7 ? 1.0 / 64 : 1.0 / 16;

    private static long CeilDiv(long value, long divisor) => (value + divisor - 1) / divisor;
}
