using System.Globalization;
using System.Text.RegularExpressions;
using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Simulation;
using AccelSim.Tests.Rtl.Resources;

namespace AccelSim.Tests.Rtl;

/// <summary>
/// A block in the gates of osu018 (0.18 µm): the generated folder's flow gives area, clock and power, and no path between registers is longer than one 32-bit add,
/// but for those that end behind a multiplier.
/// </summary>
public sealed partial class StandardCellTests : IDisposable
{
    private static readonly ExternalTool Sta = new("sta", "opensta");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private const string Adder = """
        module adder (input logic clk_i, input logic [31:0] a_i, input logic [31:0] b_i, output logic [31:0] sum_o);
          logic [31:0] a_q, b_q;
          always_ff @(posedge clk_i) begin
            a_q   <= a_i;
            b_q   <= b_i;
            sum_o <= a_q + b_q;
          end
        endmodule

        """;

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_path_but_a_product_is_longer_than_a_32_bit_add()
    {
        RequiredTools.Require(ExternalTool.Yosys, ExternalTool.Make, Sta);
        var sample = new RandomBlock(new BlockShape(3, 3, 2, 2, 3, 1, Padding.All(1)), seed: 1);
        string block = _folder["block"], adder = _folder["adder"];
        BlockFolder.Write(sample.Block, BlockFolding.Serial, SweepBlocks.EmptyVectors(sample), block);
        await ExternalTool.Make.RequireSuccessAsync(["asic"], block, Patience, cancellation: Cancellation);
        Assert.Matches(
            @"\| asic \| area, square micrometres \|  \| \d+ \|\n\| asic \| Fmax, MHz \|  \| [\d.]+ \|\n\| asic \| power at 125 MHz, W \|  \| [\d.e-]+ \|",
            File.ReadAllText(Path.Combine(block, "build", "report.md")));

        // The same flow for a lone adder.
        foreach (string file in new[] { "Makefile", "syn/asic.ys", "syn/asic.constr", "syn/asic.tcl", "syn/report.awk", "syn/predicted.txt" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(adder, file))!);
            File.WriteAllText(Path.Combine(adder, file), File.ReadAllText(Path.Combine(block, file)).Replace("dsc_top", "adder", StringComparison.Ordinal));
        }
        Directory.CreateDirectory(Path.Combine(adder, "data"));
        Directory.CreateDirectory(Path.Combine(adder, "rtl"));
        File.WriteAllText(Path.Combine(adder, "rtl", "adder.sv"), Adder);
        await ExternalTool.Make.RequireSuccessAsync(["asic"], adder, Patience, cancellation: Cancellation);

        double longestAdd = Delays(adder).Values.Max();
        var longer = Delays(block).Where(path => path.Value > longestAdd).ToList();
        Assert.NotEmpty(longer);
        Assert.All(longer, path => Assert.Contains("product_q", path.Key));
    }

    /// <summary>The longest path into each register, in nanoseconds, by the register's name.</summary>
    private static Dictionary<string, double> Delays(string folder)
    {
        var names = Register().Matches(File.ReadAllText(Path.Combine(folder, "build", "asic.v"))).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        var delays = new Dictionary<string, double>();
        foreach (Match path in Endpoint().Matches(File.ReadAllText(Path.Combine(folder, "build", "asic.log"))))
        {
            string name = names[path.Groups[1].Value];
            delays[name] = Math.Max(delays.GetValueOrDefault(name), double.Parse(path.Groups[2].Value, CultureInfo.InvariantCulture));
        }
        return delays;
    }

    [GeneratedRegex(@"DFF\w*\s+(\S+)\s*\([^;]*?\.Q\(([^)]*)\)", RegexOptions.Singleline)]
    private static partial Regex Register();

    [GeneratedRegex(@"^(\S+)/D \(\w+\)\s+[\d.]+\s+([\d.]+)\s", RegexOptions.Multiline)]
    private static partial Regex Endpoint();
}
