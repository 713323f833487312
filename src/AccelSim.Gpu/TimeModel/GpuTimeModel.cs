using System.Globalization;
using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>
/// A closed-form time of each kernel: what it computes, what it moves and what starting it costs, summed over kernels.
/// docs/gpu-time-model.md holds it against published measurements.
/// </summary>
/// <remarks>
/// <para>
/// Compute, dense layers: slots of <see cref="TileWaves"/> ÷ (peak of the format's unit · the stack's efficiency · <see cref="SustainedClock"/>). Channels are padded to 16
/// bytes on matrix units (few to a power of two), a group's to a power of two, and groups share a tile of 32. Compute, depthwise layers: <see cref="SlotsOfDepthwise"/> issue slots of the
/// vector units a multiply-accumulate: load, address and conversion beside it; <see cref="SlotsOfInt8Depthwise"/> in int8, on the integer lanes. Other layers: one slot an element,
/// twelve an exponential.
/// </para>
/// <para>
/// Memory: what the kernel reads and writes, each value once; weights from DRAM, activations from the last-level cache where the kernel's fit it, at
/// <see cref="CacheBandwidthRatio"/> times DRAM's bandwidth (data sheets do not give a cache's; published micro-benchmarks have 2.5 to 5 times).
/// </para>
/// <para>
/// On a GPU a kernel's time is between the larger and the sum of compute and memory, since blocks side by side hide each other's loads but not the first loads and the last stores:
/// their norm of order <see cref="OverlapOrder"/>. On a CPU, whose one stream of instructions does both, it is their sum.
/// </para>
/// </remarks>
public static class GpuTimeModel
{
    /// <summary>Bandwidth of the last-level cache ÷ DRAM's.</summary>
    public const double CacheBandwidthRatio = 3;

    /// <summary>Order of the norm of compute and memory: 1 would be their sum, infinity the larger.</summary>
    public const double OverlapOrder = 1.5;

    /// <summary>Issue slots of a depthwise multiply-accumulate on a GPU; one on a CPU.</summary>
    public const double SlotsOfDepthwise = 8;

    /// <summary>The same in int8, where a load brings four values and a dot-product instruction takes four.</summary>
    public const double SlotsOfInt8Depthwise = 3;

    /// <summary>
    /// Means over the image by a compiler of elementwise loops, whose values lie channels first: they are read at a third of the bandwidth. Libraries have kernels for them.
    /// </summary>
    public const double CompiledReductionCost = 3;

    /// <summary>Integer lanes of a multiprocessor since Volta (NVIDIA architecture papers), half of the float lanes since GA102.</summary>
    private const double IntegerLanes = 64;

    /// <summary>Multiplications that F(2×2, 3×3) saves: 36 ÷ 16.</summary>
    private const double WinogradGain = 2.25;

    private const int TileOfGroups = 32;

    private const int BytesOfAlignment = 16;

    /// <summary>Estimates one run of a graph at its batch.</summary>
    /// <param name="device">Where.</param>
    /// <param name="stack">With what software.</param>
    /// <param name="graph">The graph as the stack gets it: folded where it folds, or quantized. Its values are stored in <paramref name="format"/>, whatever its own type.</param>
    /// <param name="format">How values are stored and multiplied.</param>
    /// <exception cref="GpuException">A figure is not positive.</exception>
    public static GpuEstimate Estimate(GpuSpecification device, SoftwareProfile stack, LayerGraph graph, NumberFormat format)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(stack);
        ArgumentNullException.ThrowIfNull(graph);
        Check(device, stack);
        var plan = KernelPlan.Of(graph, stack.Fusion);
        var costs = plan.Kernels.Select(kernel => KernelCost.Of(device, stack, graph, plan, kernel, format)).ToList();
        double host = stack.LaunchSeconds * costs.Sum(cost => cost.Launches);
        double wait = stack.Launch == LaunchCost.Serial ? host : Math.Max(0, host - costs.Sum(cost => cost.DeviceSeconds));
        double perLaunch = host > 0 ? wait / costs.Sum(cost => cost.Launches) : 0;
        return new GpuEstimate(device, stack, format, graph.Batch, [.. costs.Select(cost => cost.Estimate(device, format, perLaunch * cost.Launches))]) { Launches = costs.Sum(cost => cost.Launches) };
    }

    /// <summary>Seconds of one dense product, without its launch.</summary>
    internal static double DenseSeconds(GpuSpecification device, SoftwareProfile stack, NumberFormat format, DenseWork work) =>
        work.Times * Slots(device, stack, format, work) / (device.PeakOf(format) * stack.ComputeEfficiency * SustainedClock.Share(device));

    private static double Slots(GpuSpecification device, SoftwareProfile stack, NumberFormat format, DenseWork work)
    {
        bool vector = device.OnVectorUnits(format);
        long channels = work.Channels > 0 ? work.Channels : work.Terms;
        long taps = Math.Max(1, work.Terms / channels), rows = work.Rows;
        if (work.Batches > 1 && work.Channels > 0 && !vector)
            (channels, rows) = (PowerOfTwo(channels), PowerOfTwo(rows));
        bool splits = stack.SplitsConvolutions || work.Channels == 0;
        long alignment = vector ? 1 : BytesOfAlignment / BytesOf(format);
        long padded = channels < alignment ? Math.Min(alignment, Math.Max(4, PowerOfTwo(channels))) : TileWaves.Parts(channels, alignment) * alignment;
        if (vector)
            padded = channels;
        double slots = TileWaves.Slots(work.Batches, rows, work.Columns, padded * taps, device.Multiprocessors, device.IsCpu, splits);
        if (work.Batches > 1 && work.Channels > 0 && rows < TileOfGroups && !device.IsCpu)
        {
            // Groups side by side in one tile, zeros between them.
            long packed = Math.Min(work.Batches, TileOfGroups / PowerOfTwo(rows));
            slots = Math.Min(slots, TileWaves.Slots(TileWaves.Parts(work.Batches, packed), rows * packed, work.Columns, padded * taps * packed, device.Multiprocessors, false, splits));
        }
        return stack.Winograd && work.Winograd && format == NumberFormat.Float32 && vector ? slots / WinogradGain : slots;
    }

    /// <summary>Vector slots, at the float32 rate, of a depthwise multiply-accumulate.</summary>
    internal static double DepthwiseSlots(GpuSpecification device, NumberFormat format)
    {
        if (device.IsCpu)
            return 1;
        if (format != NumberFormat.Int8)
            return SlotsOfDepthwise;
        // Before matrix units (Pascal and older) all lanes did both.
        double lanes = device.Float32MacsPerSecond / (device.Multiprocessors * device.ClockHz);
        return SlotsOfInt8Depthwise * (SustainedClock.HasMatrixUnits(device, device.Int8MacsPerSecond) ? Math.Max(1, lanes / IntegerLanes) : 1);
    }

    /// <summary>How much longer a kernel's bytes take than those of a plain copy.</summary>
    internal static double Irregularity(GpuSpecification device, SoftwareProfile stack, GpuKernel kernel) =>
        !device.IsCpu && stack.Fusion == KernelFusion.Elementwise && kernel.Layers.Any(layer => layer.Operator is GlobalAveragePool) ? CompiledReductionCost : 1;

    /// <summary>The time of a kernel that computes and moves for so long.</summary>
    internal static double Together(GpuSpecification device, double compute, double memory) => device.IsCpu
        ? compute + memory
        : Math.Pow(Math.Pow(compute, OverlapOrder) + Math.Pow(memory, OverlapOrder), 1 / OverlapOrder);

    internal static int BytesOf(NumberFormat format) => format switch { NumberFormat.Int8 => 1, NumberFormat.Float16 => 2, _ => 4 };

    private static long PowerOfTwo(long value) => (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)value);

    private static void Check(GpuSpecification device, SoftwareProfile stack)
    {
        foreach (var (what, value) in new (string, double)[]
        {
            ("clock", device.ClockHz),
            ("number of multiprocessors", device.Multiprocessors),
            ("float32 peak", device.Float32MacsPerSecond),
            ("TF32 peak", device.PeakOf(NumberFormat.Tf32)),
            ("float16 peak", device.PeakOf(NumberFormat.Float16)),
            ("int8 peak", device.PeakOf(NumberFormat.Int8)),
            ("DRAM bandwidth", device.DramBytesPerSecond),
            ("power", device.PowerWatts ?? 1),
            ("process node", device.ProcessNanometres ?? 1),
            ("compute efficiency", stack.ComputeEfficiency),
            ("memory efficiency", stack.MemoryEfficiency),
            ("launch time", stack.LaunchSeconds),
        })
        {
            if (!(value > 0) || !double.IsFinite(value))
                throw new GpuException(string.Create(CultureInfo.InvariantCulture, $"The {what} of '{(what is "compute efficiency" or "memory efficiency" or "launch time" ? stack.Name : device.Name)}' must be positive, but is {value}."));
        }
    }
}
