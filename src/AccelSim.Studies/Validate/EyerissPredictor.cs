using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;
using AccelSim.Systolic.Engines;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Studies.Validate;

/// <summary>Eyeriss v1, layer by layer for the batch of the row, as Tables V and VI of its paper are: convolutions alone.</summary>
/// <param name="platforms">Where <c>eyeriss_v1</c> is.</param>
public sealed class EyerissPredictor(NamedPlatforms platforms) : IPredictor
{
    /// <summary>The tables' MB are 2²⁰ bytes: only so do published passes and words agree.</summary>
    private const double Megabyte = 1 << 20;

    /// <inheritdoc/>
    public bool Covers(PublishedRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return platforms.Find<EnginePlatform>(row.Platform) is { Engine: RowStationaryElements };
    }

    /// <inheritdoc/>
    public Prediction Predict(PublishedRow row, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(row);
        EnginePlatform platform = platforms.Find<EnginePlatform>(row.Platform)!;
        var engine = (RowStationaryEngine)EngineModels.Core(platform);
        int batch = row.Batch ?? 1;
        (LayerGraph graph, string? name) = PublishedNetwork.Of(row, batch);
        IReadOnlyList<LayerTiming> timings = EngineSimulator.Time(graph, engine);
        ConvolutionTime[] layers = [.. timings.Zip(graph.Layers)
            .Where(pair => pair.Second.Operator is Convolution && (name is null or "total" || pair.Second.Name == name))
            .Select(pair => new ConvolutionTime(pair.First, (RowStationaryMapping)engine.Map(EngineSimulator.GeometryOf(graph, pair.Second)!)))];
        if (layers.Length == 0)
            return new Prediction.None($"{graph.Name} has no convolution '{name}'");
        double seconds = layers.Sum(layer => layer.Timing.Seconds);
        double busy = layers.Sum(layer => layer.Mapping.Cycles.Total) / engine.ClockHz;
        string scope = name is null or "total" ? "network" : "layer";
        return row.Quantity switch
        {
            "latency_total" or "latency" or "latency_batch" => Time($"eyeriss latency, {scope}", seconds),
            "latency_processing" => Time($"eyeriss processing, {scope}", busy),
            "throughput" => RowUnits.Rate(row, batch / seconds) is { } rate ? new Prediction.Of("eyeriss throughput", rate) : EnginePredictor.NoQuantity(row),
            "throughput_gmacs" => new Prediction.Of("eyeriss throughput", 1e-9 * layers.Sum(layer => layer.Timing.Macs) / seconds),
            "dram_access" => new Prediction.Of($"eyeriss DRAM, {scope}", Bytes(EngineSimulator.DramLevel) / Megabyte),
            "dram_access_per_mac" => new Prediction.Of(
                "eyeriss DRAM, network", Bytes(EngineSimulator.DramLevel) / engine.Memory.ElementBytes / layers.Sum(layer => layer.Timing.Macs)),
            "glb_access" => new Prediction.Of($"eyeriss buffer, {scope}", Bytes(EngineSimulator.BufferLevel) / Megabyte),
            "active_pes" => new Prediction.Of($"eyeriss active elements, {scope}", ActiveElements(layers)),
            "active_pe_pct" => new Prediction.Of($"eyeriss active elements, {scope}", 100 * ActiveElements(layers) / engine.MacsPerCycle),
            "chip_power" => RowUnits.Power(row, Joules() / seconds) is { } power ? new Prediction.Of($"eyeriss power, {scope}", power) : EnginePredictor.NoQuantity(row),
            "efficiency" when row.Unit == "GMACS/W" => new Prediction.Of($"eyeriss efficiency, {scope}", 1e-9 * layers.Sum(layer => layer.Timing.Macs) / Joules()),
            "macs" => new Prediction.Of($"eyeriss MACs, {scope}", 1e-9 * layers.Sum(layer => layer.Timing.Macs)),
            _ => EnginePredictor.NoQuantity(row),
        };

        Prediction Time(string group, double value) =>
            RowUnits.Time(row, value) is { } time ? new Prediction.Of(group, time, layers is [var one] ? one.Mapping.Reason : "") : EnginePredictor.NoQuantity(row);

        // The chip alone, as it was measured: its DRAM is another.
        double Joules()
        {
            var names = layers.Select(layer => layer.Timing.Layer).ToHashSet();
            return EnginePredictor.EnergyOf(platform, graph, timings).Layers.Where(layer => names.Contains(layer.Layer)).Sum(layer => layer.Chip);
        }

        double Bytes(string level) => layers.Sum(layer => layer.Timing.Traffic.Where(traffic => traffic.Level == level).Sum(traffic => (double)traffic.ReadBytes + traffic.WrittenBytes));
    }

    private static double ActiveElements(ConvolutionTime[] layers) =>
        layers.Sum(layer => (double)layer.Mapping.ActiveElements * layer.Mapping.Cycles.Total) / layers.Sum(layer => layer.Mapping.Cycles.Total);

    private sealed record ConvolutionTime(LayerTiming Timing, RowStationaryMapping Mapping);
}
