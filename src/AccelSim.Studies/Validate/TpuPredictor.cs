using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;
using AccelSim.Systolic;
using AccelSim.Systolic.Energy;
using AccelSim.Systolic.Memory;

namespace AccelSim.Studies.Validate;

/// <summary>The first TPU on the six workloads of its paper, and on any network of the zoo.</summary>
/// <param name="platforms">Where <c>tpu_v1</c> is.</param>
public sealed class TpuPredictor(NamedPlatforms platforms) : IPredictor
{
    private const string Platform = "tpu_v1";

    /// <inheritdoc/>
    public bool Covers(PublishedRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return platforms.Find<AsicPlatform>(row.Platform)?.Name == Platform;
    }

    /// <inheritdoc/>
    public Prediction Predict(PublishedRow row, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArrayConfiguration array = ArrayPredictor.ArrayOf(platforms.Find<AsicPlatform>(row.Platform)!);
        if (row.Network.StartsWith("lstm1_600x600", StringComparison.Ordinal) && row.Quantity == "compute_time")
            return One(row, array, new TpuWorkload("matrix", 96, [new TpuLayer(600, 600)]));
        if (row.Quantity == "chip_power_idle")
            return Power(row, array, model => model.IdleWatts);
        if (TpuWorkloads.Find(row.Network) is not { } workload)
            return ArrayPredictor.Speed(row, array, "tpu v1, networks of the zoo", 0);
        if (row.Variant.Text.Contains("host", StringComparison.OrdinalIgnoreCase) || row.Quantity.StartsWith("host", StringComparison.Ordinal))
            return new Prediction.None("the host's share differs from workload to workload and is not modelled");
        if (row.Batch is { } batch)
            workload = workload with { Batch = batch };
        return row.Quantity switch
        {
            "throughput_tops" => new Prediction.Of("tpu v1 throughput", 2e-12 * workload.UsefulMacs / Time(workload, array).Seconds, "a reconstructed workload"),
            "throughput" => RowUnits.Rate(row, workload.Batch / Time(workload, array).Seconds) is { } rate ? new Prediction.Of("tpu v1 rate", rate) : EnginePredictor.NoQuantity(row),
            "chip_power_busy" => Power(row, array, model => BusyWatts(workload, array, model)),
            "array_active_cycles" => Share(workload, array, layer => layer.Compute),
            "weight_stall_cycles" => Share(workload, array, layer => layer.Stalls.GetValueOrDefault(StallCause.DramBandwidth)),
            "useful_macs_pct_peak" => Useful(workload, array, 1),
            "unused_macs" => Useful(workload, array, -1),
            _ => EnginePredictor.NoQuantity(row),
        };
    }

    /// <summary>Both published powers were fitted to (hw/energy/tpu-v1-energy.yaml).</summary>
    private Prediction Power(PublishedRow row, ArrayConfiguration array, Func<EnergyModel, double> watts)
    {
        (AcceleratorCosts? costs, string note) = PlatformEnergy.CostsOf(platforms.Find<AsicPlatform>(row.Platform)!, array, TechnologyCatalog.Open());
        return costs is null ? new Prediction.None(note)
            : RowUnits.Power(row, watts(new EnergyModel(costs))) is { } power ? new Prediction.Of("tpu v1 power, fitted", power)
            : EnginePredictor.NoQuantity(row);
    }

    // The times are of float32 on memories four times as wide: codes move a quarter of the bytes, partial sums as many.
    private static double BusyWatts(TpuWorkload workload, ArrayConfiguration array, EnergyModel model)
    {
        LayerGraph graph = workload.Graph();
        ArrayTime time = ArrayTime.OfCodes(graph, array);
        var sums = array.Memory.Levels.Where(level => level.CanHold(MemoryContents.PartialSums)).Select(level => level.Name).ToHashSet();
        return time.Layers.Sum(layer => model.Of(
            layer with { Traffic = [.. layer.Traffic.Select(traffic => sums.Contains(traffic.Level) ? traffic : traffic with { ReadBytes = traffic.ReadBytes / 4, WrittenBytes = traffic.WrittenBytes / 4 })] },
            graph.TypeOf(layer.Layer).Shape.Elements).Chip) / time.Seconds;
    }

    private static ArrayTime Time(TpuWorkload workload, ArrayConfiguration array) => ArrayTime.OfCodes(workload.Graph(), array);

    private static Prediction One(PublishedRow row, ArrayConfiguration array, TpuWorkload workload) =>
        RowUnits.Time(row, Time(workload, array).Seconds) is { } time ? new Prediction.Of("tpu v1 time of one matrix", time) : EnginePredictor.NoQuantity(row);

    private static Prediction.Of Share(TpuWorkload workload, ArrayConfiguration array, Func<LayerTiming, long> cycles)
    {
        ArrayTime time = Time(workload, array);
        return new Prediction.Of("tpu v1 shares of cycles", 100.0 * time.Layers.Sum(cycles) / time.Layers.Sum(layer => layer.Total));
    }

    // Of the multipliers of active cycles, those with a weight of the workload, and those with the zeros that fill a tile.
    private static Prediction.Of Useful(TpuWorkload workload, ArrayConfiguration array, int sign)
    {
        ArrayTime time = Time(workload, array);
        double cycles = time.Layers.Sum(layer => layer.Total);
        double useful = workload.UsefulMacs * (double)workload.BytesAnActivation / (cycles * array.MacsPerCycle);
        double active = time.Layers.Sum(layer => layer.Compute) / cycles;
        return new Prediction.Of("tpu v1 shares of cycles", 100 * (sign > 0 ? useful : active - useful));
    }
}
