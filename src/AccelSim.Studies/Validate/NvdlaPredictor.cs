using System.Globalization;
using System.Text.RegularExpressions;
using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;
using AccelSim.Systolic.Area;
using AccelSim.Systolic.Energy;
using AccelSim.Systolic.Engines;

namespace AccelSim.Studies.Validate;

/// <summary>NVDLA in the configurations of its makers' estimates. A row may name another DRAM, buffer, clock and an SRAM for activations.</summary>
/// <param name="platforms">Where <c>nvdla_MACS</c> is.</param>
public sealed partial class NvdlaPredictor(NamedPlatforms platforms) : IPredictor
{
    private const string AveragePower = "power_avg_16nm";

    /// <inheritdoc/>
    public bool Covers(PublishedRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Platform.StartsWith("nvdla", StringComparison.OrdinalIgnoreCase) && platforms.Find<EnginePlatform>(row.Platform) is not null;
    }

    /// <inheritdoc/>
    public Prediction Predict(PublishedRow row, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(row);
        EnginePlatform platform = Configured(platforms.Find<EnginePlatform>(row.Platform)!, row);
        if (AreaAtNode().Match(row.Quantity) is { Success: true } area && row.Unit == "mm2")
            return new Prediction.Of("nvdla area", Area(platform, area.Groups[1].Value));
        if (row.Quantity is not ("latency" or "throughput" or "network_mac_utilisation" or AveragePower))
            return EnginePredictor.NoQuantity(row);
        LayerGraph graph = PublishedNetwork.Of(row, 1).Graph;
        IReadOnlyList<LayerTiming> timings = EngineSimulator.Time(graph, EngineModels.Core(platform));
        double seconds = timings.Sum(layer => layer.Seconds);
        if (row.Quantity == AveragePower)
        {
            double joules = EnginePredictor.EnergyOf(platform, graph, timings).Layers.Sum(layer => layer.Chip);
            return RowUnits.Power(row, joules / seconds) is { } power ? new Prediction.Of("nvdla power", power) : EnginePredictor.NoQuantity(row);
        }
        if (Number(FullyConnectedBatch(), row) is { } batch)
        {
            // The fully connected layers run once for so many images: their share of one image's time is that of the batch.
            LayerGraph many = PublishedNetwork.Of(row, (int)batch).Graph;
            seconds += FullyConnectedSeconds(many, platform) / batch - FullyConnectedSeconds(graph, platform);
        }
        double? value = row.Quantity == "network_mac_utilisation"
            ? 100 * graph.TotalCost().Macs / (seconds * platform.ClockHertz.Value * Systolic(platform))
            : EnginePredictor.InUnit(row, seconds, 1 / seconds);
        string group = $"nvdla {(row.Quantity == "network_mac_utilisation" ? "utilisation" : "speed")}{(Number(FullyConnectedBatch(), row) is null ? "" : ", fully connected layers batched")}";
        return value is { } known ? new Prediction.Of(group, known, platform.Name) : EnginePredictor.NoQuantity(row);
    }

    [GeneratedRegex(@"^area_(\d+nm)$")]
    private static partial Regex AreaAtNode();

    // The profile's constants hold at its own node; the same are taken at others.
    private static double Area(EnginePlatform platform, string node)
    {
        TechnologyCatalog technologies = TechnologyCatalog.Open();
        (AcceleratorCosts? costs, string note) = PlatformEnergy.CostsOf(platform, technologies);
        return costs is null
            ? throw new GraphException(note)
            : AreaEstimate.Of(costs with { Technology = PlatformEnergy.Costs(technologies.Find(node)) }).TotalSquareMillimetres;
    }

    [GeneratedRegex(@"DRAM\s+(\d+(?:\.\d+)?)\s*GB/s", RegexOptions.IgnoreCase)]
    private static partial Regex Dram();

    [GeneratedRegex(@"(?:conv buffer|CBUF)\s+(\d+)\s*KB", RegexOptions.IgnoreCase)]
    private static partial Regex Buffer();

    [GeneratedRegex(@"^(\d+)\s*MB SRAM", RegexOptions.IgnoreCase)]
    private static partial Regex Sram();

    [GeneratedRegex(@"^(\d+(?:\.\d+)?)\s*GHz$", RegexOptions.IgnoreCase)]
    private static partial Regex Clock();

    [GeneratedRegex(@"FC batch\s+(\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex FullyConnectedBatch();

    private static double Systolic(EnginePlatform platform) => Compare.EngineModels.Core(platform).MacsPerCycle;

    private static double FullyConnectedSeconds(LayerGraph graph, EnginePlatform platform) => AccelSim.Systolic.Engines.EngineSimulator
        .Time(graph, Compare.EngineModels.Core(platform))
        .Zip(graph.Layers).Where(pair => pair.Second.Operator is FullyConnected).Sum(pair => pair.First.Seconds);

    private static double? Number(Regex pattern, PublishedRow row) =>
        row.Variant.Remarks.Select(remark => pattern.Match(remark)).FirstOrDefault(match => match.Success) is { } match
            ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : null;

    private static EnginePlatform Configured(EnginePlatform platform, PublishedRow row)
    {
        if (Number(Dram(), row) is { } bandwidth)
            platform = platform with { Memory = platform.Memory with { BytesPerSecond = platform.Memory.BytesPerSecond with { Value = 1e9 * bandwidth } } };
        if (Number(Buffer(), row) is { } buffer)
            platform = platform with { BufferBytes = platform.BufferBytes with { Value = 1024 * buffer } };
        if (Number(Sram(), row) is { } sram)
            platform = platform with { KeepBytes = platform.BufferBytes with { Value = 1024 * 1024 * sram } };
        if (Number(Clock(), row) is { } clock)
            platform = platform with { ClockHertz = platform.ClockHertz with { Value = 1e9 * clock } };
        return platform;
    }
}
