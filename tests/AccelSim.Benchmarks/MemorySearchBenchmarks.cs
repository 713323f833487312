using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;
using AccelSim.Systolic;
using AccelSim.Systolic.Memory;
using BenchmarkDotNet.Attributes;

namespace AccelSim.Benchmarks;

/// <summary>
/// ResNet-50 with the memory search, by the size of the memories: a simulator that has planned nothing yet (the baseline), and one that knows every layer. The graph's own structure is
/// known in both, as after any call.
/// </summary>
[MemoryDiagnoser]
public class MemorySearchBenchmarks
{
    private LayerGraph _graph = null!;
    private ArrayConfiguration _array = null!;
    private SystolicSimulator _warm = null!;

    /// <summary>KiB of activations and of weights.</summary>
    [Params(4096, 256, 64)]
    public int KiB { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _graph = FloatPasses.Run(NetworkZoo.Find("resnet50").Build(new NetworkOptions()));
        _array = ArraySweepBenchmarks.ArrayOf(128, 128, KiB * 1024L);
        _warm = new SystolicSimulator(_array);
        _warm.Time(_graph);
    }

    [Benchmark(Baseline = true)]
    public object FirstCall() => new SystolicSimulator(_array).Time(_graph);

    [Benchmark]
    public object Cached() => _warm.Time(_graph);
}

/// <summary>MobileNetV2 over array shapes, each a simulator of its own: time by their number, and memory that does not grow with it.</summary>
[MemoryDiagnoser]
public class ArraySweepBenchmarks
{
    private LayerGraph _graph = null!;

    [Params(100, 1000)]
    public int Arrays { get; set; }

    [GlobalSetup]
    public void Prepare() => _graph = FloatPasses.Run(NetworkZoo.Find("mobilenet_v2").Build(new NetworkOptions()));

    /// <summary>Cycles of all arrays, whose sides go from 8 to 256.</summary>
    [Benchmark]
    public long Sweep()
    {
        long cycles = 0;
        for (int i = 0; i < Arrays; i++)
            cycles += new SystolicSimulator(ArrayOf(8 + i * 37 % 249, 8 + i * 53 % 249, 1 << 22)).Time(_graph).Sum(layer => layer.Total);
        return cycles;
    }

    internal static ArrayConfiguration ArrayOf(int rows, int columns, long bytes) => new(
        $"{rows}×{columns}", rows, columns, Dataflow.WeightStationary, FoldSchedule.Pipelined, 1e9, columns,
        MemoryHierarchy.Split(bytes, bytes, new Dram(64e9), accumulatorBytes: Math.Max(1 << 16, 8L * columns)));
}
