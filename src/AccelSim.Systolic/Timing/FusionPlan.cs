using System.Globalization;
using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;
using AccelSim.Systolic.Operators;

namespace AccelSim.Systolic.Timing;

/// <summary>Which depthwise layers of a graph run together with the pointwise layer behind them.</summary>
/// <remarks>
/// A pair is a depthwise convolution whose value one 1×1 convolution alone reads, over the same pixels. It is fused where that takes fewer cycles than one layer after the
/// other, the transfers of a value between them that would leave the chip included.
/// </remarks>
internal sealed class FusionPlan
{
    private readonly Dictionary<int, LayerMapping> _mappings = [];
    private readonly List<(int Depthwise, int Pointwise, long Hidden)> _pairs = [];
    private readonly Dictionary<string, long> _buffers = [];

    private FusionPlan()
    {
    }

    /// <summary>By value between two fused layers, the bytes of the tiles of it that are there at one time.</summary>
    public IReadOnlyDictionary<string, long> Buffers => _buffers;

    /// <summary>Finds the pairs of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="works">What each layer asks for.</param>
    /// <param name="array">The accelerator.</param>
    /// <param name="staysOnChip">Whether a value would stay without fusion.</param>
    /// <param name="roomBytes">Room for the tiles of one pair.</param>
    public static FusionPlan Of(LayerGraph graph, IReadOnlyList<LayerWork> works, ArrayConfiguration array, Func<string, bool> staysOnChip, long roomBytes)
    {
        var plan = new FusionPlan();
        if (!array.FuseDepthwise)
            return plan;
        ILookup<string, int> readers = Enumerable.Range(0, graph.Layers.Length)
            .SelectMany(index => graph.Layers[index].Operands.Distinct(), (index, value) => (index, value))
            .ToLookup(pair => pair.value, pair => pair.index);
        for (int i = 0; i < graph.Layers.Length; i++)
        {
            string value = graph.Layers[i].Name;
            if (works[i] is MatrixLayer { Finish: null, Geometry: { IsDepthwise: true } depthwise }
                && !graph.Outputs.Contains(value)
                && readers[value].ToArray() is [int next]
                && works[next] is MatrixLayer { Finish: null, Geometry: var pointwise, Inputs: [var input] }
                && input == value
                && IsPointwiseOver(depthwise, pointwise))
            {
                plan.Consider(graph, i, depthwise, next, pointwise, array, staysOnChip(value), roomBytes);
            }
        }
        return plan;
    }

    /// <summary>How a fused layer lies on its engine, tile by tile; null for any other.</summary>
    public LayerMapping? MappingOf(int layer) => _mappings.GetValueOrDefault(layer);

    /// <summary>
    /// Takes the cycles in which both layers of a pair are at work from the first of the two. DRAM moves the bytes of both in turn, so that no more can be hidden than leaves
    /// it the time that it needs.
    /// </summary>
    public void Hide(LayerTiming[] timings, double dramBytesPerCycle)
    {
        foreach ((int depthwise, int pointwise, long hidden) in _pairs)
        {
            (LayerTiming first, LayerTiming second) = (timings[depthwise], timings[pointwise]);
            long transfers = (long)Math.Ceiling((DramBytes(first) + DramBytes(second)) / dramBytesPerCycle);
            timings[depthwise] = first with { Hidden = Math.Clamp(first.Total + second.Total - transfers, 0, Math.Min(hidden, first.Total)) };
        }
    }

    private static long DramBytes(LayerTiming timing) => timing.Traffic.Where(traffic => traffic.Level == "DRAM").Sum(traffic => traffic.ReadBytes + traffic.WrittenBytes);

    private static bool IsPointwiseOver(LayerGeometry depthwise, LayerGeometry pointwise) =>
        pointwise.Groups == 1 && pointwise.Kernel.Area == 1 && pointwise.Stride.Area == 1 && pointwise.InputChannels == depthwise.OutputChannels
        && pointwise.Batch == depthwise.Batch && pointwise.Output == depthwise.Output;

    private void Consider(
        LayerGraph graph, int first, LayerGeometry depthwise, int second, LayerGeometry pointwise, ArrayConfiguration array, bool staysOnChip, long roomBytes)
    {
        TensorType between = graph.TypeOf(graph.Layers[first].Name);
        if (FusedSchedule.Best(depthwise, pointwise, array, between.Element.Bytes(), roomBytes) is not { } fused)
            return;
        long apart = MappingChoice.Choose(depthwise, array).Cycles.Total + MappingChoice.Choose(pointwise, array).Cycles.Total;
        // Written by one layer and read by the other.
        long transfers = staysOnChip ? 0 : (long)Math.Ceiling(2 * between.Bytes / array.DramBytesPerCycle);
        if (fused.Cycles >= apart + transfers)
            return;
        string tiles = string.Create(
            CultureInfo.InvariantCulture,
            $"{fused.Tiles} tiles of {fused.Rows} rows, {fused.BufferBytes} bytes between them, {fused.Cycles} cycles together against {apart} apart{(transfers > 0 ? $" and {transfers} of transfers" : "")}");
        string behind = fused.Hidden > 0 ? string.Create(CultureInfo.InvariantCulture, $", {fused.Hidden} of its cycles at the same time as those") : "";
        _mappings[first] = fused.Depthwise with { Reason = $"fused with {graph.Layers[second].Name}: {tiles}{behind}; a tile: {fused.Depthwise.Reason}" };
        _mappings[second] = fused.Pointwise with { Reason = $"fused with {graph.Layers[first].Name}, {fused.Tiles} tiles; a tile: {fused.Pointwise.Reason}" };
        _pairs.Add((first, second, fused.Hidden));
        _buffers[graph.Layers[first].Name] = fused.BufferBytes;
    }
}
