using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Arrays;
using AccelSim.Rtl.Network;
using AccelSim.Rtl.Rendering;

namespace AccelSim.Tests.Rtl;

/// <summary>Hand-written and emitted SystemVerilog keep the same style.</summary>
public sealed class VerilogStyleTests
{
    [Fact]
    public void Every_cell_keeps_the_style() =>
        Assert.Empty(HardwareSources.Cells().Concat(ArraySources.Cells()).SelectMany(cell => VerilogStyle.Breaches(cell)));

    [Fact]
    public void Every_emitted_top_keeps_the_style()
    {
        var shape = new BlockShape(8, 8, 8, 16, 3, 1, Padding.All(1));
        var network = new RandomNetwork(seed: 1, frames: 1, channels: 2, height: 8, width: 8)
            .Convolve(4, 3, 1, Padding.All(1)).Depthwise(3, 2, Padding.All(1)).Pointwise(8).MaxPool(2, 2).GlobalPool().Connect(10);
        var array = ArrayGenerationSample();
        SourceFile[] emitted =
        [
            HardwareSources.TopOf(new BlockDesign(shape, BlockFolding.Serial), "block"),
            NetworkSources.TopOf(new PipelineNetlist(network.Stages, network.RandomFoldings()), "network"),
            array,
        ];
        Assert.Empty(emitted.SelectMany(source => VerilogStyle.Breaches(source, emitted: true)));
    }

    [Theory]
    [InlineData("  logic a;\t", "a tab")]
    [InlineData("  logic a; ", "a trailing blank")]
    [InlineData("   logic a;", "an indent that is no multiple of two")]
    [InlineData("  fifo u_fifo (clk_i, rst_ni);", "a connection that is not named")]
    [InlineData("  fifo #(8, 4) u_fifo (", "a connection that is not named")]
    [InlineData("  input  logic       data,", "a port whose name does not end in _i or _o")]
    [InlineData("  output logic [7:0] data_i", "a port whose name does not end in _i or _o")]
    [InlineData("  for (genvar i = 0; i < 4; i++) begin : lanes", "a generate block without a gen_ label")]
    [InlineData("  for (genvar i = 0; i < 4; i++) begin", "a generate block without a gen_ label")]
    [InlineData("  always @(posedge clk_i) begin", "a plain always")]
    public void A_breach_is_found(string line, string rule)
    {
        string clean = "// cell: what it does.\n\nmodule cell (\n  input  logic clk_i\n);\n  logic b;\n\nendmodule\n";
        Assert.Empty(VerilogStyle.Breaches(new SourceFile("cell.sv", clean)));
        var found = VerilogStyle.Breaches(new SourceFile("cell.sv", clean.Replace("  logic b;", line, StringComparison.Ordinal)));
        Assert.Contains(found, breach => breach.StartsWith($"cell.sv:6: {rule}", StringComparison.Ordinal));
        Assert.Contains("cell.sv:1: the file does not begin with its contract", VerilogStyle.Breaches(new SourceFile("cell.sv", clean[1..])));
        Assert.Contains(VerilogStyle.Breaches(new SourceFile("other.sv", clean)), breach => breach.StartsWith("other.sv: holds cell and not", StringComparison.Ordinal));
    }

    private static SourceFile ArrayGenerationSample() =>
        ArraySources.TopOf(new ArrayDesign(StationaryOperand.Weights, 16, 16), new ArrayMemories(500, 600, 700));
}
