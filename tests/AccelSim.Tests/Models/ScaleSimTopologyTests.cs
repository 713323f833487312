using System.Globalization;
using AccelSim.Graph;
using AccelSim.Models.ScaleSim;
using AccelSim.Systolic;
using AccelSim.Tests.Systolic;

namespace AccelSim.Tests.Models;

/// <summary>SCALE-Sim topologies as networks, against what that tool's own reports imply.</summary>
public sealed class ScaleSimTopologyTests
{
    private const string Header = "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,";

    public static TheoryData<string> Topologies =>
    [
        "alexnet_conv", "dwsep_tiny", "edge_cases", "gemm", "lenet5", "resnet18", "resnet8_cifar", "upstream_alexnet", "upstream_mobilenet", "upstream_resnet18",
    ];

    private static string Folder => SharedData.Require("scalesim");

    [Fact]
    public void The_list_above_is_all_files() =>
        Assert.Equal(Topologies.Select(row => row.Data).Order(), Directory.GetFiles(Path.Combine(Folder, "topologies")).Select(Path.GetFileNameWithoutExtension).Order());

    /// <summary>"Overall Util %" is 100 · MACs ÷ (cycles · processing elements); a depthwise layer has a row a channel, or one that says how many it stands for.</summary>
    [Theory]
    [MemberData(nameof(Topologies))]
    public void Macs_are_those_of_every_report(string topology)
    {
        var graph = ScaleSimTopology.Load(Path.Combine(Folder, "topologies", $"{topology}.csv"));
        int reports = 0;
        foreach (string file in Reports(topology))
        {
            reports++;
            var lines = File.ReadAllLines(file);
            string[] header = Fields(lines[0]);
            int cycles = Array.FindIndex(header, name => name.Contains("Total Cycles", StringComparison.Ordinal));
            int used = Array.IndexOf(header, "Overall Util %"), repeat = Array.IndexOf(header, "Repeat");
            long elements = ElementsOf(file);
            var macs = new Queue<(long Macs, int Repeat)>(lines.Skip(1).Select(Fields).Select(row => (
                (long)Math.Round(Real(row[used]) / 100 * Real(row[cycles]) * elements), repeat < 0 ? 1 : int.Parse(row[repeat], CultureInfo.InvariantCulture))));
            foreach (var layer in graph.Layers)
            {
                long expected = 0;
                for (int rows = layer.Operator is Convolution { Groups: > 1 and var groups } ? groups : 1; rows > 0;)
                {
                    var (each, times) = macs.Dequeue();
                    expected += each * times;
                    rows -= times;
                }
                Assert.True(expected == graph.CostOf(layer).Macs, $"{layer.Name}: {graph.CostOf(layer).Macs} MACs, but {file} implies {expected}");
            }
            Assert.Empty(macs);
        }
        Assert.True(reports > 0, $"{topology} has no report");
    }

    [Theory]
    [MemberData(nameof(Topologies))]
    public void Every_topology_is_timed(string topology)
    {
        var graph = ScaleSimTopology.Load(Path.Combine(Folder, "topologies", $"{topology}.csv"));
        foreach (var dataflow in Enum.GetValues<Dataflow>())
        {
            var timings = new SystolicSimulator(TestArrays.Of(32, 32, dataflow)).Time(TimedGraphs.Quantized(graph));
            Assert.Equal(graph.Layers.Select(layer => layer.Name), timings.Select(timing => timing.Layer));
            Assert.All(timings, timing => Assert.True(timing.Total > 0));
            Assert.Equal(graph.TotalCost().Macs, timings.Sum(timing => timing.Macs));
        }
    }

    [Fact]
    public void A_row_is_a_layer_of_its_own()
    {
        var graph = Read(Header, "Conv1     ,224 ,224,11, 11,3 ,96, 4 ,  ", "", " , ,,", "DP_dw, 18, 20, 3, 3, 8, 1, 2,,", "Conv1, 1, 1, 1, 1, 5, 7, 1");
        Assert.Equal(["Conv1/input", "DP_dw/input", "Conv1#2/input"], graph.Inputs.Select(input => input.Name));
        Assert.Equal(["Conv1", "DP_dw", "Conv1#2"], graph.Outputs);
        Assert.Equal("net", graph.Name);
        // (224 − 11) ÷ 4 leaves one column over, in which the last window counts.
        Assert.Equal(Shape.Of(1, 96, 55, 55), graph.TypeOf("Conv1").Shape);
        Assert.Equal(new Padding(0, 3, 0, 3), ((Convolution)graph.LayerNamed("Conv1").Operator).Padding);
        Assert.True(((Convolution)graph.LayerNamed("DP_dw").Operator).IsDepthwise(graph.TypeOf("DP_dw/input")));
        Assert.Equal(Shape.Of(1, 8, 9, 10), graph.TypeOf("DP_dw").Shape);
        Assert.Equal(Shape.Of(4, 96, 55, 55), graph.WithBatch(4).TypeOf("Conv1").Shape);
    }

    [Fact]
    public void Columns_are_told_by_the_header_or_by_their_number()
    {
        Assert.Equal(Shape.Of(1, 2, 3, 6), Read("Layer,IFMAP Height,IFMAP Width,Filter Height,Filter Width,Channels,Num Filter,Stride Height,Stride Width,Sparsity,", "a,9,9,3,4,5,2,3,1,2:4,").TypeOf("a").Shape);
        // A ninth column with another meaning is none of ours; without a name it is the stride's width.
        Assert.Equal(Shape.Of(1, 2, 3, 3), Read(Header.TrimEnd(',') + ",Sparsity,", "a,9,9,3,3,5,2,3,1:4,").TypeOf("a").Shape);
        Assert.Equal(Shape.Of(1, 2, 3, 7), Read(Header, "a,9,9,3,3,5,2,3,1,").TypeOf("a").Shape);
        Assert.Equal(Shape.Of(1, 20, 10, 1), Read("Layer,M,N,K,", "g,10,20,30,").TypeOf("g").Shape);
        Assert.Equal(Shape.Of(1, 30, 20, 1), Read("Layer, K, M, N", "g,10,20,30").TypeOf("g").Shape);
        Assert.Equal(10L * 20 * 30, Read("g,10,20,30,").TotalCost().Macs);
        Assert.Equal(10L * 20 * 30, ScaleSimTopology.Read(["anything", "g,10,20,30,"], "net.csv", ScaleSimForm.Gemm).TotalCost().Macs);
    }

    [Theory]
    [InlineData("a,9,9,3,3,5,two,1,", "net.csv, line 2, column 7 (Num Filter): 'two' is not a whole number of 1 to 2147483647.")]
    [InlineData("a,9,9,3,3,5,0,1,", "net.csv, line 2, column 7 (Num Filter): '0' is not a whole number of 1 to 2147483647.")]
    [InlineData("a,9,9,3,3,5,99999999999,1,", "net.csv, line 2, column 7 (Num Filter): '99999999999' is not a whole number of 1 to 2147483647.")]
    [InlineData("a,9,9,3,3,5,2,", "net.csv, line 2, column 8 (Stride Height): it is missing.")]
    [InlineData("a,9,9,3,3,,2,1", "net.csv, line 2, column 6 (Channels): it is missing.")]
    [InlineData("a,9,9,3,3,5,2,1,x", "net.csv, line 2, column 9 (Stride Width): 'x' is not a whole number of 1 to 2147483647.")]
    [InlineData(",9,9,3,3,5,2,1,", "net.csv, line 2, column 1 (the layer's name): it is blank.")]
    [InlineData("a,9,9,10,3,5,2,1,", "net.csv, line 2, layer 'a': Layer 'a' (Convolution) of 'net': The kernel 10×3 is larger than the image 9×9 with padding 0.")]
    [InlineData("a,2000000000,2000000000,1,1,2000000000,2,1,", "net.csv, line 2, layer 'a': The shape 1×2000000000×2000000000×2000000000 has more than 2^63 elements.")]
    public void A_row_that_is_no_layer_is_told_by_line_column_and_value(string row, string message) =>
        Assert.Equal(message, Assert.Throws<GraphException>(() => Read(Header, row)).Message);

    [Fact]
    public void A_file_without_layers_is_told() =>
        Assert.Equal(
            "The topology net.csv has no layers: a row is a name and 7 or 8 numbers, or a name, M, N and K.", Assert.Throws<GraphException>(() => Read(Header)).Message);

    [Fact]
    public void A_missing_file_is_told() =>
        Assert.StartsWith("The topology nowhere/net.csv cannot be read: ", Assert.Throws<GraphException>(() => ScaleSimTopology.Load("nowhere/net.csv")).Message, StringComparison.Ordinal);

    private static LayerGraph Read(params string[] lines) => ScaleSimTopology.Read(lines, "net.csv");

    private static IEnumerable<string> Reports(string topology)
    {
        string runs = Path.Combine(Folder, "runs", topology), computed = Path.Combine(Folder, "compute_only", topology);
        return (Directory.Exists(runs) ? Directory.GetFiles(runs, "COMPUTE_REPORT.csv", SearchOption.AllDirectories) : [])
            .Concat(Directory.Exists(computed) ? Directory.GetFiles(computed) : []);
    }

    // The configuration's name has the array's sides.
    private static long ElementsOf(string file)
    {
        string configuration = Path.GetFileName(file) == "COMPUTE_REPORT.csv" ? Path.GetFileName(Path.GetDirectoryName(file))! : Path.GetFileNameWithoutExtension(file);
        string[] sides = configuration.Split('_').Single(part => part.Contains('x', StringComparison.Ordinal)).Split('x');
        return long.Parse(sides[0], CultureInfo.InvariantCulture) * long.Parse(sides[1], CultureInfo.InvariantCulture);
    }

    private static string[] Fields(string line) => [.. line.Split(',').Select(field => field.Trim())];

    private static double Real(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
