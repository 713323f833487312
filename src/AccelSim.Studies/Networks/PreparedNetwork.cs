using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;
using AccelSim.Models.Data;
using AccelSim.Models.Trained;
using AccelSim.Reference;

namespace AccelSim.Studies.Networks;

/// <summary>A network ready for all backends: folded and fused, quantized, with real inputs.</summary>
/// <param name="Source">The graph as the zoo or the file gives it, with weights.</param>
/// <param name="Float">After <see cref="FloatPasses"/>; null where the source is quantized itself, and so has no float graph.</param>
/// <param name="Quantized">After post-training quantization, or the source.</param>
/// <param name="Samples">What it runs on.</param>
/// <param name="Weights">Where the weights come from, for reports.</param>
/// <param name="Calibration">What calibrated it, for reports.</param>
public sealed record PreparedNetwork(
    LayerGraph Source, LayerGraph? Float, LayerGraph Quantized, Samples Samples, string Weights, string Calibration)
{
    public const string DefaultNetwork = "mobilenet_v1";
    public const double DefaultWidth = 0.25;
    public const int DefaultResolution = 32;

    /// <summary>Calibration and verification stay within about this many multiply-accumulates unless a count is asked for.</summary>
    private const double MacBudget = 2e9;

    private const int LargestBatch = 128;

    /// <summary>Prepares for a study.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="afterPass">Sees the graph after each pass, quantization included.</param>
    /// <param name="cancellation">Stops between calibration batches.</param>
    /// <exception cref="GraphException">The request cannot be met; the message says why.</exception>
    public static PreparedNetwork Prepare(NetworkRequest request, Action<string, LayerGraph>? afterPass = null, CancellationToken cancellation = default)
    {
        var (source, weights, trainedOn) = Load(request, cancellation);
        if (source.Inputs.Length != 1)
            throw new GraphException($"The network '{source.Name}' must have one input, but has {source.Inputs.Length} ({string.Join(", ", source.Inputs.Select(input => $"{input.Name} {input.Type.Shape}"))}).");
        var preprocessing = PreprocessingOf(request, source, trainedOn);
        int affordable = (int)Math.Clamp(MacBudget / Math.Max(1, source.TotalCost().Macs), 1, int.MaxValue);
        var samples = Select(request, source, preprocessing, affordable);
        if (source.IsQuantized)
            return new PreparedNetwork(source, null, source, samples, weights, "scales of its own");
        var folded = FloatPasses.Run(source, (pass, graph) => afterPass?.Invoke(pass.Name, graph));
        var calibration = request.ImageFile is not null
            ? samples
            : Samples.Shipped(TrainedNetwork.ShippedCalibrationImages(), source.Inputs[0].Type.Shape, preprocessing, Math.Min(LargestBatch, affordable));
        var ranges = Calibrate(folded, calibration, request.Ranges, cancellation);
        var quantized = new Quantizer(ranges, request.MultiplierBits).Apply(folded);
        afterPass?.Invoke(Quantizer.PassName, quantized);
        return new PreparedNetwork(source, folded, quantized, samples, weights, $"{calibration.Source}, {request.Ranges} ranges");
    }

    /// <summary>Only the structure, for what needs no weights.</summary>
    public static LayerGraph Structure(string networkOrFile, NetworkOptions options, IReadOnlyDictionary<string, int>? dimensions = null) =>
        NetworkFile.IsFile(networkOrFile) ? NetworkFile.Load(networkOrFile, options, dimensions) : NetworkZoo.Find(networkOrFile).Build(options);

    /// <summary>The network as the zoo or the file gives it, with weights, and where these come from.</summary>
    /// <exception cref="GraphException">The request cannot be met; the message says why.</exception>
    public static (LayerGraph Graph, string Weights) WithWeights(NetworkRequest request, CancellationToken cancellation = default)
    {
        var (graph, weights, _) = Load(request, cancellation);
        return (graph, weights);
    }

    /// <summary>Samples [N, …] as the one input of a graph: reals, or their codes.</summary>
    public static IReadOnlyDictionary<string, Tensor> InputOf(LayerGraph graph, Tensor samples)
    {
        var input = graph.Inputs[0];
        return new Dictionary<string, Tensor> { [input.Name] = input.Type.Quantization is { } codes ? codes.Encode(samples) : samples };
    }

    private static (LayerGraph Graph, string Weights, ImagePreprocessing? Preprocessing) Load(NetworkRequest request, CancellationToken cancellation)
    {
        if (request.TrainedFolder is { } folder)
            return FromTraining(TrainedNetwork.Load(folder));
        if (NetworkFile.IsFile(request.NetworkOrFile))
        {
            var graph = NetworkFile.Load(request.NetworkOrFile, request.Options with { Batch = 1 }, request.Dimensions, cancellation);
            return graph.HasWeights ? (graph, $"from {request.NetworkOrFile}", null) : Seeded(graph, request.Seed ?? 1);
        }
        var structure = NetworkZoo.Find(request.NetworkOrFile).Build(request.Options with { Batch = 1 });
        if (request.Seed is null && request.Options.Classes is null && TrainedNetwork.ShippedAs(structure.Name) is { } trained)
            return FromTraining(trained);
        return Seeded(structure, request.Seed ?? 1);

        static (LayerGraph, string, ImagePreprocessing?) Seeded(LayerGraph graph, ulong seed) => (graph.WithSeededWeights(seed), $"random, seed {seed}", null);

        static (LayerGraph, string, ImagePreprocessing?) FromTraining(TrainedNetwork trained) =>
            (trained.Graph, FormattableString.Invariant($"trained on {trained.Record.DataSet}, test accuracy {100 * trained.Record.TestAccuracy:f2} %"), trained.Preprocessing);
    }

    /// <summary>What the user names; else what the network was trained with; else, for a network whose input is quantized, its codes are the pixels.</summary>
    private static ImagePreprocessing PreprocessingOf(NetworkRequest request, LayerGraph graph, ImagePreprocessing? trainedOn)
    {
        if (request.Preprocessing is { } named)
        {
            return ImagePreprocessing.Named.TryGetValue(named, out var preprocessing)
                ? preprocessing
                : throw new GraphException($"There is no preprocessing '{named}' (there are {string.Join(", ", ImagePreprocessing.Named.Keys.Order(StringComparer.Ordinal))}).");
        }
        if (trainedOn is not null)
            return trainedOn;
        string input = graph.Inputs[0].Name;
        var codes = graph.Inputs[0].Type.Quantization ?? graph.Consumers(input).Select(layer => (layer.Operator as Quantize)?.Output).FirstOrDefault(output => output is not null);
        return codes is { } quantization ? ImagePreprocessing.OfCodes(quantization.Scale, quantization.ZeroPoint + 128) : ImagePreprocessing.Symmetric;
    }

    private static Samples Select(NetworkRequest request, LayerGraph graph, ImagePreprocessing preprocessing, int affordable)
    {
        var shape = graph.Inputs[0].Type.Shape;
        if (request.ImageFile is { } file)
            return Samples.OfPicture(file, shape, preprocessing);
        var images = TrainedNetwork.ShippedTestImages();
        if (request.SampleCount is { } asked && (asked < 1 || asked > images.Count))
            throw new GraphException($"There are 1 to {images.Count} images to choose from, but {asked} were asked for.");
        var samples = Samples.Shipped(images, shape, preprocessing, request.SampleCount ?? Math.Min(images.Count, affordable));
        bool sameClasses = graph.TypeOf(graph.Outputs[0]).Shape is { Rank: > 1 } output && output[1] == FashionMnist.Classes.Count;
        return sameClasses ? samples : samples with { Labels = null };
    }

    private static ActivationRanges Calibrate(LayerGraph graph, Samples samples, RangeChoice choice, CancellationToken cancellation)
    {
        int batch = BatchSize.Of(graph, samples.Count);
        var batches = Enumerable.Range(0, samples.Count / batch).Select(i => InputOf(graph, samples.Images.Batch(i * batch, batch))).ToList();
        return new Calibrator(new ReferenceBackend(doublePrecision: true)).Calibrate(graph.WithBatch(batch), batches, choice, samples.Source, cancellation);
    }
}
