using AccelSim.Rtl.Resources;

namespace AccelSim.Tests.Rtl.Resources;

/// <summary>Cells that Yosys 0.23 synthesized alone (-flatten -noiopad; synth_ice40 with -dsp): what it counted, held against the closed forms.</summary>
public sealed class CellResourcesTests
{
    /// <summary>Registers within 4 %, look-up tables within 8 %, slices and block RAM equal.</summary>
    [Theory]
    [InlineData(FabricFamily.UltraScalePlus, "requantizer 16", 2, 0, 228, 233)]
    [InlineData(FabricFamily.Series7, "requantizer 16", 2, 0, 182, 182)]
    [InlineData(FabricFamily.Ecp5, "requantizer 16", 2, 0, 292, 287)]
    [InlineData(FabricFamily.Ice40, "requantizer 16", 2, 0, 273, 240)]
    [InlineData(FabricFamily.UltraScalePlus, "requantizer 31", 4, 0, 462, 294)]
    [InlineData(FabricFamily.Series7, "requantizer 31", 4, 0, 364, 292)]
    [InlineData(FabricFamily.Ecp5, "requantizer 31", 4, 0, 840, 402)]
    [InlineData(FabricFamily.Ice40, "requantizer 31", 4, 0, 549, 338)]
    [InlineData(FabricFamily.UltraScalePlus, "dot product", 8, 0, 154, 311)]
    [InlineData(FabricFamily.Series7, "dot product", 8, 0, 90, 95)]
    [InlineData(FabricFamily.Ecp5, "dot product", 8, 0, 228, 314)]
    [InlineData(FabricFamily.Ice40, "dot product", 8, 0, 220, 186)]
    [InlineData(FabricFamily.UltraScalePlus, "window at once", 0, 0, 627, 244)]
    [InlineData(FabricFamily.Series7, "window at once", 0, 0, 586, 244)]
    [InlineData(FabricFamily.Ecp5, "window at once", 0, 0, 1633, 245)]
    [InlineData(FabricFamily.Ice40, "window at once", 0, 12, 725, 147)]
    [InlineData(FabricFamily.UltraScalePlus, "a tap at once", 0, 0.5, 161, 90)]
    [InlineData(FabricFamily.Series7, "a tap at once", 0, 0.5, 153, 90)]
    [InlineData(FabricFamily.Ecp5, "a tap at once", 0, 1, 399, 91)]
    [InlineData(FabricFamily.Ice40, "a tap at once", 0, 2, 246, 89)]
    public void A_cell_takes_what_its_closed_form_says(FabricFamily family, string cell, double dsps, double blockRams, double luts, double registers)
    {
        var cells = new CellResources(family);
        // 16 channels, one lane, 22-bit sums; bias of 17 columns, shifts 16 to 23 or 31 to 38. Two outputs of four terms, 22-bit sums. 20 rows of 24 pixels, 3×3.
        var use = cell switch
        {
            "requantizer 16" => cells.Requantizer(1, 16, 22, 16, false, new RequantColumns(17, 15, 3, 16)),
            "requantizer 31" => cells.Requantizer(1, 16, 22, 31, false, new RequantColumns(17, 30, 5, 0)),
            "dot product" => cells.DotProduct(2, 4, 8, 22, packed: false),
            "window at once" => CellResources.WindowReader(20, 24, 8, 3, 1, 9, 20, 24, 1, true) + cells.LineBuffer(24, 1, 8, 3, 4, 9) + Taps(72),
            _ => CellResources.WindowReader(20, 24, 4, 3, 1, 1, 20, 24, 1, true) + cells.LineBuffer(24, 2, 4, 3, 4, 1) + Taps(16),
        };
        var predicted = use.For(family);
        Assert.Equal((dsps, blockRams), (predicted.Dsps, predicted.BlockRams));
        Assert.True(Math.Abs(predicted.Registers / registers - 1) <= 0.04, $"{predicted.Registers} registers");
        Assert.True(Math.Abs(predicted.Luts / luts - 1) <= 0.08, $"{predicted.Luts} LUTs");

        // Alone, a window's taps go to no slice that could take their registers.
        CellUse Taps(int bits) => new(Registers: family is FabricFamily.Series7 or FabricFamily.Ice40 ? bits : 0);
    }

    /// <summary>The address register of a queue goes into its memory, so that it may become block RAM; Yosys 0.23 of fifo alone.</summary>
    [Theory]
    [InlineData(FabricFamily.UltraScalePlus, 8, 2, nameof(MemoryKind.Logic), 0)]
    [InlineData(FabricFamily.UltraScalePlus, 8, 3, nameof(MemoryKind.LutRam), 1)]
    [InlineData(FabricFamily.UltraScalePlus, 16, 2, nameof(MemoryKind.LutRam), 2)]
    [InlineData(FabricFamily.UltraScalePlus, 32, 300, nameof(MemoryKind.BlockRam), 1)]
    [InlineData(FabricFamily.UltraScalePlus, 32, 2048, nameof(MemoryKind.BlockRam), 2)]
    [InlineData(FabricFamily.Ecp5, 8, 24, nameof(MemoryKind.LutRam), 4)]
    [InlineData(FabricFamily.Ecp5, 16, 8, nameof(MemoryKind.LutRam), 4)]
    [InlineData(FabricFamily.Ecp5, 32, 300, nameof(MemoryKind.BlockRam), 1)]
    [InlineData(FabricFamily.Ecp5, 32, 2048, nameof(MemoryKind.BlockRam), 4)]
    [InlineData(FabricFamily.Ice40, 8, 6, nameof(MemoryKind.Logic), 0)]
    [InlineData(FabricFamily.Ice40, 16, 8, nameof(MemoryKind.BlockRam), 1)]
    [InlineData(FabricFamily.Ice40, 32, 300, nameof(MemoryKind.BlockRam), 4)]
    [InlineData(FabricFamily.Ice40, 32, 2048, nameof(MemoryKind.BlockRam), 16)]
    public void A_queue_becomes_what_is_cheapest(FabricFamily family, long width, long depth, string kind, long blocks)
    {
        var mapping = MemoryMapping.Of(family, width, depth, MemoryUse.Queue);
        Assert.Equal((kind, blocks), (mapping.Kind.ToString(), mapping.Blocks));
    }
}
