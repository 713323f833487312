using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;
using AccelSim.Systolic;
using AccelSim.Systolic.Memory;
using BenchmarkDotNet.Attributes;

namespace AccelSim.Benchmarks;

/// <summary>The closed-form time of whole networks on one array; the cost should follow the layers, not the MACs.</summary>
public class TimeModelBenchmarks
{
    private readonly SystolicSimulator _simulator = new(new ArrayConfiguration(
        "128×128", 128, 128, Dataflow.WeightStationary, FoldSchedule.Pipelined, 1e9, 128, MemoryHierarchy.Split(1 << 22, 1 << 22, new Dram(64e9))));

    private LayerGraph _graph = null!;

    [Params("lenet5", "mobilenet_v1", "mobilenet_v2", "resnet18")]
    public string Network { get; set; } = "";

    [GlobalSetup]
    public void Build() => _graph = FloatPasses.Run(NetworkZoo.Find(Network).Build(new NetworkOptions()));

    [Benchmark]
    public object Time() => _simulator.Time(_graph);
}
