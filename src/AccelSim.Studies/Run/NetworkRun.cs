using System.Diagnostics;
using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Studies.Networks;

namespace AccelSim.Studies.Run;

/// <summary>What to run, where, and how often.</summary>
public sealed record RunRequest
{
    public required NetworkRequest Network { get; init; }

    /// <summary>As <c>accelsim devices</c> lists them, or <c>auto</c>.</summary>
    public string Device { get; init; } = GpuDevices.Auto;

    public int Batch { get; init; } = 1;

    public int Iterations { get; init; } = 20;

    /// <summary>The graph after post-training quantization instead of the float32 one.</summary>
    public bool Quantized { get; init; }

    /// <summary>Measure which kernels are the fastest here first, and keep that for later runs.</summary>
    public bool Tune { get; init; }

    /// <summary>Time each layer too.</summary>
    public bool Profile { get; init; }

    /// <summary>Names in <see cref="Rivals"/>.</summary>
    public IReadOnlyList<string> Compare { get; init; } = [];
}

/// <summary>Runs a network on a device and measures it.</summary>
public static class NetworkRun
{
    /// <exception cref="GraphException">The request cannot be met; the message says why.</exception>
    /// <exception cref="GpuException">The device is missing, failed, or cannot hold the network.</exception>
    public static RunReport Run(RunRequest request, IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (request.Batch < 1 || request.Iterations < 1)
            throw new GraphException($"--batch {request.Batch} and --iterations {request.Iterations} must be at least 1.");
        if (request.Compare.FirstOrDefault(name => name is not (Rivals.Torch or Rivals.OnnxRuntime)) is { } unknown)
            throw Rivals.Unknown(unknown);
        var (graph, weights) = Graph(request, cancellation);
        var inputs = Inputs(graph);
        using var backend = GpuBackend.Open(request.Device, new GpuOptions(Profiling: request.Profile));
        var tuned = request.Tune
            ? GpuTuner.Tune(backend, graph, progress: progress is null ? null : new Progress<(int Done, int All)>(at => progress.Report(new StudyProgress("tune", at.Done, at.All))), cancellation: cancellation)
            : null;
        long start = Stopwatch.GetTimestamp();
        using var executor = backend.Compile(graph);
        executor.Run(inputs, everyLayer: false, cancellation);
        double first = Stopwatch.GetElapsedTime(start).TotalSeconds;

        var latency = Latency.Of(executor.Latencies(inputs, request.Iterations, cancellation));
        progress?.Report(new StudyProgress("run", 1, 1));
        var layers = request.Profile ? Layers(graph, executor.Steps, executor.ProfileLayers(inputs, request.Iterations, cancellation)) : [];
        var rivals = Compare(request, graph, executor, inputs, progress, cancellation);
        return new RunReport(
            graph.Name, graph.IsQuantized ? ElementType.Int8 : ElementType.Float32, request.Batch, weights, backend.Device, backend.KernelFamily, request.Iterations,
            graph.TotalCost().Macs, first, latency, executor.Memory, GpuCeilings.Measure(backend), layers, rivals)
        {
            Tuned = tuned,
            KernelsMeasured = backend.Tuning.Kernels.Count,
        };
    }

    private static (LayerGraph Graph, string Weights) Graph(RunRequest request, CancellationToken cancellation)
    {
        if (request.Quantized)
        {
            var prepared = PreparedNetwork.Prepare(request.Network, afterPass: null, cancellation);
            return (prepared.Quantized.WithBatch(request.Batch), prepared.Weights);
        }
        var (source, weights) = PreparedNetwork.WithWeights(request.Network, cancellation);
        return ((source.IsQuantized ? source : FloatPasses.Run(source)).WithBatch(request.Batch), weights);
    }

    /// <summary>Noise: a dense network takes as long over it as over a picture.</summary>
    private static Dictionary<string, Tensor> Inputs(LayerGraph graph)
    {
        var random = new Random(1);
        return graph.Inputs.ToDictionary(input => input.Name, input => input.Type.Element == ElementType.Int8
            ? Tensor.Of(input.Type.Shape, Draw(input, () => (sbyte)random.Next(sbyte.MinValue, sbyte.MaxValue + 1)))
            : Tensor.Of(input.Type.Shape, Draw(input, () => 2 * random.NextSingle() - 1)));

        static T[] Draw<T>(GraphInput input, Func<T> next) => [.. Enumerable.Range(0, checked((int)input.Type.Shape.Elements)).Select(_ => next())];
    }

    /// <summary>Layers that share a kernel have one time together. What lies between them is not moved.</summary>
    private static IReadOnlyList<RunLayer> Layers(LayerGraph graph, IReadOnlyList<IReadOnlyList<Layer>> steps, IReadOnlyList<IReadOnlyList<double>> seconds) =>
    [
        .. steps.Select((layers, i) =>
        {
            string[] inside = [.. layers.Select(layer => layer.Name)];
            var operands = layers.SelectMany(layer => layer.Operands).Except(inside).ToList();
            var output = graph.TypeOf(inside[^1]);
            return new RunLayer(
                string.Join(" + ", inside), string.Join(" + ", layers.Select(layer => $"{layer.Operator.Name} {layer.Operator.Describe()}".TrimEnd())), output.Shape.ToString(),
                Latency.Of(seconds[i]).Median, layers.Sum(layer => graph.CostOf(layer).Macs), operands.Sum(value => graph.TypeOf(value).Bytes) + output.Bytes);
        }),
    ];

    /// <summary>Ours and the others in turn, so that what else the machine does falls on all of them.</summary>
    private static IReadOnlyList<RivalTime> Compare(
        RunRequest request, LayerGraph graph, GpuExecutor ours, IReadOnlyDictionary<string, Tensor> inputs, IProgress<StudyProgress>? progress, CancellationToken cancellation)
    {
        var opened = new List<(IExecutor Executor, string Name, string Note)>();
        try
        {
            foreach (string name in request.Compare)
                opened.Add(Rivals.Open(name, graph));
            IExecutor[] executors = [ours, .. opened.Select(rival => rival.Executor)];
            var outputs = executors.Select(executor => executor.Run(inputs, everyLayer: false, cancellation)).ToList();
            var seconds = executors.Select(_ => new List<double>()).ToList();
            double[] processor = [.. executors.Select(_ => double.PositiveInfinity)];
            for (int iteration = 0; iteration < request.Iterations && opened.Count > 0; iteration++)
            {
                for (int i = 0; i < executors.Length; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var before = Environment.CpuUsage.TotalTime;
                    long start = Stopwatch.GetTimestamp();
                    executors[i].Run(inputs, everyLayer: false, cancellation);
                    seconds[i].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                    processor[i] = Math.Min(processor[i], (Environment.CpuUsage.TotalTime - before).TotalSeconds);
                }
                progress?.Report(new StudyProgress("compare", iteration + 1, request.Iterations));
            }
            if (opened.Count == 0)
                return [];
            var latencies = seconds.Select(Latency.Of).ToList();
            return
            [
                new RivalTime("accelsim", latencies[0], processor[0], 1, 1, 0, "transfers of inputs and outputs included"),
                .. opened.Select((rival, i) => new RivalTime(
                    rival.Name, latencies[i + 1], processor[i + 1], latencies[0].Median / latencies[i + 1].Median, latencies[0].Least / latencies[i + 1].Least,
                    Difference(graph, outputs[0], outputs[i + 1]), rival.Note)),
            ];
        }
        finally
        {
            opened.ForEach(rival => rival.Executor.Dispose());
        }
    }

    private static double Difference(LayerGraph graph, IReadOnlyDictionary<string, Tensor> ours, IReadOnlyDictionary<string, Tensor> theirs)
    {
        double error = 0, norm = 0;
        foreach (string output in graph.Outputs)
        {
            double[] a = Values(ours[output]), b = Values(theirs[output]);
            for (int i = 0; i < a.Length; i++)
            {
                error += (a[i] - b[i]) * (a[i] - b[i]);
                norm += b[i] * b[i];
            }
        }
        return error == 0 ? 0 : Math.Sqrt(error / norm);

        static double[] Values(Tensor tensor) => tensor.Element == ElementType.Int8
            ? Array.ConvertAll(tensor.Int8.ToArray(), code => (double)code)
            : Array.ConvertAll(tensor.Float32.ToArray(), value => (double)value);
    }
}
