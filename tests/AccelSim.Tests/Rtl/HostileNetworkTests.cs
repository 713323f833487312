using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Network;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl;

/// <summary>Networks that somebody wrote to break what is generated.</summary>
public sealed class HostileNetworkTests : IDisposable
{
    /// <summary>Keywords, names that a sanitizer would make one, ends of comments and lines, paths, and what a table or a shell would read.</summary>
    private static readonly string[] Names = ["endmodule", "a/b", "a_b", "end\nmodule x; initial $finish; endmodule\n//", "../../etc/passwd", "$(touch hacked) 层", "*/ | `define x \\"];

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Names_cannot_leave_the_comments_that_they_stand_in()
    {
        RequiredTools.Require(ExternalTool.Verilator, ExternalTool.Yosys, ExternalTool.Make);
        RequiredTools.RequireIcarus();
        var network = new RandomNetwork(1, 1, 2, 4, 4).Convolve(4, 3, 1, Padding.All(1)).Pointwise(4).Depthwise(3, 1, Padding.All(1)).Pointwise(2).MaxPool(2, 2).Connect(4);
        var graph = network.Graph;
        // The last but one is the flattening.
        var named = graph.Layers.Select((layer, i) => (layer.Name, New: Names[i])).ToDictionary(pair => pair.Name, pair => pair.New);
        string NameOf(string value) => named.GetValueOrDefault(value, value);
        var hostile = new LayerGraph(Names[3], graph.Inputs, [.. graph.Constants.Values],
            [.. graph.Layers.Select(layer => new Layer(NameOf(layer.Name), layer.Operator, [.. layer.Inputs.Select(NameOf)], layer.Constants))], [.. graph.Outputs.Select(NameOf)]);
        var stages = StageGraph.Of(hostile);
        StageFolding[] foldings = [.. stages.Stages.Select(stage => new StageFolding(1, 1, 1) { Streaming = WeightStreaming.Refusal(stage.Shape) is null ? new WeightStreaming(1, 1) : null })];
        string folder = _folder["network"];
        NetworkFolder.Write(new PipelineNetlist(stages, foldings) { HasControlPort = true }, network.Vectors(), folder, Cancellation);
        var result = await ExternalTool.Make.RequireSuccessAsync(["lint", "icarus"], folder, TimeSpan.FromMinutes(3), cancellation: Cancellation);
        Assert.Contains("\nPASS\n", result.Output);
        Assert.Equal(foldings, FoldingFile.Read(Path.Combine(folder, FoldingFile.Name), stages));
        Assert.False(Directory.EnumerateFileSystemEntries(folder, "hacked", SearchOption.AllDirectories).Any());
        string table = await File.ReadAllTextAsync(Path.Combine(folder, "README.md"), Cancellation);
        Assert.Contains("*/ \\| `define x \\ |", table);
    }

    [Fact]
    public void An_accumulator_that_could_overflow_is_refused_with_its_bound()
    {
        var network = new RandomNetwork(1, 1, 2, 4, 4).Pointwise(2);
        var graph = network.Graph;
        var constants = graph.Constants.Values.Select(constant => constant.Type.Element == ElementType.Int32
            ? new Constant(constant.Name, constant.Type, Tensor.Of(constant.Type.Shape, new[] { 5, int.MaxValue })) : constant);
        var stages = StageGraph.Of(new LayerGraph("wide", graph.Inputs, [.. constants], graph.Layers, graph.Outputs));
        var error = Assert.Throws<RtlException>(() => NetworkFolder.Write(new PipelineNetlist(stages, [new StageFolding(1, 1, 1)]), network.Vectors(), _folder["wide"], Cancellation));
        Assert.Matches(@"^Layer 'l0': the accumulator of output channel 1 could reach \d+, beyond int32: split the layer's 2 inputs or shrink its bias\.$", error.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_folder_that_is_not_ours_is_left_as_it_is()
    {
        var network = new RandomNetwork(1, 1, 2, 4, 4).Pointwise(2);
        var netlist = new PipelineNetlist(network.Stages, [new StageFolding(1, 1, 1)]);
        Directory.CreateDirectory(_folder["theirs"]);
        File.WriteAllText(Path.Combine(_folder["theirs"], "thesis.tex"), "years");
        File.WriteAllText(_folder["file"], "");
        var error = Assert.Throws<RtlException>(() => NetworkFolder.Write(netlist, network.Vectors(), _folder["theirs"], Cancellation));
        Assert.Equal($"The folder '{_folder["theirs"]}' holds something that was not generated here (it has no .accelsim-block): name another, or empty it.", error.Message);
        Assert.Equal($"'{_folder["file"]}' is a file: name a folder.", Assert.Throws<RtlException>(() => NetworkFolder.Write(netlist, network.Vectors(), _folder["file"], Cancellation)).Message);
        using var interrupted = new CancellationTokenSource();
        interrupted.Cancel();
        Assert.Throws<OperationCanceledException>(() => NetworkFolder.Write(netlist, network.Vectors(), _folder["half"], interrupted.Token));
        Assert.Equal(["file", "theirs"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal(["thesis.tex"], Directory.EnumerateFileSystemEntries(_folder["theirs"]).Select(Path.GetFileName));
    }
}
