using System.Globalization;
using System.Text.RegularExpressions;
using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Rendering;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl;

/// <summary>What tools say of the text alone: strict lint without a waiver, no latches, nothing undriven.</summary>
public sealed class StaticChecksTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<BlockShape, BlockFolding> Designs => new()
    {
        { new(8, 8, 8, 16, 3, 1, Padding.All(1)), BlockFolding.Serial },
        { new(7, 9, 8, 16, 3, 2, new(0, 1, 0, 1)), new(4, 9, 4, 8) },
        { new(9, 7, 6, 4, 5, 2, Padding.All(2)) { DepthwiseTable = true }, new(3, 5, 6, 2) },
        { new(5, 6, 4, 4, 5, 1, Padding.All(2)) { PointwiseTable = true, PointwiseWeightBits = 9, DepthwiseMultiplierBits = 31 }, new(2, 25, 1, 4) },
        { new(1, 1, 2, 1, 3, 1, Padding.All(1)), new(2, 9, 2, 1) },
        { new(112, 112, 32, 64, 3, 1, Padding.All(1)), new(2, 9, 8, 16) },
    };

    [Fact]
    public async Task Every_cell_is_lint_clean_as_it_stands()
    {
        RequiredTools.Require(ExternalTool.Verilator);
        var cells = HardwareSources.Cells();
        Save(cells);
        foreach (var cell in cells)
        {
            Assert.DoesNotContain("lint_off", cell.Text);
            await Lint(Path.GetFileNameWithoutExtension(cell.Name), cells);
        }
    }

    [Fact]
    public void Every_cell_states_its_contract_and_is_in_the_table()
    {
        string table = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "templates", "verilog", "README.md"));
        foreach (var cell in HardwareSources.Cells())
        {
            string name = Path.GetFileNameWithoutExtension(cell.Name);
            Assert.StartsWith($"// {name}: ", cell.Text, StringComparison.Ordinal);
            Assert.Contains($"module {name} ", cell.Text);
            Assert.Contains($"| `{name}` |", table);
            Assert.All(cell.Text.Split('\n'), line => Assert.True(line.Length <= 100, $"{cell.Name}: {line}"));
        }
    }

    [Theory]
    [MemberData(nameof(Designs))]
    public async Task Generated_hardware_is_lint_clean_and_infers_no_latch(BlockShape shape, BlockFolding folding)
    {
        RequiredTools.Require(ExternalTool.Verilator, ExternalTool.Yosys, ExternalTool.Make);
        string target = _folder["block"];
        var sample = new RandomBlock(shape, seed: 1);
        BlockFolder.Write(sample.Block, folding, new BlockVectors(sample.Input, Zeros(shape, shape.Channels), Zeros(shape, shape.OutChannels)), target);
        await ExternalTool.Make.RequireSuccessAsync(["lint"], target, Patience, cancellation: Cancellation);
    }

    /// <summary>Sums of many terms must not become a chain of DSP slices: the longest path, in cells, grows with the logarithm of the terms.</summary>
    [Fact]
    public async Task Sixty_four_terms_are_added_in_a_tree()
    {
        RequiredTools.Require(ExternalTool.Yosys);
        Save(HardwareSources.Cells());
        const string script = "read_verilog -sv -defer dot_product.sv; chparam -set Terms 64 -set Outputs 1 -set SumWidth 22 dot_product; "
            + "synth_xilinx -family xc7 -top dot_product -noiopad -flatten -run begin:map_ffs; tee -o path.txt ltp -noff";
        await ExternalTool.Yosys.RequireSuccessAsync(["-q", "-p", script], _folder.Path, Patience, cancellation: Cancellation);
        string path = File.ReadAllText(_folder["path.txt"]);
        int length = int.Parse(Regex.Match(path, @"length=(\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(length, 1, 40);
    }

    /// <summary>A parameter that makes no sense stops the simulation at once, with its numbers.</summary>
    [Theory]
    [InlineData("window_reader", "Taps", "4", "window_reader: Taps (4) must be 1, Kernel (3) or Kernel*Kernel (9)")]
    [InlineData("window_reader", "OutHeight", "3", "window_reader: 7 rows from the last window on do not fit the buffer's 4")]
    [InlineData("pointwise_unit", "InLanes", "3", "pointwise_unit: InLanes (3) must divide InChannels (8)")]
    [InlineData("requantizer", "MultiplierWidth", "40", "requantizer: MultiplierWidth (40) must be 8 to 31")]
    [InlineData("line_buffer", "Rows", "3", "line_buffer: Rows (3) must exceed Kernel (3), else reading blocks loading")]
    [InlineData("pixel_buffer", "ReadLanes", "3", "pixel_buffer: WriteLanes (1) and ReadLanes (3) must divide Channels (8)")]
    [InlineData("convolution_unit", "OutLanes", "3", "convolution_unit: OutLanes (3) must divide OutChannels (8)")]
    [InlineData("pool_unit", "ResultWidth", "9", "pool_unit: ResultWidth (9) must hold 4 codes")]
    [InlineData("global_pool_unit", "Lanes", "3", "global_pool_unit: Lanes (3) must divide Channels (8)")]
    [InlineData("residual_add", "MultiplierWidth", "40", "residual_add: MultiplierWidth (40) must be 8 to 31")]
    [InlineData("width_converter", "InLanes", "3", "width_converter: one of InLanes (3) and OutLanes (4) must divide the other")]
    [InlineData("credit_counter", "Spend", "3", "credit_counter: Credits (2) must be at least Spend (3), and that at least 1")]
    [InlineData("block_fifo", "Depth", "2", "block_fifo: Width (8) must be at least 1, Depth (2) at least 3")]
    [InlineData("scale_unit", "MultiplierWidth", "40", "scale_unit: MultiplierWidth (40) must be 8 to 31")]
    [InlineData("scale_stage", "Lanes", "3", "scale_stage: Lanes (3) must divide Channels (8)")]
    [InlineData("slice_stage", "Rows", "5", "slice_stage: rows to 9 of 8, columns to 7 of 8, channels to 8 of 8")]
    [InlineData("slice_stage", "Lanes", "3", "slice_stage: Lanes (3) must divide Channels (8), ChannelStart (0) and ChannelCount (8)")]
    [InlineData("pad_stage", "PadChannels", "12", "pad_stage: rows to 8 of 8, columns to 8 of 8, channels to 20 of 16")]
    [InlineData("frame_marker", "Beats", "0", "frame_marker: Beats (0) must be at least 1")]
    public async Task A_cell_refuses_parameters_that_make_no_sense(string cell, string parameter, string value, string message)
    {
        RequiredTools.RequireIcarus();
        Save(HardwareSources.Cells());
        await ExternalTool.Icarus.RequireSuccessAsync(
            ["-g2012", "-s", cell, $"-P{cell}.{parameter}={value}", "-o", "cell.vvp", .. HardwareSources.Cells().Select(source => source.Name)], _folder.Path, Patience, cancellation: Cancellation);
        var result = await ExternalTool.Vvp.RunAsync(["-n", "cell.vvp"], _folder.Path, Patience, cancellation: Cancellation);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(message, result.Output);
    }

    private async Task Lint(string top, IReadOnlyList<SourceFile> sources) =>
        await ExternalTool.Verilator.RequireSuccessAsync(
            ["--lint-only", "-Wall", "--top-module", top, .. sources.Select(source => source.Name)], _folder.Path, Patience, cancellation: Cancellation);

    private void Save(IReadOnlyList<SourceFile> sources)
    {
        foreach (var source in sources)
            File.WriteAllText(_folder[source.Name], source.Text);
    }

    private static Tensor Zeros(BlockShape shape, int channels)
    {
        var size = AccelSim.Graph.Shape.Of(1, channels, shape.OutHeight, shape.OutWidth);
        return Tensor.Of(size, new sbyte[size.Elements]);
    }
}
