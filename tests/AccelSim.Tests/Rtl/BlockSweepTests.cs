using System.Globalization;
using AccelSim.Rtl.Network;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl;

/// <summary>
/// Random blocks of the kinds that networks are made of, random foldings: cycles of every stream as predicted, bytes as the plain loops give them.
/// A sample in the common run; <c>ACCELSIM_SWEEP=500</c> runs as many, <c>ACCELSIM_SWEEP_FIRST</c> is the first seed.
/// </summary>
public sealed class BlockSweepTests : IDisposable
{
    private const int Sample = 8, VerilatorSample = 1;

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Random_blocks_take_the_predicted_cycles_in_Icarus()
    {
        RequiredTools.RequireIcarus();
        await Sweep(new IcarusSimulator(_folder.Path), Number("ACCELSIM_SWEEP", Sample));
    }

    [Fact]
    public async Task Random_blocks_take_the_predicted_cycles_in_Verilator()
    {
        RequiredTools.RequireVerilator();
        await Sweep(new VerilatorSimulator(new SimulationCache(_folder.Path)), Number("ACCELSIM_SWEEP", VerilatorSample));
    }

    private static async Task Sweep(ISimulator simulator, int count)
    {
        int first = Number("ACCELSIM_SWEEP_FIRST", 1);
        for (int seed = first; seed < first + count; seed++)
        {
            var random = new Random(seed);
            var network = new RandomNetwork(seed, 3, random.Next(1, 9), random.Next(3, 11), random.Next(3, 11)).RandomBlock();
            var netlist = new PipelineNetlist(network.Stages, network.RandomFoldings());
            var report = await new NetworkCoSimulator(simulator).RunAsync(netlist, network.Vectors(), cancellation: Cancellation);
            string place = $"{simulator.Name}, seed {seed}, {string.Join(" ", netlist.Stages.Select(stage => $"{stage.Shape.Kind} {stage.Folding}"))}";
            Assert.True(report.Passed, $"{place}: {report.Verdict}");
            Assert.True(!report.Differences.Any(), $"{place}: {string.Join("; ", report.Differences.Select(pair => $"measured {pair.Measured}, predicted {pair.Predicted}"))}");
            TestContext.Current.SendDiagnosticMessage($"{seed - first + 1} of {count} blocks in {simulator.Name}: all cycles as predicted");
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
