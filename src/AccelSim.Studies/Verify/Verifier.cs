using System.Diagnostics;
using AccelSim.Graph;
using AccelSim.Reference;
using AccelSim.Studies.Networks;

namespace AccelSim.Studies.Verify;

/// <summary>Runs one network on every backend and holds each layer of each against the reference.</summary>
public sealed class Verifier
{
    /// <summary>numerics.md, "Float graphs": ‖out − ref‖₂ ÷ ‖ref‖₂ against a float64 reference.</summary>
    public const double FloatTolerance = 1e-5;

    /// <summary>Backends that run the float graph.</summary>
    public IReadOnlyList<IBackend> FloatBackends { get; init; } = [];

    /// <summary>Backends that run the quantized graph.</summary>
    public IReadOnlyList<IBackend> IntegerBackends { get; init; } = [];

    /// <summary>Runs the generated Verilog of a network's blocks, or null.</summary>
    public BlockVerification? Blocks { get; init; }

    /// <summary>Gives the cycles of each layer on the simulated array, or null.</summary>
    public Func<LayerGraph, IReadOnlyList<LayerTiming>>? Timing { get; init; }

    /// <summary>The simulated platform, for the report.</summary>
    public string Platform { get; init; } = "";

    /// <param name="network">What to run.</param>
    /// <param name="progress">Told after each batch and each block.</param>
    /// <param name="cancellation">Stops between layers and kills simulations.</param>
    public async Task<VerificationReport> RunAsync(PreparedNetwork network, IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        // Before the long work, so that a layer that is in no block is refused at once.
        var blocksAsked = Blocks?.Select(network.Quantized.WithBatch(1)) ?? [];
        int batch = BatchSize.Of(network.Quantized, network.Samples.Count);
        using var reals = network.Float is { } floats ? new BackendRuns(floats.WithBatch(batch), new ReferenceBackend(doublePrecision: true), FloatBackends) : null;
        using var codes = new BackendRuns(network.Quantized.WithBatch(batch), new ReferenceBackend(), IntegerBackends);
        var noise = network.Quantized.Layers.ToDictionary(layer => layer.Name, _ => new Difference());
        IReadOnlyDictionary<string, Tensor>? firstImage = null;
        for (int start = 0; start < network.Samples.Count; start += batch)
        {
            var images = network.Samples.Images.Batch(start, batch);
            var real = reals?.Run(PreparedNetwork.InputOf(network.Float!, images), progress, start, network.Samples.Count, cancellation);
            var quantized = PreparedNetwork.InputOf(network.Quantized, images);
            var code = codes.Run(quantized, progress, start, network.Samples.Count, cancellation);
            foreach (var layer in network.Quantized.Layers)
            {
                if (network.Quantized.TypeOf(layer.Name).Quantization is { } quantization && real?.GetValueOrDefault(layer.Name) is { } exact)
                    noise[layer.Name].AddDecoded(exact, code[layer.Name], quantization);
            }
            firstImage ??= blocksAsked.Count == 0 ? code : FirstOf(code.Concat(quantized));
        }
        var blocks = Blocks is null ? [] : await Blocks.RunAsync(blocksAsked, firstImage!, progress, cancellation);
        var timing = Timing?.Invoke(network.Quantized.WithBatch(1)).ToDictionary(layer => layer.Layer) ?? [];
        return new VerificationReport(
            network.Source.Name,
            network.Weights,
            network.Calibration,
            network.Samples.Source,
            Platform,
            [.. network.Quantized.Layers.Select(Verdict)],
            [.. reals?.EndToEnd(network.Samples.Labels, null) ?? [], .. codes.EndToEnd(network.Samples.Labels, reals?.ReferenceClasses)],
            Blocks is not null,
            Blocks is null ? [] : BlockVerification.DepthwiseLayersWithoutBlock(network.Quantized),
            [.. blocks.Where(block => block.Refusal is not null).Select(block => block.Refusal!)]);

        LayerVerdict Verdict(Layer layer) => new(
            layer.Name,
            layer.Operator.Name,
            network.Quantized.TypeOf(layer.Name).Shape.ToString(),
            network.Quantized.CostOf(layer).Macs,
            noise[layer.Name].Compared > 0 && double.IsFinite(noise[layer.Name].SignalToNoise) ? noise[layer.Name].SignalToNoise : null,
            [.. reals?.Comparisons(layer.Name) ?? [], .. codes.Comparisons(layer.Name), .. blocks.SelectMany(block => block.ComparisonsOf(layer.Name))],
            timing.GetValueOrDefault(layer.Name),
            blocks.FirstOrDefault(block => block.LastLayer == layer.Name)?.Cycles);
    }

    /// <summary>Values of the first image alone. A literal has no batch.</summary>
    private static Dictionary<string, Tensor> FirstOf(IEnumerable<KeyValuePair<string, Tensor>> values) =>
        values.ToDictionary(pair => pair.Key, pair => pair.Value.Shape.Rank == 0 ? pair.Value : pair.Value.Batch(0, 1));

    /// <summary>The reference and the backends over one graph, with the differences so far.</summary>
    private sealed class BackendRuns : IDisposable
    {
        private readonly LayerGraph _graph;
        private readonly List<BackendRun> _runs = [];

        public BackendRuns(LayerGraph graph, IBackend reference, IReadOnlyList<IBackend> backends)
        {
            _graph = graph;
            try
            {
                foreach (var backend in backends.Prepend(reference))
                    _runs.Add(new BackendRun(backend.Name, backend.Compile(graph), graph.Layers.ToDictionary(layer => layer.Name, _ => new Difference())));
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public IReadOnlyList<int> ReferenceClasses => _runs[0].Classes;

        /// <summary>Runs one batch everywhere and returns the reference's values.</summary>
        public IReadOnlyDictionary<string, Tensor> Run(
            IReadOnlyDictionary<string, Tensor> inputs, IProgress<StudyProgress>? progress, int done, int total, CancellationToken cancellation)
        {
            IReadOnlyDictionary<string, Tensor>? expected = null;
            foreach (var run in _runs)
            {
                var clock = Stopwatch.StartNew();
                var values = run.Executor.Run(inputs, everyLayer: true, cancellation);
                run.Seconds += clock.Elapsed.TotalSeconds;
                expected ??= values;
                foreach (var (name, difference) in run.Differences)
                {
                    if (!values.TryGetValue(name, out var value))
                        throw new InvalidOperationException($"{run.Backend} returned no value for the layer '{name}'.");
                    if (_graph.TypeOf(name).Element == ElementType.Int8)
                        difference.AddCodes(expected[name], value);
                    else
                        difference.AddReals(expected[name], value);
                }
                run.Classes.AddRange(Top1(values[_graph.Outputs[0]]));
                progress?.Report(new StudyProgress($"{run.Backend} {Precision.ToString().ToLowerInvariant()}", done + _graph.Batch, total));
            }
            return expected!;
        }

        /// <summary>In the layer's own precision: a quantized graph may have float layers. None for a layer that is in the other graph only, such as a Dequantize.</summary>
        public IEnumerable<BackendComparison> Comparisons(string layer) => _runs.Skip(1).Where(run => run.Differences.ContainsKey(layer)).Select(run =>
        {
            var difference = run.Differences[layer];
            return new BackendComparison(run.Backend, _graph.TypeOf(layer).Element, difference.Compared, difference.Mismatches, difference.Largest, difference.RelativeError);
        });

        public IEnumerable<EndToEnd> EndToEnd(IReadOnlyList<int>? labels, IReadOnlyList<int>? floatClasses) => _runs.Select(run => new EndToEnd(
            run.Backend,
            Precision,
            run.Classes,
            labels is null ? null : Same(run.Classes, labels),
            Same(run.Classes, ReferenceClasses),
            floatClasses is null && _graph.IsQuantized ? null : Same(run.Classes, floatClasses ?? ReferenceClasses),
            run.Seconds));

        private ElementType Precision => _graph.IsQuantized ? ElementType.Int8 : ElementType.Float32;

        public void Dispose()
        {
            foreach (var run in _runs)
                run.Executor.Dispose();
        }

        private static int[] Top1(Tensor logits) => Classification.Top1(logits.Reshape(Shape.Of(logits.Shape[0], checked((int)(logits.Shape.Elements / logits.Shape[0])))));

        private static int Same(IReadOnlyList<int> a, IReadOnlyList<int> b) => a.Zip(b).Count(pair => pair.First == pair.Second);

        private sealed record BackendRun(string Backend, IExecutor Executor, Dictionary<string, Difference> Differences)
        {
            public List<int> Classes { get; } = [];

            public double Seconds { get; set; }
        }
    }
}
