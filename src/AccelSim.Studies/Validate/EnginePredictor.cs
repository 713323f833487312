using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;
using AccelSim.Systolic.Energy;
using AccelSim.Systolic.Engines;

namespace AccelSim.Studies.Validate;

/// <summary>What the predictors of engines share: the platform behind a row and the time of a graph on one of its cores.</summary>
internal static class EnginePredictor
{
    private static readonly string[] Detectors = ["ssd", "yolo", "retinanet"];

    /// <summary>Seconds of all layers on one core, while so many share the memory.</summary>
    public static double Seconds(LayerGraph graph, EnginePlatform platform, int busyCores = 1) =>
        EngineSimulator.Time(graph, EngineModels.Core(platform, busyCores)).Sum(layer => layer.Seconds);

    /// <summary>The energy of a network on one core.</summary>
    /// <exception cref="GraphException">It is not known; the message says why.</exception>
    public static NetworkEnergy EnergyOf(EnginePlatform platform, LayerGraph graph, IReadOnlyList<LayerTiming> timings)
    {
        PlatformEnergyEstimate estimate = PlatformEnergy.Of(platform, graph, timings);
        return estimate.Energy ?? throw new GraphException(estimate.Note);
    }

    /// <summary>Whether a network has depthwise layers, which ask another unit than the rest.</summary>
    private static bool HasDepthwise(LayerGraph graph) => graph.Layers.Any(layer => layer.Operator is Convolution { Groups: > 1 } convolution
        && convolution.Groups == graph.TypeOf(layer.Inputs[0]).Channels);

    /// <summary>What kind of network a row names, since each asks other parts of a device: the boxes of a detector are sorted by the host, which no model has.</summary>
    public static string KindOf(PublishedRow row, LayerGraph graph) =>
        IsDetector(row) ? "detection networks without boxes"
        : graph.Layers.Any(layer => layer.Operator is Activation { Kind: ActivationKind.Swish or ActivationKind.Sigmoid }) ? "networks with sigmoids"
        : HasDepthwise(graph) ? "depthwise networks"
        : "convolutional networks";

    /// <summary>Whether the row's network finds boxes.</summary>
    public static bool IsDetector(PublishedRow row) => Detectors.Any(word => row.Network.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>A time or a rate in the row's unit, whichever the row has; null where it has neither.</summary>
    public static double? InUnit(PublishedRow row, double latencySeconds, double imagesPerSecond) =>
        row.Quantity.StartsWith("latency", StringComparison.Ordinal) ? RowUnits.Time(row, latencySeconds)
        : row.Quantity.StartsWith("throughput", StringComparison.Ordinal) ? RowUnits.Rate(row, imagesPerSecond)
        : null;

    /// <summary>That a quantity of a modelled platform is not predicted.</summary>
    public static Prediction.None NoQuantity(PublishedRow row) => new($"{row.Quantity} in {row.Unit} is not predicted for {row.Platform}");
}
