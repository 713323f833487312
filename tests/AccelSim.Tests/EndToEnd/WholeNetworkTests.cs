using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Platforms;
using AccelSim.Reference;
using AccelSim.Rtl;
using AccelSim.Rtl.Network;
using AccelSim.Rtl.Simulation;
using AccelSim.Studies.Generate;
using AccelSim.Studies.Networks;

namespace AccelSim.Tests.EndToEnd;

/// <summary>Whole trained networks as one pipeline in Verilator, byte for byte against the reference, cycle for cycle against the model.</summary>
public sealed class WholeNetworkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_trained_MobileNetV1_is_exact_over_a_hundred_images_in_bytes_and_cycles()
    {
        RequiredTools.RequireVerilator();
        var network = PreparedNetwork.Prepare(new NetworkRequest
        {
            NetworkOrFile = "mobilenet_v1",
            Options = new NetworkOptions(Width: 0.25, Resolution: 32),
            SampleCount = 100,
        }, cancellation: Cancellation);
        var graph = network.Quantized.WithBatch(100);
        var stages = StageGraph.Of(graph);
        var device = Assert.IsType<FpgaPlatform>(PlatformCatalog.Open().Find("zcu102"));
        var folding = NetworkFolding.Cheapest(stages, NetworkGeneration.BudgetOf(device), 20_000);
        var netlist = new PipelineNetlist(stages, folding.Foldings);
        using var reference = new ReferenceBackend().Compile(graph);
        var inputs = PreparedNetwork.InputOf(graph, network.Samples.Images);
        var vectors = new NetworkVectors(inputs[graph.Inputs[0].Name], reference.Run(inputs, everyLayer: true, Cancellation)[stages.Output]);
        var simulator = new NetworkCoSimulator(new VerilatorSimulator(new SimulationCache()));
        var free = await simulator.RunAsync(netlist, vectors, cancellation: Cancellation);
        Assert.True(free.Passed, free.Verdict);
        Assert.Equal(1000, free.Elements);
        Assert.True(!free.Differences.Any(), string.Join("; ", free.Differences.Select(pair => $"measured {pair.Measured}, predicted {pair.Predicted}")));
        Assert.InRange(free.Measured.Interval, 1, folding.Interval);
        var stalled = await simulator.RunAsync(netlist, vectors, new StallPattern(60, 60, 7), Cancellation);
        Assert.True(stalled.Passed, stalled.Verdict);
        Assert.Equal(1000, stalled.Elements);
    }
}
