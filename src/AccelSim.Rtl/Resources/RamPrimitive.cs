namespace AccelSim.Rtl.Resources;

/// <summary>A memory primitive as a family's library describes it to memory_libmap.</summary>
/// <param name="Name">In the library.</param>
/// <param name="Kind">LUT RAM, block RAM or URAM.</param>
/// <param name="Cost">Of one.</param>
/// <param name="WidthCost">The share of the cost that goes with the bits of width that are used.</param>
/// <param name="Byte">Bits of a write enable; 0 where there is one for the word.</param>
/// <param name="BlockRams">Blocks in the family's unit.</param>
/// <param name="Luts">LUTs of one.</param>
/// <param name="Shapes">Bits of a word and words, in the order in which they are tried.</param>
internal sealed record RamPrimitive(
    string Name, MemoryKind Kind, double Cost, double WidthCost, int Byte, double BlockRams, int Luts, (int Unit, int Words)[] Shapes)
{
    private static readonly RamPrimitive[] UltraScalePlus =
    [
        new("LUTRAM_SDP 32", MemoryKind.LutRam, 16, 16, 0, 0, 8, [(14, 32)]),
        new("LUTRAM_SDP 64", MemoryKind.LutRam, 16, 16, 0, 0, 8, [(7, 64)]),
        .. XilinxBlocks(),
        new("URAM288", MemoryKind.UltraRam, 1024, 0, 8, 0, 0, [(72, 4096)]),
    ];

    private static readonly RamPrimitive[] Series7 =
    [
        new("LUTRAM_SDP 32", MemoryKind.LutRam, 8, 7, 0, 0, 4, [(6, 32)]),
        new("LUTRAM_SDP 64", MemoryKind.LutRam, 8, 7, 0, 0, 4, [(3, 64)]),
        .. XilinxBlocks(),
    ];

    private static readonly RamPrimitive[] Ecp5 =
    [
        new("DPR16X4", MemoryKind.LutRam, 4, 0, 0, 0, 4, [(4, 16)]),
        new("DP16KD", MemoryKind.BlockRam, 128, 0, 9, 1, 0, [(1, 16384), (2, 8192), (4, 4096), (9, 2048), (18, 1024)]),
        new("PDPW16KD", MemoryKind.BlockRam, 128, 0, 9, 1, 0, [(9, 2048), (18, 1024), (36, 512)]),
    ];

    private static readonly RamPrimitive[] Ice40 =
    [
        new("RAM4K", MemoryKind.BlockRam, 64, 0, 0, 1, 0, [(2, 2048), (4, 1024), (8, 512)]),
        new("RAM4K with write mask", MemoryKind.BlockRam, 64, 0, 1, 1, 0, [(2, 2048), (4, 1024), (8, 512), (16, 256)]),
    ];

    public static IReadOnlyList<RamPrimitive> Of(FabricFamily family) => family switch
    {
        FabricFamily.UltraScalePlus => UltraScalePlus,
        FabricFamily.Series7 => Series7,
        FabricFamily.Ecp5 => Ecp5,
        _ => Ice40,
    };

    /// <summary>LUT RAM is for what is written; block RAM also serves a queue, whose address register it takes; URAM starts as zeros and so is no rom.</summary>
    public bool Serves(MemoryUse use, bool ultraRam) => Kind switch
    {
        MemoryKind.LutRam => use != MemoryUse.Rom,
        MemoryKind.BlockRam => true,
        _ => ultraRam && use == MemoryUse.Buffer,
    };

    /// <summary>Half and whole blocks, with two full ports, with one port each way, and two whole ones in a row.</summary>
    private static RamPrimitive[] XilinxBlocks() =>
    [
        new("RAMB18 TDP", MemoryKind.BlockRam, 129, 0, 9, 0.5, 0, [(1, 16384), (2, 8192), (4, 4096), (9, 2048), (18, 1024)]),
        new("RAMB36 TDP", MemoryKind.BlockRam, 257, 0, 9, 1, 0, [(1, 32768), (2, 16384), (4, 8192), (9, 4096), (18, 2048), (36, 1024)]),
        new("RAMB36 cascade", MemoryKind.BlockRam, 513, 0, 9, 2, 0, [(1, 65536), (2, 32768), (4, 16384), (9, 8192)]),
        new("RAMB18 SDP", MemoryKind.BlockRam, 129, 0, 9, 0.5, 0, [(9, 2048), (18, 1024), (36, 512)]),
        new("RAMB36 SDP", MemoryKind.BlockRam, 257, 0, 9, 1, 0, [(9, 4096), (18, 2048), (36, 1024), (72, 512)]),
    ];
}
