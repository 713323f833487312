using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>
/// A closed-form time of each layer: max(compute, memory, launch), no overlap between layers
/// (S. Williams, A. Waterman, D. Patterson, "Roofline: An Insightful Visual Performance Model for Multicore Architectures",
/// CACM 52(4), 2009), with the parallelism that the layer's shape offers in place of the single flat roof.
/// </summary>
/// <remarks>
/// <para>
/// Compute, dense layers: the product of rows (output channels of a group) and columns (batch · output pixels) is cut into
/// 64×64 tiles, one a multiprocessor at a time; where there are fewer tiles than multiprocessors, a sum is split down to
/// 256 terms. Time = waves · 64 · 64 · terms of a split ÷ (peak of one multiprocessor · 0.7). Int8 uses the int8 peak
/// (tensor cores), float32 the vector units' peak: reduced-precision tensor-core modes would not meet our float32 contract.
/// </para>
/// <para>
/// Compute, depthwise layers: MACs ÷ (float32 peak · 0.25) for both precisions: tensor cores sum over channels, and
/// a depthwise layer has no such sum. A recurrent layer is one product of all steps' inputs and then a product a step; a Hopfield network's sweep
/// occupies one multiprocessor a state, unit after unit. Other layers: one vector operation an element read or written, whichever are more, one a tap
/// of a pooling window, and twelve an exponential or logarithm, as our own take.
/// </para>
/// <para>
/// Launch: one kernel a layer, one an operand of a concatenation, one or two a step of a recurrent layer; none for a view.
/// </para>
/// <para>
/// Memory: bytes ÷ (bandwidth · 0.85). Weights are always read from DRAM, as are the graph's inputs; its outputs are always
/// written. Other activations stay in the last-level cache where the layer's operands, output and weights fit it together.
/// </para>
/// <para>
/// The three efficiencies are assumptions of this model, not measurements: 0.7 of the peak leaves room for the prologue and
/// epilogue of tiles and for clocks that fall under load; 0.85 of DRAM's peak for refresh and turnarounds; 0.25 for depthwise
/// kernels, which issue about as many loads and address computations as multiply-accumulates.
/// </para>
/// </remarks>
public static class GpuRoofline
{
    public const double DenseEfficiency = 0.7;
    public const double DepthwiseEfficiency = 0.25;
    public const double DramEfficiency = 0.85;

    private const int Tile = 64;
    private const int LeastTermsOfSplit = 256;

    /// <summary>Estimates one run of a graph at its batch. Give it the graph that would run: folded and fused, or quantized.</summary>
    /// <exception cref="GpuException">A figure of the specification is not positive.</exception>
    public static GpuEstimate Estimate(GpuSpecification specification, LayerGraph graph)
    {
        Check(specification);
        return new GpuEstimate(specification, graph.Batch, [.. graph.Layers.Select(layer => Estimate(specification, graph, layer))]);
    }

    private static GpuLayerEstimate Estimate(GpuSpecification gpu, LayerGraph graph, Layer layer)
    {
        var cost = graph.CostOf(layer);
        double peak = PeakOf(gpu, graph.TypeOf(layer.Name).Element);
        bool isView = layer.Operator.IsView();
        var work = GpuWork.Of(graph, layer, cost);
        var traffic = isView ? new Traffic("DRAM", 0, 0) : TrafficOf(gpu, graph, layer, cost);
        long compute = Cycles(gpu, ComputeSeconds(gpu, work, peak));
        long memory = Cycles(gpu, (traffic.ReadBytes + traffic.WrittenBytes) / (gpu.DramBytesPerSecond * DramEfficiency));
        long launch = Cycles(gpu, work.Launches * gpu.LaunchSeconds);

        long total = Math.Max(compute, Math.Max(memory, launch));
        var limit = isView ? GpuLimit.None : total == launch ? GpuLimit.Launch : total == memory ? GpuLimit.Memory : GpuLimit.Compute;
        var timing = new LayerTiming
        {
            Layer = layer.Name,
            Compute = compute,
            Stalls = limit switch
            {
                GpuLimit.Memory => new Dictionary<StallCause, long> { [StallCause.DramBandwidth] = total - compute },
                GpuLimit.Launch => new Dictionary<StallCause, long> { [StallCause.Launch] = total - compute },
                _ => new Dictionary<StallCause, long>(),
            },
            ClockHz = gpu.ClockHz,
            Macs = cost.Macs,
            MacsPerCycle = (long)Math.Round(peak / gpu.ClockHz),
            Traffic = [traffic],
            Provenance = Provenance.Modelled,
            Note = limit == GpuLimit.None ? "a view" : $"bound by {limit.ToString().ToLowerInvariant()}",
        };
        return new GpuLayerEstimate(timing, limit);
    }

    private static double PeakOf(GpuSpecification gpu, ElementType element) =>
        element == ElementType.Int8 ? gpu.Int8MacsPerSecond ?? gpu.Float32MacsPerSecond : gpu.Float32MacsPerSecond;

    private static double ComputeSeconds(GpuSpecification gpu, GpuWork work, double peak)
    {
        double occupied = Math.Min(1, work.Parallel / (double)gpu.Multiprocessors);
        return work.Dense.Sum(Seconds)
            + work.Sums / (gpu.Float32MacsPerSecond * DepthwiseEfficiency * occupied)
            + work.VectorOperations / gpu.Float32MacsPerSecond;

        double Seconds(DenseWork dense)
        {
            long tiles = Parts(dense.Rows, Tile) * Parts(dense.Columns, Tile) * dense.Batches;
            long splits = Math.Clamp(gpu.Multiprocessors / tiles, 1, Parts(dense.Terms, LeastTermsOfSplit));
            long waves = Parts(tiles * splits, gpu.Multiprocessors);
            return dense.Times * waves * (double)Tile * Tile * Parts(dense.Terms, splits) / (peak / gpu.Multiprocessors * DenseEfficiency);
        }
    }

    private static Traffic TrafficOf(GpuSpecification gpu, LayerGraph graph, Layer layer, LayerCost cost)
    {
        bool fits = cost.ConstantBytes + cost.InputBytes + cost.OutputBytes <= gpu.LastLevelCacheBytes;
        var owners = graph.Owners();
        long read = cost.ConstantBytes;
        foreach (string value in layer.Operands.Where(owners.ContainsKey))
        {
            if (!fits || graph.Inputs.Any(input => input.Name == owners[value]))
                read += layer.Operator is Slice or Gather ? Math.Min(graph.TypeOf(value).Bytes, cost.OutputBytes) : graph.TypeOf(value).Bytes;
        }
        // Every step reads the state's weights again; only a cache that holds them spares DRAM that.
        if (layer.Operator is Recurrent && graph.TypeOf(layer.Constants[1]).Bytes > gpu.LastLevelCacheBytes)
            read += (graph.TypeOf(layer.Name).Shape[0] - 1) * graph.TypeOf(layer.Constants[1]).Bytes;
        return new Traffic("DRAM", read, !fits || graph.Outputs.Any(output => owners[output] == layer.Name) ? cost.OutputBytes : 0);
    }

    private static long Parts(long whole, long part) => (whole + part - 1) / part;

    private static long Cycles(GpuSpecification gpu, double seconds) => (long)Math.Ceiling(seconds * gpu.ClockHz);

    private static void Check(GpuSpecification gpu)
    {
        foreach (var (what, value) in new (string, double)[]
        {
            ("clock", gpu.ClockHz),
            ("number of multiprocessors", gpu.Multiprocessors),
            ("float32 peak", gpu.Float32MacsPerSecond),
            ("int8 peak", gpu.Int8MacsPerSecond ?? gpu.Float32MacsPerSecond),
            ("DRAM bandwidth", gpu.DramBytesPerSecond),
            ("launch time", gpu.LaunchSeconds),
        })
        {
            if (!(value > 0) || !double.IsFinite(value))
                throw new GpuException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The {what} of '{gpu.Name}' must be positive, but is {value}."));
        }
    }
}
