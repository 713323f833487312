using System.Globalization;
using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Network;
using AccelSim.Rtl.Simulation;
using AccelSim.Tests.Rtl.Resources;

namespace AccelSim.Tests.Rtl;

/// <summary>
/// The netlist that Yosys makes of a generated folder does what its Verilog does: the same testbench, bytes and cycles, with and without stalls.
/// Simulations of the Verilog alone do not see what the synthesizer misreads.
/// </summary>
public sealed class GateTests : IDisposable
{
    /// <summary>The number of random blocks, and of random networks, whose netlists of all families are simulated; 5 without it.</summary>
    private const string SweepVariable = "ACCELSIM_GATE_SWEEP";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private static readonly string[] Families = ["gates-ice40", "gates-ecp5", "gates-xilinx", "gates-7series", "gates-asic"];

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>Padding, stride 2, a table, three products a tree: an odd one passes a level of it.</summary>
    [Fact]
    public async Task A_block_in_gates_is_the_block()
    {
        Require();
        string folder = Block(new BlockShape(5, 5, 3, 4, 3, 2, Padding.All(1)) { DepthwiseTable = true }, new BlockFolding(1, 3, 1, 2));
        var result = await Make(folder, "gates-ice40", "gates-asic", "gates-xilinx");
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        string report = File.ReadAllText(Path.Combine(folder, "build", "report.md"));
        foreach (string goal in new[] { "gates-ice40", "gates-asic", "gates-xilinx" })
        {
            Assert.Contains($"| {goal} | bytes that differ | 0 | 0 of 144 |", report);
            Assert.Contains($"| {goal} | runs as in Verilog | 2 | 2 |", report);
        }
        // What was counted in gates is what was predicted before there was any hardware.
        Assert.Matches(@"\| gates-asic \| first output, cycles \| (\d+) \| \1 \|\n\| gates-asic \| one frame, cycles \| (\d+) \| \2 \|", report);
    }

    /// <summary>Convolution, squeeze-and-excite, residual add, max pool, and a classifier whose weights are streamed.</summary>
    [Fact]
    public async Task A_network_in_gates_is_the_network()
    {
        Require();
        var network = new RandomNetwork(seed: 3, frames: 2, channels: 2, height: 4, width: 4);
        string fork = network.Convolve(2, 3, 1, Padding.All(1)).Table().Last;
        network.SqueezeExcite(1).Pointwise(2).Add(fork).MaxPool(2, 2).Connect(3);
        var foldings = network.Stages.Stages.Select(stage => new StageFolding(1, 1, 1)).ToArray();
        foldings[^1] = foldings[^1] with { Streaming = new WeightStreaming(1, 1) };
        string folder = _folder["network"];
        NetworkFolder.Write(new PipelineNetlist(network.Stages, [.. foldings]), network.Vectors(), folder, Cancellation);
        var result = await Make(folder, "gates-ice40");
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("| gates-ice40 | runs as in Verilog | 2 | 2 |", File.ReadAllText(Path.Combine(folder, "build", "report.md")));
    }

    /// <summary>What Yosys 0.23 makes wrong hardware of, while the simulators see nothing wrong: each was once in a cell.</summary>
    [Theory]
    [InlineData("window_reader.sv", "YWidth'(-PadTop)", "-YWidth'(PadTop)")]
    [InlineData("dot_product.sv", "(* keep *)", "")]
    public async Task What_the_synthesizer_misreads_fails_in_gates(string cell, string text, string old)
    {
        Require();
        string folder = Block(new BlockShape(3, 3, 2, 1, 3, 1, Padding.All(1)), new BlockFolding(1, 3, 1, 1));
        string path = Path.Combine(folder, "rtl", cell), verilog = File.ReadAllText(path);
        Assert.Contains(text, verilog);
        File.WriteAllText(path, verilog.Replace(text, old, StringComparison.Ordinal));
        var result = await Make(folder, "gates-ice40");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("the netlist does not do what the Verilog does: < build/gates-rtl.log, > build/gates-ice40.log", result.Error);
        Assert.Contains("\n> FAIL ", result.Output);
        Assert.False(File.Exists(Path.Combine(folder, "build", "report.md")));
    }

    /// <summary>The larger set, by hand.</summary>
    [Fact(Explicit = true)]
    public async Task Random_blocks_and_networks_in_gates()
    {
        int count = int.Parse(Environment.GetEnvironmentVariable(SweepVariable) ?? "5", CultureInfo.InvariantCulture);
        Require();
        var failures = new List<string>();
        for (int number = 0; number < count; number++)
        {
            var (shape, folding) = SweepBlocks.Draw(number);
            // The shape's operators and the folding, on a frame that gates can simulate.
            shape = shape with { Height = Math.Min(shape.Height, shape.Kernel + 3), Width = Math.Min(shape.Width, shape.Kernel + 2) };
            var block = new RandomBlock(shape, 1000 + number, frames: 2);
            string folder = _folder[$"block{number}"];
            BlockFolder.Write(block.Block, folding, block.Vectors(), folder);
            await Check(folder, $"block {number}, {shape}, {folding}");

            var kinds = RandomNetwork.Kinds;
            var network = RandomNetwork.Make(number, kinds[number % kinds.Length]);
            folder = _folder[$"network{number}"];
            NetworkFolder.Write(new PipelineNetlist(network.Stages, network.RandomFoldings()), network.Vectors(), folder, Cancellation);
            await Check(folder, $"network {number}, {kinds[number % kinds.Length]}");
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures));

        async Task Check(string folder, string what)
        {
            foreach (string family in Families)
            {
                var result = await Make(folder, family);
                if (result.ExitCode != 0)
                    failures.Add($"{what}: {family}: {result.Output}{result.Error}");
            }
        }
    }

    private string Block(BlockShape shape, BlockFolding folding)
    {
        var sample = new RandomBlock(shape, seed: 7, frames: 2);
        BlockFolder.Write(sample.Block, folding, sample.Vectors(), _folder["block"]);
        return _folder["block"];
    }

    private static void Require()
    {
        RequiredTools.RequireIcarus();
        RequiredTools.Require(ExternalTool.Yosys, ExternalTool.Make);
    }

    private static Task<ToolResult> Make(string folder, params string[] goals) =>
        ExternalTool.Make.RunAsync([.. goals], folder, Patience, cancellation: Cancellation);
}
