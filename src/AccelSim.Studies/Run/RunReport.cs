using AccelSim.Gpu;
using AccelSim.Graph;

namespace AccelSim.Studies.Run;

/// <summary>A network that ran on a device: everything here is measured.</summary>
/// <param name="Weights">Where the weights came from: time does not depend on them.</param>
/// <param name="FirstRunSeconds">From the graph to its first result: kernels compiled, weights uploaded. Kernels that a cache on disk holds are not compiled again.</param>
/// <param name="Latency">
/// One batch as the host sees it, layers enqueued without waiting in between; inputs and outputs stay on the device.
/// </param>
/// <param name="Layers">In the order of execution, where they were asked for.</param>
/// <param name="Rivals">Other software on the same network in turn with ours, where it was asked for.</param>
public sealed record RunReport(
    string Network,
    ElementType Element,
    int Batch,
    string Weights,
    GpuDevice Device,
    KernelFamily Kernels,
    int Iterations,
    long Macs,
    double FirstRunSeconds,
    Latency Latency,
    GpuMemory Memory,
    GpuCeilings Ceilings,
    IReadOnlyList<RunLayer> Layers,
    IReadOnlyList<RivalTime> Rivals)
{
    public Provenance Provenance { get; } = Provenance.Measured;

    /// <summary>The kernels that were measured for this run, by shape; null where that was not asked for.</summary>
    public IReadOnlyDictionary<string, TunedKernel>? Tuned { get; init; }

    /// <summary>Shapes whose kernels were chosen by a measurement, now or before.</summary>
    public int KernelsMeasured { get; init; }

    public double ImagesPerSecond => Batch / Latency.Median;

    /// <summary>Two operations a multiply-accumulate; int8 operations where the graph is int8.</summary>
    public double OperationsPerSecond => 2.0 * Macs / Latency.Median;
}

/// <summary>
/// One layer, or layers that share a kernel, by the device's own clock: the median of all iterations, between a marker before it and one after it.
/// </summary>
/// <param name="Layer">Its name; of several, all names, and likewise the operators.</param>
/// <param name="Bytes">What the layer must move at least: its operands once, its output once.</param>
public sealed record RunLayer(string Layer, string Operator, string Output, double Seconds, long Macs, long Bytes)
{
    public double OperationsPerSecond => 2.0 * Macs / Seconds;

    public double BytesPerSecond => Bytes / Seconds;
}

/// <summary>A whole run as a caller sees it, transfers of inputs and outputs included, on the same inputs.</summary>
/// <param name="Name">Who ran it.</param>
/// <param name="Latency">Wall time.</param>
/// <param name="ProcessorSeconds">Least processor time of this process that a run took: what a machine shared with others disturbs less.</param>
/// <param name="OursOverTheirs">Our median ÷ its median: below 1 we are faster.</param>
/// <param name="OursOverTheirsLeast">The same of the shortest runs.</param>
/// <param name="Difference">‖ours − theirs‖₂ ÷ ‖theirs‖₂ over the outputs.</param>
/// <param name="Note">How it was set up.</param>
public sealed record RivalTime(
    string Name, Latency Latency, double ProcessorSeconds, double OursOverTheirs, double OursOverTheirsLeast, double Difference, string Note);
