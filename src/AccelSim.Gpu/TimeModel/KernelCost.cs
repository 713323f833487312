using System.Globalization;
using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>What one kernel costs a device before its launch is counted.</summary>
/// <param name="Kernel">The layers.</param>
/// <param name="ComputeSeconds">With every operand at hand.</param>
/// <param name="MemorySeconds">With nothing to compute.</param>
/// <param name="DeviceSeconds">Of both together.</param>
/// <param name="Launches">Kernels that the host starts for it.</param>
/// <param name="Macs">Of its layers.</param>
/// <param name="Traffic">Bytes to and from the memory that it works from.</param>
internal sealed record KernelCost(GpuKernel Kernel, double ComputeSeconds, double MemorySeconds, double DeviceSeconds, long Launches, long Macs, Traffic Traffic)
{
    /// <summary>A weight's cast reads a float32 and writes a float16.</summary>
    private const int BytesOfCast = 6;

    public static KernelCost Of(GpuSpecification device, SoftwareProfile stack, LayerGraph graph, KernelPlan plan, GpuKernel kernel, NumberFormat format)
    {
        double compute = 0, oneCore = 0;
        long launches = 0, macs = 0, castBytes = 0;
        double slotsPerSecond = device.Float32MacsPerSecond * stack.ComputeEfficiency * SustainedClock.Share(device);
        foreach (var layer in kernel.Layers)
        {
            var cost = graph.CostOf(layer);
            var work = GpuWork.Of(graph, layer, cost);
            macs += cost.Macs;
            double occupied = Math.Min(1, work.Parallel / (double)device.Multiprocessors);
            compute += work.Dense.Sum(dense => GpuTimeModel.DenseSeconds(device, stack, format, dense))
                + (work.Sums * GpuTimeModel.DepthwiseSlots(device, format) / occupied + work.VectorOperations) / slotsPerSecond;
            if (stack.CastsWeights && format == NumberFormat.Float16 && layer.Operator is Convolution or FullyConnected)
            {
                launches++;
                castBytes += BytesOfCast * graph.ConstantTypes(layer).Sum(constant => constant.Shape.Elements);
            }
            if (stack.VectorProductsOnOneCore && layer.Operator is FullyConnected && graph.Batch == 1)
                oneCore += graph.ConstantTypes(layer).Sum(constant => constant.Shape.Elements) * (device.Multiprocessors - 1);
            launches = kernel.Layers.Count == 1 ? launches + work.Launches : Math.Max(launches, work.Launches);
        }
        var (read, written, constants) = kernel.ElementsOf(graph, plan.Owners, plan.ReadBy);
        int bytes = GpuTimeModel.BytesOf(format);
        bool cached = bytes * (read + written + constants) <= device.LastLevelCacheBytes;
        double perSecond = device.DramBytesPerSecond * stack.MemoryEfficiency;
        double memory = (bytes * ((read + written) / (cached ? GpuTimeModel.CacheBandwidthRatio : 1) + constants + oneCore) * GpuTimeModel.Irregularity(device, stack, kernel) + castBytes) / perSecond;
        double both = GpuTimeModel.Together(device, compute, memory);
        return new KernelCost(kernel, compute, memory, both, launches, macs, new Traffic(cached ? "L2" : "DRAM", bytes * (read + constants), bytes * written));
    }

    /// <summary>The kernel's timing with its wait for the host.</summary>
    public GpuKernelEstimate Estimate(GpuSpecification device, NumberFormat format, double launchSeconds)
    {
        long compute = Cycles(ComputeSeconds), memory = Cycles(MemorySeconds), launch = Cycles(launchSeconds);
        // What of the memory's time the computation does not hide.
        long waiting = Cycles(Math.Max(0, DeviceSeconds - ComputeSeconds));
        var limit = launch >= compute && launch >= memory ? GpuLimit.Launch : memory >= compute ? GpuLimit.Memory : GpuLimit.Compute;
        var timing = new LayerTiming
        {
            Layer = Kernel.Main.Name,
            Compute = compute,
            Stalls = new Dictionary<StallCause, long> { [StallCause.DramBandwidth] = waiting, [StallCause.Launch] = launch },
            ClockHz = device.ClockHz,
            Macs = Macs,
            MacsPerCycle = Math.Max(1, (long)Math.Round(device.PeakOf(format) / device.ClockHz)),
            Traffic = [Traffic],
            Provenance = Provenance.Modelled,
            Note = string.Create(CultureInfo.InvariantCulture,
                $"bound by {limit.ToString().ToLowerInvariant()}{(Kernel.Layers.Count > 1 ? $"; one kernel with {string.Join(", ", Kernel.Layers.Where(layer => layer != Kernel.Main).Select(layer => layer.Name))}" : "")}"),
        };
        return new GpuKernelEstimate(timing, limit, [.. Kernel.Layers.Select(layer => layer.Name)]);

        long Cycles(double seconds) => (long)Math.Ceiling(seconds * device.ClockHz);
    }
}
