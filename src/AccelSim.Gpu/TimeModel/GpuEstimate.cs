using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>What most of a kernel's time goes to.</summary>
public enum GpuLimit
{
    Compute,
    Memory,
    Launch,
}

/// <summary>The modelled time of one kernel and what bounds it.</summary>
/// <param name="Timing">Named after the layer that has weights, or the first.</param>
/// <param name="Limit">What most of the time goes to.</param>
/// <param name="Layers">The layers that it runs.</param>
public sealed record GpuKernelEstimate(LayerTiming Timing, GpuLimit Limit, IReadOnlyList<string> Layers);

/// <summary>The modelled time of a graph, kernel after kernel.</summary>
public sealed record GpuEstimate(GpuSpecification Device, SoftwareProfile Stack, NumberFormat Format, int Batch, IReadOnlyList<GpuKernelEstimate> Kernels)
{
    /// <summary>Time of one run of the whole batch.</summary>
    public double Seconds => Kernels.Sum(kernel => kernel.Timing.Seconds);

    public double ImagesPerSecond => Batch / Seconds;

    /// <summary>Kernels that the host starts.</summary>
    public long Launches { get; init; }

    /// <summary>MACs done ÷ MACs that the peak allows in the same time.</summary>
    public double Utilization => Kernels.Sum(kernel => (double)kernel.Timing.Macs) / (Seconds * Device.PeakOf(Format));

    /// <summary>The share of the time that kernels with each limit take.</summary>
    public double ShareOf(GpuLimit limit) => Kernels.Where(kernel => kernel.Limit == limit).Sum(kernel => kernel.Timing.Seconds) / Seconds;

    /// <summary>What bounds the largest share of the time.</summary>
    public GpuLimit Limit => Enum.GetValues<GpuLimit>().MaxBy(ShareOf);
}
