using AccelSim.Graph;
using AccelSim.Models.ScaleSim;
using AccelSim.Studies.Simulate;
using AccelSim.Systolic;
using AccelSim.Systolic.ScaleSim;

namespace AccelSim.Tests.Systolic;

/// <summary>SCALE-Sim's files, good and bad, and the folder of its reports.</summary>
public sealed class ScaleSimFileTests : IDisposable
{
    private const string Header = "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,";

    private const string Config = """
        [general]
        run_name = test

        [architecture_presets]
        ArrayHeight:    16
        ArrayWidth:     32
        IfmapSramSzkB:    64
        FilterSramSzkB:   8
        OfmapSramSzkB:    4
        IfmapOffset:    0
        Bandwidth : 10,20
        Dataflow : ws
        MemoryBanks:   1

        [run_presets]
        InterfaceBandwidth: CALC
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("accelsim-scale-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_configuration_reads_as_that_tool_reads_it()
    {
        var expected = new ScaleSimConfiguration("test", 16, 32, 65536, 8192, 4096, Dataflow.WeightStationary, null);
        Assert.Equal(expected, Read(Config));
        // Keys in any case, either separator, comments; a section that the reports do not depend on.
        Assert.Equal(expected, Read("# mine\n; too\n" + Config.Replace("ArrayHeight:", "arrayheight =", StringComparison.Ordinal) + "\n[layout]\nIfmapCustomLayout: False\n"));
        Assert.Equal(expected with { WordsPerCycle = 10 }, Read(Config.Replace("CALC", "USER", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("ArrayWidth:     32", "ArrayWidth: 0", "c.cfg, line 6: ArrayWidth is '0'; allowed: a whole number of 1 to 65536.")]
    [InlineData("ArrayWidth:     32", "ArrayWidth: 99999999999999999999", "c.cfg, line 6: ArrayWidth is '99999999999999999999'; allowed: a whole number of 1 to 65536.")]
    [InlineData("ArrayWidth:     32", "ArrayWidth:", "c.cfg, line 6: ArrayWidth is ''; allowed: a whole number of 1 to 65536.")]
    [InlineData("ArrayWidth:     32", "", "c.cfg: ArrayWidth is missing; add a line 'ArrayWidth: …' to the section [architecture_presets].")]
    [InlineData("ArrayWidth:     32", "arraywidth: 1\nArrayWidth: 2", "c.cfg, line 7: ArrayWidth of [architecture_presets] is given again, after line 6: leave one.")]
    [InlineData("IfmapSramSzkB:    64", "IfmapSramSzkB: 2097153", "c.cfg, line 7: IfmapSramSzkB is '2097153'; allowed: a whole number of 1 to 2097152.")]
    [InlineData("Dataflow : ws", "Dataflow : rs", "c.cfg, line 12: Dataflow is 'rs'; allowed: os or ws or is.")]
    [InlineData("CALC", "calc", "c.cfg, line 16: InterfaceBandwidth is 'calc'; allowed: CALC or USER.")]
    [InlineData("Bandwidth : 10,20", "Bandwidth : none", null)]
    [InlineData("[general]", "general", "c.cfg, line 1: 'general' is neither a [section] nor key: value.")]
    [InlineData("[general]", "[general", "c.cfg, line 1: '[general' is not a section, such as [general].")]
    [InlineData("[general]", "", "c.cfg, line 2: 'run_name = test' stands before the first section: write [general] above it.")]
    [InlineData("[run_presets]", "[sparsity]\nSparsitySupport : true\n[run_presets]", "c.cfg, line 16: SparsitySupport is 'true'; allowed: false: sparse runs are not among those that these reports reproduce.")]
    public void A_wrong_configuration_names_line_value_and_what_is_allowed(string part, string instead, string? message)
    {
        string text = Config.Replace(part, instead, StringComparison.Ordinal);
        if (message is null)
            Assert.NotNull(Read(text)); // Not read with CALC.
        else
            Assert.Equal(message, Assert.Throws<GraphException>(() => Read(text)).Message);
    }

    [Fact]
    public void An_empty_or_missing_configuration_says_what_it_lacks()
    {
        Assert.Equal("c.cfg: ArrayHeight is missing; add a line 'ArrayHeight: …' to the section [architecture_presets].", Assert.Throws<GraphException>(() => Read("")).Message);
        Assert.Contains("cannot be read", Assert.Throws<GraphException>(() => ScaleSimConfigurationFile.Load(Path.Combine(_folder.FullName, "none.cfg"))).Message, StringComparison.Ordinal);
        string large = Path.Combine(_folder.FullName, "large.cfg");
        File.WriteAllText(large, new string('\n', (1 << 20) + 1));
        Assert.Contains("has 1048577 bytes", Assert.Throws<GraphException>(() => ScaleSimConfigurationFile.Load(large)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blank_and_extra_columns_are_passed_over()
    {
        var layers = ScaleSimTopology.ReadLayers([Header.TrimEnd(',') + ", Sparsity, ", "", " ,,, ", "a , 9,9, 3,3, 2,4, 2, 1:4,,", "x_DP_, 8, 8, 3, 3, 3, 2, 1,"], "t.csv");
        Assert.Equal(["a", "x_DP_", "x_DP_", "x_DP_"], layers.Select(layer => layer.Name));
        Assert.Equal((1, 2, 5), (layers[3].Channels, layers[3].Filters, layers[3].Line));
        Assert.Equal(new Size2(2, 2), layers[0].Stride);
        var product = Assert.Single(ScaleSimTopology.ReadLayers(["Layer, M, N, K,", "g, 5, 6, 7, extra,"], "t.csv"));
        Assert.Equal((new Size2(5, 7), new Size2(1, 7), 1, 6), (product.Image, product.Filter, product.Channels, product.Filters));
    }

    [Theory]
    [InlineData("a,2,2,3,3,1,1,1,", "line 2, layer 'a': a filter of 3×3 is larger than its image of 2×2; heights and widths include the padding, so add it to them.")]
    [InlineData("a,9,9,3,3,1,,1,", "line 2, column 7 (Num Filter): it is missing.")]
    [InlineData("a,9,9,3,3,1,0,1,", "line 2, column 7 (Num Filter): '0' is not a whole number of 1 to 2147483647.")]
    [InlineData("", "has no layers")]
    [InlineData("a_DP,9,9,3,3,2000000,1,1,", "line 2, layer 'a_DP': it makes more than 1000000 layers, one a channel: give the layer in parts.")]
    [InlineData("a,2147483647,2147483647,1,1,1,1,1,", "line 2, layer 'a': an operand has more than 268435456 words, which is more than the demand of the array is followed for: give the layer in parts.")]
    [InlineData("a,2147483647,2147483647,2147483647,2147483647,2147483647,2147483647,2147483647,", "line 2, layer 'a': an operand has more than")]
    public void A_wrong_topology_names_the_line(string row, string message)
    {
        (string topology, string config) = (Save("t.csv", $"{Header}\n{row}\n"), Save("c.cfg", Config));
        Assert.Contains(message, Assert.Throws<GraphException>(() => ScaleSimStudy.Run(topology, config, cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_layer_is_interrupted()
    {
        (string topology, string config) = (Save("t.csv", $"{Header}\na,4000,4000,1,1,1,8,1,\n"), Save("c.cfg", Config));
        using var soon = new CancellationTokenSource();
        soon.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => ScaleSimStudy.Run(topology, config, cancellation: soon.Token));
    }

    [Fact]
    public void Reports_replace_their_own_folder_and_no_other()
    {
        (string topology, string config) = (Save("t.csv", $"{Header}\na,9,9,3,3,1,1,1,\n"), Save("c.cfg", Config));
        var study = ScaleSimStudy.Run(topology, config, cancellation: TestContext.Current.CancellationToken);
        string target = Path.Combine(_folder.FullName, "reports");
        study.Save(target);
        File.WriteAllText(Path.Combine(target, "COMPUTE_REPORT.csv"), "old");
        study.Save(target + "/");
        Assert.Equal([".accelsim-reports", "BANDWIDTH_REPORT.csv", "COMPUTE_REPORT.csv", "DETAILED_ACCESS_REPORT.csv"],
            Directory.GetFiles(target).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.StartsWith("LayerID, Total Cycles, ", File.ReadAllText(Path.Combine(target, "COMPUTE_REPORT.csv")), StringComparison.Ordinal);
        Assert.Equal([target], Directory.GetDirectories(_folder.FullName));

        // That tool's own reports, for one.
        string others = Directory.CreateDirectory(Path.Combine(_folder.FullName, "theirs")).FullName;
        File.WriteAllText(Path.Combine(others, "COMPUTE_REPORT.csv"), "theirs");
        Assert.Contains("holds something that was not written here", Assert.Throws<GraphException>(() => study.Save(others)).Message, StringComparison.Ordinal);
        Assert.Equal("theirs", File.ReadAllText(Path.Combine(others, "COMPUTE_REPORT.csv")));
        Assert.Contains("is a file", Assert.Throws<GraphException>(() => study.Save(topology)).Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => study.Save(Path.Combine(_folder.FullName, "no", "where")));
    }

    private static ScaleSimConfiguration Read(string text) => ScaleSimConfigurationFile.Read(text.Split('\n'), "c.cfg");

    private string Save(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
