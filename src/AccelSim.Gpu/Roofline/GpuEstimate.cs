using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>What bounds a layer's time on a GPU.</summary>
public enum GpuLimit
{
    /// <summary>It does no work: a view of its input.</summary>
    None,
    Compute,
    Memory,
    Launch,
}

/// <summary>The modelled time of one layer and what bounds it.</summary>
public sealed record GpuLayerEstimate(LayerTiming Timing, GpuLimit Limit);

/// <summary>The modelled time of a graph, layer after layer.</summary>
public sealed record GpuEstimate(GpuSpecification Specification, int Batch, IReadOnlyList<GpuLayerEstimate> Layers)
{
    /// <summary>Time of one run of the whole batch.</summary>
    public double Seconds => Layers.Sum(layer => layer.Timing.Seconds);

    public double ImagesPerSecond => Batch / Seconds;

    /// <summary>MACs done ÷ MACs that the peak allows in the same time.</summary>
    public double Utilization => Layers.Sum(layer => (double)layer.Timing.Macs) / Layers.Sum(layer => layer.Timing.MacsPerCycle * (double)layer.Timing.Total);

    /// <summary>The share of the time that layers with each limit take.</summary>
    public double ShareOf(GpuLimit limit) => Layers.Where(layer => layer.Limit == limit).Sum(layer => layer.Timing.Seconds) / Seconds;

    /// <summary>What bounds the largest share of the time.</summary>
    public GpuLimit Limit => new[] { GpuLimit.Compute, GpuLimit.Memory, GpuLimit.Launch }.MaxBy(ShareOf);
}
