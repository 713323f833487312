using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Graph.Serialization;
using AccelSim.Models;
using AccelSim.Models.Data;
using AccelSim.Models.Trained;
using AccelSim.Reference;

namespace AccelSim.Studies.Networks;

/// <summary>A network ready for all backends: folded and fused, quantized, with real inputs.</summary>
/// <param name="Source">The graph as the zoo or the file gives it, with weights.</param>
/// <param name="Float">After <see cref="FloatPasses"/>.</param>
/// <param name="Quantized">After post-training quantization.</param>
/// <param name="Samples">What it runs on.</param>
/// <param name="Weights">Where the weights come from, for reports.</param>
/// <param name="Calibration">What calibrated it, for reports.</param>
public sealed record PreparedNetwork(
    LayerGraph Source, LayerGraph Float, LayerGraph Quantized, Samples Samples, string Weights, string Calibration)
{
    public const string DefaultNetwork = "mobilenet_v1";
    public const double DefaultWidth = 0.25;
    public const int DefaultResolution = 32;

    /// <summary>Calibration and verification stay within about this many multiply-accumulates unless a count is asked for.</summary>
    private const double MacBudget = 2e9;

    private const int LargestBatch = 128;

    /// <summary>Photographs are enlarged to it, in memory.</summary>
    private const int LargestResolution = 4096;

    /// <summary>Prepares for a study.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="afterPass">Sees the graph after each pass, quantization included.</param>
    /// <param name="cancellation">Stops between calibration batches.</param>
    /// <exception cref="GraphException">The request cannot be met; the message says why.</exception>
    public static PreparedNetwork Prepare(NetworkRequest request, Action<string, LayerGraph>? afterPass = null, CancellationToken cancellation = default)
    {
        var (source, weights, preprocessing) = Load(request);
        if (source.IsQuantized)
            throw new GraphException($"{request.NetworkOrFile} is quantized already: give the float graph.");
        if (source.Inputs.Length != 1 || source.Inputs[0].Type.Shape is not [_, _, <= LargestResolution and var height, var width] || height != width)
            throw new GraphException($"The network '{source.Name}' must have one input, a square image [N, C, H, H] of at most {LargestResolution}, but has {string.Join(", ", source.Inputs.Select(input => input.Type.Shape))}.");
        var folded = FloatPasses.Run(source, (pass, graph) => afterPass?.Invoke(pass.Name, graph));
        long macs = Math.Max(1, source.TotalCost().Macs);
        var samples = Select(request, source, preprocessing, Affordable(macs));
        var calibration = request.ImageFile is null ? Shipped(TrainedNetwork.ShippedCalibrationImages(), source, preprocessing, Math.Min(LargestBatch, Affordable(macs))) : samples;
        var ranges = Calibrate(folded, calibration, request.Ranges, cancellation);
        var quantized = new Quantizer(ranges, request.MultiplierBits).Apply(folded);
        afterPass?.Invoke(Quantizer.PassName, quantized);
        return new PreparedNetwork(source, folded, quantized, samples, weights, $"{calibration.Source}, {request.Ranges} ranges");
    }

    /// <summary>Only the structure, for what needs no weights.</summary>
    public static LayerGraph Structure(string networkOrFile, NetworkOptions options) =>
        IsFile(networkOrFile) ? FromFile(networkOrFile, options) : NetworkZoo.Find(networkOrFile).Build(options);

    private static int Affordable(long macs) => (int)Math.Clamp(MacBudget / macs, 1, int.MaxValue);

    private static (LayerGraph Graph, string Weights, ImagePreprocessing Preprocessing) Load(NetworkRequest request)
    {
        if (request.TrainedFolder is { } folder)
            return FromTraining(TrainedNetwork.Load(folder));
        if (IsFile(request.NetworkOrFile))
        {
            var graph = FromFile(request.NetworkOrFile, request.Options with { Batch = 1 });
            return graph.HasWeights ? (graph, $"from {request.NetworkOrFile}", ImagePreprocessing.Symmetric) : Seeded(graph, request.Seed ?? 1);
        }
        var structure = NetworkZoo.Find(request.NetworkOrFile).Build(request.Options with { Batch = 1 });
        if (request.Seed is null && !request.Options.ByName().ContainsKey(NetworkOption.Classes) && TrainedNetwork.ShippedAs(structure.Name) is { } trained)
            return FromTraining(trained);
        return Seeded(structure, request.Seed ?? 1);

        static (LayerGraph, string, ImagePreprocessing) Seeded(LayerGraph graph, ulong seed) =>
            (graph.WithSeededWeights(seed), $"random, seed {seed}", ImagePreprocessing.Symmetric);

        static (LayerGraph, string, ImagePreprocessing) FromTraining(TrainedNetwork trained) =>
            (trained.Graph, FormattableString.Invariant($"trained on {trained.Record.DataSet}, test accuracy {100 * trained.Record.TestAccuracy:f2} %"), trained.Preprocessing);
    }

    private static LayerGraph FromFile(string file, NetworkOptions options)
    {
        if (!options.AreDefault)
            throw new GraphException($"Variant, width, resolution, classes and other options choose a network of the zoo; {file} is as it is.");
        if (options.Batch < 1)
            throw new GraphException("The batch must be at least 1.");
        return GraphYaml.Load(file).WithBatch(options.Batch);
    }

    private static bool IsFile(string networkOrFile) => networkOrFile.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || networkOrFile.Contains('/', StringComparison.Ordinal);

    private static Samples Select(NetworkRequest request, LayerGraph graph, ImagePreprocessing preprocessing, int affordable)
    {
        var shape = graph.Inputs[0].Type.Shape;
        if (request.ImageFile is { } file)
            return new Samples(Photograph.Load(file, shape[1], shape[2], preprocessing), null, Path.GetFileName(file));
        var images = TrainedNetwork.ShippedTestImages();
        if (request.SampleCount is { } asked && (asked < 1 || asked > images.Count))
            throw new GraphException($"There are 1 to {images.Count} images to choose from, but {asked} were asked for.");
        var samples = Shipped(images, graph, preprocessing, request.SampleCount ?? Math.Min(images.Count, affordable));
        int classes = graph.TypeOf(graph.Outputs[0]).Channels;
        return classes == FashionMnist.Classes.Count ? samples : samples with { Labels = null };
    }

    private static Samples Shipped(GreyImages images, LayerGraph graph, ImagePreprocessing preprocessing, int count)
    {
        var shape = graph.Inputs[0].Type.Shape;
        images = images.Take(0, Math.Min(count, images.Count));
        return new Samples(
            preprocessing.Tensor(images, shape[1], shape[2]),
            [.. images.Labels.Select(label => (int)label)],
            $"{images.Count} Fashion-MNIST photograph{(images.Count == 1 ? "" : "s")}");
    }

    private static ActivationRanges Calibrate(LayerGraph graph, Samples samples, RangeChoice choice, CancellationToken cancellation)
    {
        int batch = BatchSize.Of(graph, samples.Count);
        var batches = Enumerable.Range(0, samples.Count / batch)
            .Select(i => (IReadOnlyDictionary<string, Tensor>)new Dictionary<string, Tensor> { [graph.Inputs[0].Name] = samples.Images.Batch(i * batch, batch) })
            .ToList();
        return new Calibrator(new ReferenceBackend(doublePrecision: true)).Calibrate(graph.WithBatch(batch), batches, choice, samples.Source, cancellation);
    }
}
