using AccelSim.Graph;
using AccelSim.Rtl.Network;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl;

/// <summary>
/// The AXI4-Lite port of a pipeline: the generated testbench reads the identification, is refused what is not allowed, compares the counters with its own,
/// and writes every memory, address and data in random order.
/// </summary>
public sealed class ControlPortTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Memories_that_hold_nonsense_are_written_anew(int seed)
    {
        RequiredTools.RequireIcarus();
        var network = Make(seed);
        var netlist = new PipelineNetlist(network.Stages, seed == 1 ? network.RandomFoldings() : network.RandomStreamedFoldings()) { HasControlPort = true };
        string folder = _folder["network"], data = Path.Combine(folder, "data"), right = Path.Combine(folder, "right");
        NetworkFolder.Write(netlist, network.Vectors(), folder, Cancellation);
        Assert.Contains("\nPASS\n", await Simulate(folder, $"+in_stall=60 +out_stall=90 +seed={seed}"));
        Directory.CreateDirectory(right);
        foreach (var memory in LoadMap.Of(netlist))
        {
            string image = Path.Combine(data, memory.File);
            string[] words = await File.ReadAllLinesAsync(image, Cancellation);
            // The map says what the images are.
            Assert.Equal(memory.Words, words.Length);
            Assert.All(words, word => Assert.Equal((memory.Bits + 3) / 4, word.Length));
            File.Move(image, Path.Combine(right, memory.File));
            await File.WriteAllLinesAsync(image, words.Select(word => new string('0', word.Length)), Cancellation);
        }
        Assert.Contains("FAIL mismatches", await Simulate(folder, ""));
        Assert.Contains("\nPASS\n", await Simulate(folder, "+reload=../right/"));
        Assert.Contains("\nPASS\n", await Simulate(folder, $"+reload=../right/ +in_stall=60 +out_stall=90 +weight_stall=50 +seed={seed + 7}"));
    }

    [Fact]
    public async Task The_folder_is_lint_clean_and_its_header_is_C()
    {
        RequiredTools.Require(ExternalTool.Verilator, ExternalTool.Yosys, ExternalTool.Make, ExternalTool.CppCompiler);
        var network = Make(3);
        string folder = _folder["network"];
        NetworkFolder.Write(new PipelineNetlist(network.Stages, network.RandomStreamedFoldings()) { HasControlPort = true }, network.Vectors(), folder, Cancellation);
        await ExternalTool.Make.RequireSuccessAsync(["lint"], folder, Patience, cancellation: Cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "use.c"), "#include \"control.h\"\nint main(void) { return accelsim_memories[0].words == 0; }\n", Cancellation);
        await ExternalTool.CppCompiler.RequireSuccessAsync(["-x", "c", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only", "use.c"], folder, Patience, cancellation: Cancellation);
    }

    /// <summary>One weight or one fold more, another number.</summary>
    [Fact]
    public void The_network_s_number_tells_networks_apart()
    {
        var network = new RandomNetwork(1, 1, 2, 4, 4).Pointwise(4);
        string hash = LoadMap.Hash(new PipelineNetlist(network.Stages, [new StageFolding(2, 1, 1)]));
        Assert.Equal(hash, LoadMap.Hash(new PipelineNetlist(network.Stages, [new StageFolding(2, 1, 1)])));
        Assert.NotEqual(hash, LoadMap.Hash(new PipelineNetlist(network.Stages, [new StageFolding(2, 1, 2)])));
        Assert.NotEqual(hash, LoadMap.Hash(new PipelineNetlist(new RandomNetwork(2, 1, 2, 4, 4).Pointwise(4).Stages, [new StageFolding(2, 1, 1)])));
    }

    private static async Task<string> Simulate(string folder, string arguments) =>
        (await ExternalTool.Make.RunAsync(["icarus", $"ARGS={arguments}"], folder, Patience, cancellation: Cancellation)).Output;

    private static RandomNetwork Make(int seed)
    {
        var network = new RandomNetwork(seed, 2, 3, 5, 5);
        string fork = network.Convolve(4, 3, 1, Padding.All(1), weightBits: seed == 1 ? 9 : 8).Table().Last;
        return network.Depthwise(3, 1, Padding.All(1)).Pointwise(4).Add(fork).AveragePool(2, 2).Connect(6).Connect(4);
    }
}
