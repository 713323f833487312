using System.Globalization;
using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Graph.Training;
using AccelSim.Models;
using AccelSim.Platforms;
using AccelSim.Rtl;
using AccelSim.Rtl.Network;
using AccelSim.Studies.Generate;
using AccelSim.Systolic;
using AccelSim.Systolic.Engines;

namespace AccelSim.Studies.Compare;

/// <summary>One network on one design of one platform.</summary>
/// <param name="Platform">Its name.</param>
/// <param name="Kind">gpu, fpga or asic.</param>
/// <param name="Design">What runs there, such as <c>int8 kernels</c> or <c>256×256 weight-stationary</c>.</param>
/// <param name="LatencySeconds">For one batch, from its input to its output.</param>
/// <param name="ImagesPerSecond">Sustained.</param>
/// <param name="Utilization">MACs ÷ (time × peak MACs a second).</param>
/// <param name="LimitedBy">What more of would help first.</param>
/// <param name="Provenance">Where the figures come from.</param>
/// <param name="Note">What the figures leave out.</param>
public sealed record ComparisonRow(
    string Platform, string Kind, string Design, double LatencySeconds, double ImagesPerSecond, double Utilization, string LimitedBy, Provenance Provenance, string Note);

/// <summary>A platform or design on which the network does not run, and why.</summary>
public sealed record ComparisonRefusal(string Platform, string Reason);

public sealed record ComparisonReport(string Network, int Batch, long Macs, long Parameters, IReadOnlyList<ComparisonRow> Rows, IReadOnlyList<ComparisonRefusal> Refusals);

/// <summary>Sets the predictions for one network on several platforms side by side.</summary>
public static class Comparison
{
    /// <summary>DSP slices, block RAM and look-up tables that a pipeline may take, of all that the device has: routing needs the rest.</summary>
    private const double Fill = 0.8;

    /// <summary>The software stack under which GPUs are compared.</summary>
    private const string InferenceEngine = "tensorrt";

    /// <summary>Inference of a network.</summary>
    /// <param name="network">A graph, with or without weights; a float one is also timed in int8.</param>
    /// <param name="platforms">Where to.</param>
    public static ComparisonReport Run(LayerGraph network, IReadOnlyList<Platform> platforms)
    {
        if (network.IsQuantized)
            return Run(network, null, network, platforms);
        var folded = FloatPasses.Run(network.HasWeights ? network : network.WithSeededWeights(1));
        return Run(network, folded, QuantizedForTiming(folded), platforms);
    }

    /// <summary>One step of training: forward, loss, backward, update, all in float32.</summary>
    /// <param name="network">A float graph of the batch to train with.</param>
    /// <param name="platforms">Where to.</param>
    /// <exception cref="GraphException">The network cannot be trained.</exception>
    public static ComparisonReport RunTraining(LayerGraph network, IReadOnlyList<Platform> platforms)
    {
        var step = TrainingStep.Of(network.HasWeights ? network : network.WithSeededWeights(1), new TrainingStepOptions()).Graph;
        // The step's backward layers name the weights again: they are the network's all the same.
        return Run(step, step, null, platforms) with { Parameters = network.TotalCost().Parameters };
    }

    private static ComparisonReport Run(LayerGraph network, LayerGraph? reals, LayerGraph? codes, IReadOnlyList<Platform> platforms)
    {
        var cost = network.TotalCost();
        var rows = new List<ComparisonRow>();
        var refusals = new List<ComparisonRefusal>();
        foreach (var platform in platforms)
        {
            foreach (var design in Designs(platform, reals, codes))
            {
                try
                {
                    rows.Add(design());
                }
                catch (Exception error) when (error is GraphException or RtlException or ArrayConfigurationException or OverflowException)
                {
                    refusals.Add(new ComparisonRefusal(platform.Name, error is OverflowException ? $"a layer of batch {network.Batch} is too large to count: choose a smaller batch." : error.Message));
                }
            }
        }
        return new ComparisonReport(network.Name, network.Batch, cost.Macs, cost.Parameters, rows, refusals);
    }

    /// <summary>
    /// The int8 graph with the same range for every value: time, size and energy depend on shapes alone, so that no image has to run.
    /// </summary>
    private static LayerGraph QuantizedForTiming(LayerGraph graph)
    {
        var ranges = graph.Inputs.Select(input => input.Name).Concat(graph.Layers.Select(layer => layer.Name)).ToDictionary(name => name, _ => (-8.0, 8.0));
        return new Quantizer(new ActivationRanges(ranges, RangeChoice.MinMax, "none: timing only")).Apply(graph);
    }

    /// <summary>Arrays compute in int8 where they can: float32 takes a processing element as long, and the rows say so.</summary>
    private static IEnumerable<Func<ComparisonRow>> Designs(Platform platform, LayerGraph? reals, LayerGraph? codes) => platform switch
    {
        GpuPlatform gpu =>
        [
            .. Timed(gpu, PlatformModels.Gpu(gpu), InferenceEngine, reals, NumberFormat.Float32),
            .. Timed(gpu, PlatformModels.Gpu(gpu), InferenceEngine, gpu.Float16OpsPerSecond is null ? null : reals, NumberFormat.Float16),
            .. Timed(gpu, PlatformModels.Gpu(gpu), InferenceEngine, codes, NumberFormat.Int8),
        ],
        CpuPlatform cpu => [.. Timed(cpu, PlatformModels.Cpu(cpu), cpu.Cores.Value == 1 ? "tflite" : "inductor_cpu", reals, NumberFormat.Float32)],
        AsicPlatform asic => [() => OnArray(asic, PlatformModels.Array(asic), "", (codes ?? reals)!)],
        EnginePlatform engine => [() => OnEngine(engine, (codes ?? reals)!)],
        FpgaPlatform fpga =>
        [
            () => OnFpgaArray(fpga, (codes ?? reals)!),
            () => codes is null ? throw new GraphException("the generated pipeline computes in int8 and so does not train.") : OnPipeline(fpga, codes),
        ],
        _ => throw new GraphException($"The platform {platform.Name} is of an unknown kind."),
    };

    private static IEnumerable<Func<ComparisonRow>> Timed(Platform platform, GpuSpecification device, string stack, LayerGraph? graph, NumberFormat format) =>
        graph is null ? [] : [() => Estimate(platform, device, stack, graph, format)];

    private static ComparisonRow Estimate(Platform platform, GpuSpecification device, string stackName, LayerGraph graph, NumberFormat format)
    {
        var stack = PlatformModels.Stack(StackProfile.Find(PlatformCatalog.Open(), stackName));
        var estimate = GpuTimeModel.Estimate(device, stack, graph, format);
        return new ComparisonRow(
            platform.Name, platform.Kind, $"{format.ToString().ToLowerInvariant()}, {stack.Name}", estimate.Seconds, estimate.ImagesPerSecond, estimate.Utilization,
            string.Create(CultureInfo.InvariantCulture, $"{estimate.Limit.ToString().ToLowerInvariant()} ({100 * estimate.ShareOf(estimate.Limit):f0} % of time)"),
            Provenance.Modelled,
            string.Create(CultureInfo.InvariantCulture,
                $"{estimate.Kernels.Count} kernels under {stack.Name}: {100 * stack.ComputeEfficiency:f0} % of peak, {100 * stack.MemoryEfficiency:f0} % of DRAM bandwidth, {1e6 * stack.LaunchSeconds:g3} µs a launch (docs/gpu-time-model.md)"));
    }

    private static ComparisonRow OnFpgaArray(FpgaPlatform platform, LayerGraph graph)
    {
        var fit = PlatformModels.LargestArray(platform);
        return OnArray(platform, fit.Array, $"; largest that fits, {fit.LimitedBy} bind", graph);
    }

    private static ComparisonRow OnEngine(EnginePlatform platform, LayerGraph graph)
    {
        var core = EngineModels.Core(platform);
        var timing = EngineSimulator.Time(graph, core);
        int cores = (int)platform.Cores.Value;
        double seconds = timing.Sum(layer => layer.Seconds);
        double shared = cores == 1 ? seconds : EngineSimulator.Time(graph, EngineModels.Core(platform, cores)).Sum(layer => layer.Seconds);
        double waiting = timing.Sum(layer => layer.Stalls.GetValueOrDefault(StallCause.DramBandwidth) / layer.ClockHz);
        var slowest = timing.MaxBy(layer => layer.Total)!;
        return new ComparisonRow(
            platform.Name, platform.Kind, core.Describe(), seconds, cores * graph.Batch / shared,
            timing.Sum(layer => layer.Macs) / (shared * core.ClockHz * core.MacsPerCycle),
            2 * waiting > seconds
                ? string.Create(CultureInfo.InvariantCulture, $"DRAM ({100 * waiting / seconds:f0} % of time)")
                : string.Create(CultureInfo.InvariantCulture, $"{slowest.Layer} ({100 * slowest.Seconds / seconds:f0} % of time)"),
            Provenance.Modelled,
            string.Create(CultureInfo.InvariantCulture, $"{8 * core.Memory.ElementBytes}-bit codes; {(cores == 1 ? "one core" : $"latency of one core alone, rate of {cores} that share the memory")}; without the host"));
    }

    private static ComparisonRow OnArray(Platform platform, ArrayConfiguration array, string fit, LayerGraph graph)
    {
        var timing = new SystolicSimulator(array).Time(graph);
        long total = timing.Sum(layer => layer.Total), stalls = timing.Sum(layer => layer.Stalls.Values.Sum()), fill = timing.Sum(layer => layer.FillDrain);
        double seconds = timing.Sum(layer => layer.Seconds);
        var slowest = timing.MaxBy(layer => layer.Total)!;
        string limit = stalls * 2 > total ? "DRAM" : fill * 2 > total ? "fill and drain" : slowest.Layer;
        return new ComparisonRow(
            platform.Name, platform.Kind, array.Describe(), seconds, graph.Batch / seconds,
            timing.Sum(layer => layer.Macs) / ((double)total * array.MacsPerCycle),
            string.Create(CultureInfo.InvariantCulture, $"{limit} ({100.0 * (limit == "DRAM" ? stalls : limit == slowest.Layer ? slowest.Total : fill) / total:f0} % of cycles)"),
            timing.Min(layer => layer.Provenance),
            (graph.IsQuantized ? "int8" : "float32, a processing element a multiply-accumulate as in int8") + fit);
    }

    /// <summary>The whole network as generated hardware: the fastest folding that leaves routing its share, and the cycles that its simulation would count.</summary>
    private static ComparisonRow OnPipeline(FpgaPlatform platform, LayerGraph graph)
    {
        var stages = StageGraph.Of(graph);
        var device = NetworkGeneration.BudgetOf(platform);
        var budget = device with { DspSlices = (long)(Fill * device.DspSlices), BlockRams = Fill * device.BlockRams, Luts = (long)(Fill * device.Luts) };
        var folding = NetworkFolding.Fastest(stages, budget, WeightPlacement.Auto);
        var netlist = folding.Netlist(stages);
        // The interval is between the ends of two frames: it needs a second one.
        var cycles = PipelineCycles.Predict(netlist, 2);
        double clock = platform.ClockHertz.Value, interval = cycles.Interval / clock;
        string weights = netlist.Weights.IsEmpty ? "weights on chip" : $"weights of {netlist.Weights.Length} of {stages.Stages.Length} stages streamed";
        return new ComparisonRow(
            platform.Name, platform.Kind, $"generated pipeline, {weights}", cycles.Frame / clock + (graph.Batch - 1) * interval, 1 / interval,
            netlist.MultiplierUse(cycles.Interval), folding.Bottleneck, Provenance.Modelled,
            string.Create(CultureInfo.InvariantCulture,
                $"int8; {folding.Resources.DspSlices} of {device.DspSlices} DSP slices, {folding.Resources.BlockRams:0.#} of {device.BlockRams:0.#} blocks of RAM; cycles as Verilator counts them ({cycles.Frame} for the first frame, then {cycles.Interval}); clock from the platform file, not from place and route"));
    }
}
