using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Reference;
using AccelSim.Studies.Networks;
using AccelSim.Systolic;
using AccelSim.Systolic.Memory;
using BenchmarkDotNet.Attributes;

namespace AccelSim.Benchmarks;

/// <summary>One batch of the default network's int8 graph on each backend, as a ratio to the TorchSharp reference in the same run.</summary>
[MemoryDiagnoser]
public class ExecutorBenchmarks
{
    private const int Batch = 8;
    private readonly Dictionary<string, Tensor> _inputs = [];
    private IExecutor _reference = null!;
    private GpuExecutor _gpu = null!;
    private IExecutor _systolic = null!;
    private GpuBackend _gpuBackend = null!;

    [GlobalSetup]
    public void Prepare()
    {
        var network = PreparedNetwork.Prepare(new NetworkRequest
        {
            NetworkOrFile = PreparedNetwork.DefaultNetwork,
            Options = new NetworkOptions(Width: PreparedNetwork.DefaultWidth, Resolution: PreparedNetwork.DefaultResolution),
            SampleCount = Batch,
        });
        var graph = network.Quantized.WithBatch(Batch);
        _inputs[graph.Inputs[0].Name] = graph.Inputs[0].Type.Quantization!.Value.Encode(network.Samples.Images);
        _reference = new ReferenceBackend().Compile(graph);
        _gpuBackend = GpuBackend.Open();
        _gpu = _gpuBackend.Compile(graph);
        _systolic = new SystolicSimulator(new ArrayConfiguration(
            "32×32", 32, 32, Dataflow.WeightStationary, FoldSchedule.Pipelined, 1e9, 32, MemoryHierarchy.Split(1 << 18, 1 << 18, new Dram(16e9)))).Compile(graph);
    }

    [GlobalCleanup]
    public void Close()
    {
        _reference.Dispose();
        _gpu.Dispose();
        _gpuBackend.Dispose();
        _systolic.Dispose();
    }

    [Benchmark(Baseline = true)]
    public object Reference() => _reference.Run(_inputs);

    [Benchmark]
    public object Gpu() => _gpu.Run(_inputs);

    [Benchmark]
    public object Systolic() => _systolic.Run(_inputs);
}
