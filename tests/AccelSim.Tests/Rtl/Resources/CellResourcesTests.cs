using System.Globalization;
using System.Text.RegularExpressions;
using AccelSim.Rtl.Rendering;
using AccelSim.Rtl.Resources;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl.Resources;

/// <summary>Cells that Yosys 0.23 synthesized alone (-flatten -noiopad; synth_ice40 with -dsp): what it counted, held against the closed forms.</summary>
public sealed partial class CellResourcesTests(ITestOutputHelper output) : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private const double Tenth = 0.10;

    /// <summary>Cells of networks beyond a tenth, and why (docs/rtl-resources.md).</summary>
    private static readonly Dictionary<(string Cell, FabricFamily Family), double> LutBounds = new()
    {
        [("pixel_buffer_wide", FabricFamily.UltraScalePlus)] = 0.19,
        [("pixel_buffer_wide", FabricFamily.Ecp5)] = 0.23,
        [("max_pool_stage", FabricFamily.Series7)] = 0.12,
        [("max_pool_stage", FabricFamily.Ecp5)] = 0.12,
        [("average_pool_stage", FabricFamily.Series7)] = 0.12,
        [("global_pool_stage", FabricFamily.UltraScalePlus)] = 0.24,
        [("add_stage", FabricFamily.Ice40)] = 0.12,
        [("concat_stage", FabricFamily.Series7)] = 0.12,
        [("concat_stage", FabricFamily.Ice40)] = 0.12,
    };

    public void Dispose() => _folder.Dispose();

    /// <summary>The cells of networks: slices and block RAM equal, look-up tables and registers within a tenth.</summary>
    [Fact]
    public void A_networks_cell_takes_what_was_synthesized()
    {
        var complaints = new List<string>();
        foreach (var row in SynthesisRow.Recorded("cells.csv"))
        {
            var predicted = SynthesizedCells.Predict(row.Name, row.Family).Rounded();
            if (row.Complaint(predicted, LutBounds.GetValueOrDefault((row.Name, row.Family), Tenth), Tenth) is { } complaint)
                complaints.Add(complaint);
            output.WriteLine($"{row}: predicted {predicted}");
        }
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }

    /// <summary>Yosys makes of the cells as they are what is recorded of them.</summary>
    [Theory]
    [InlineData("width_converter_narrower", FabricFamily.Ecp5)]
    [InlineData("pixel_order", FabricFamily.Ecp5)]
    // Six multipliers: without the kept register of scale_unit one is lost and three have operands that nothing drives.
    [InlineData("scale_stage", FabricFamily.Ice40)]
    [InlineData("add_stage", FabricFamily.UltraScalePlus)]
    public async Task A_cell_is_synthesized_as_recorded(string cell, FabricFamily family)
    {
        var (top, parameters, scalars) = SynthesizedCells.Sources[cell];
        var recorded = SynthesisRow.Recorded("cells.csv").Single(row => row.Name == cell && row.Family == family);
        Assert.Equal(recorded.Found, await Synthesize(top, parameters, "scalars.hex", scalars, family));
    }

    /// <summary>Yosys 0.23 loses the odd product of a tree of three on iCE40, without a warning, where dot_product lets it take both registers behind it.</summary>
    [Fact]
    public async Task Three_products_of_a_tree_are_three_multipliers()
    {
        string parameters = "-chparam Channels 2 -chparam Kernel 3 -chparam Taps 3 -chparam Lanes 1";
        string weights = string.Join('\n', Enumerable.Range(1, 6).Select(word => (0x13579B * word & 0xFFFFFF).ToString("x6", CultureInfo.InvariantCulture)));
        var found = await Synthesize("depthwise_unit", parameters, "dw_weights.hex", weights, FabricFamily.Ice40);
        Assert.Equal(3, found.Dsps);
    }

    private async Task<FabricResources> Synthesize(string top, string parameters, string memory, string words, FabricFamily family)
    {
        RequiredTools.Require(ExternalTool.Yosys, ExternalTool.Make);
        var cancellation = TestContext.Current.CancellationToken;
        foreach (var source in HardwareSources.Cells())
            source.Save(_folder.Path);
        HardwareSources.Render("summary.awk", new Dictionary<string, object?>()).Save(_folder.Path);
        string synthesis = family switch
        {
            FabricFamily.UltraScalePlus => "synth_xilinx -family xcup -flatten -noiopad",
            FabricFamily.Ecp5 => "synth_ecp5",
            _ => "synth_ice40 -dsp",
        };
        await File.WriteAllTextAsync(_folder[memory], $"{words}\n", cancellation);
        await File.WriteAllTextAsync(_folder["predicted.txt"], "cell 0 0 0 0\n", cancellation);
        await File.WriteAllTextAsync(_folder["cell.ys"],
            $"read_verilog -sv -defer *.sv\nhierarchy -top {top} {parameters}\n{synthesis} -top {top}\ntee -q -o stat.txt stat\n", cancellation);
        await File.WriteAllTextAsync(_folder["Makefile"], "all:\n\tyosys -qq -s cell.ys\n\t@awk -v target=cell -f summary.awk predicted.txt stat.txt\n", cancellation);
        var result = await ExternalTool.Make.RequireSuccessAsync(["-s"], _folder.Path, TimeSpan.FromMinutes(4), cancellation: cancellation);
        var found = SummaryRow().Matches(result.Output).ToDictionary(match => match.Groups[1].Value, match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        return new FabricResources(found["DSP"], found["BRAM"], 0, found["LUT"], found["FF"]);
    }

    /// <summary>
    /// The cells of blocks alone: registers within 4 %, look-up tables within a tenth, slices and block RAM equal. Alone, a running sum's mask joins the adder on Xilinx,
    /// which in blocks it does in two of five; and the shifter of a 63-bit product is the longest path, which abc then maps for depth.
    /// </summary>
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
    public void A_blocks_cell_takes_what_its_closed_form_says(FabricFamily family, string cell, double dsps, double blockRams, double luts, double registers)
    {
        var predicted = SynthesizedCells.PredictOfBlock(cell, family).Rounded();
        Assert.Equal((dsps, blockRams), (predicted.Dsps, predicted.BlockRams));
        Assert.True(Math.Abs(predicted.Registers / registers - 1) <= 0.04, $"{predicted.Registers} registers");
        double bound = (cell, family) switch
        {
            ("dot product", FabricFamily.UltraScalePlus) => 0.18,
            ("dot product", FabricFamily.Series7) => 0.31,
            ("requantizer 31", FabricFamily.Ecp5) => 0.27,
            _ => Tenth,
        };
        Assert.True(Math.Abs(predicted.Luts / luts - 1) <= bound, $"{predicted.Luts} LUTs");
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

    [GeneratedRegex(@"^  (DSP|BRAM|LUT|FF) +[\d.]+ +([\d.]+)$", RegexOptions.Multiline)]
    private static partial Regex SummaryRow();
}
