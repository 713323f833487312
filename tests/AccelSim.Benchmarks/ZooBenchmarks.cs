using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;
using BenchmarkDotNet.Attributes;

namespace AccelSim.Benchmarks;

/// <summary>The deepest network and the one with the most branches: structure to graph, its passes, and its costs.</summary>
public class ZooBenchmarks
{
    private LayerGraph _graph = null!;

    [Params("resnet1202", "nasnet_a_large")]
    public string Network { get; set; } = "";

    [GlobalSetup]
    public void Prepare() => _graph = Build();

    [Benchmark]
    public LayerGraph Build() => NetworkZoo.Find(Network).Build(new NetworkOptions());

    [Benchmark]
    public LayerGraph Passes() => FloatPasses.Run(_graph);

    [Benchmark]
    public long Costs() => _graph.TotalCost().Macs + _graph.PeakActivationBytes();
}
