using System.Globalization;
using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;
using AccelSim.Systolic.Operators;

namespace AccelSim.Systolic.Timing;

/// <summary>Which depthwise layers of a graph run together with the pointwise layer behind them.</summary>
/// <remarks>
/// A pair is a depthwise convolution whose value one 1×1 convolution alone reads, over the same pixels, or reads through an activation of its own, which the vector unit then does tile by
/// tile. It is fused where that takes fewer cycles than one layer after the other, the transfers of values between them that would leave the chip included. What needs the whole plane
/// first, such as a squeeze-and-excite, stands in the way.
/// </remarks>
internal sealed class FusionPlan
{
    private readonly Dictionary<int, LayerMapping> _mappings = [];
    private readonly List<(int Depthwise, int Pointwise, long Hidden)> _pairs = [];
    private readonly Dictionary<string, long> _buffers = [];

    // By depthwise layer that is not fused the reason, and the activations that are done tile by tile.
    private readonly Dictionary<int, string> _apart = [];
    private readonly HashSet<int> _between = [];

    private readonly LayerGraph _graph;
    private readonly IReadOnlyList<LayerWork> _works;
    private readonly ArrayConfiguration _array;
    private readonly Func<string, bool> _staysOnChip;
    private readonly long _roomBytes;
    private readonly ILookup<string, int> _readers;

    private FusionPlan(LayerGraph graph, IReadOnlyList<LayerWork> works, ArrayConfiguration array, Func<string, bool> staysOnChip, long roomBytes)
    {
        (_graph, _works, _array, _staysOnChip, _roomBytes) = (graph, works, array, staysOnChip, roomBytes);
        _readers = array.FuseDepthwise
            ? Enumerable.Range(0, graph.Layers.Length).SelectMany(index => graph.Layers[index].Operands.Distinct(), (index, value) => (index, value)).ToLookup(pair => pair.value, pair => pair.index)
            : Enumerable.Empty<int>().ToLookup(_ => "");
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
        var plan = new FusionPlan(graph, works, array, staysOnChip, roomBytes);
        if (!array.FuseDepthwise)
            return plan;
        for (int i = 0; i < graph.Layers.Length; i++)
        {
            if (works[i] is MatrixLayer { Finish: null, Geometry: { IsDepthwise: true } depthwise } && plan.Consider(i, depthwise) is { } why)
                plan._apart[i] = why;
        }
        return plan;
    }

    /// <summary>How a fused layer lies on its engine, tile by tile; null for any other.</summary>
    public LayerMapping? MappingOf(int layer) => _mappings.GetValueOrDefault(layer);

    /// <summary>Why a depthwise layer is not fused though the accelerator could; null for any other layer.</summary>
    public string? WhyApart(int layer) => _apart.GetValueOrDefault(layer);

    /// <summary>Whether a layer is an activation between two fused layers.</summary>
    public bool IsBetween(int layer) => _between.Contains(layer);

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

    // Fuses a depthwise layer with the layer behind it, or says why not.
    private string? Consider(int first, LayerGeometry depthwise)
    {
        var values = new List<string> { _graph.Layers[first].Name };
        int second = OnlyReader(values[^1]);
        if (second >= 0 && _graph.Layers[second].Operator is Activation)
        {
            values.Add(_graph.Layers[second].Name);
            second = OnlyReader(values[^1]);
        }
        if (second < 0)
            return _graph.Outputs.Contains(values[^1]) ? $"{values[^1]} is an output" : $"{Readers(values[^1])} read {values[^1]}";
        if (_works[second] is not MatrixLayer { Finish: null, Geometry: var pointwise, Inputs: [var input] } || input != values[^1] || !IsPointwiseOver(depthwise, pointwise))
            return $"{_graph.Layers[second].Name} behind it is no 1×1 convolution over the same pixels";
        return Fuse(first, depthwise, second, pointwise, values);
    }

    private int OnlyReader(string value) => !_graph.Outputs.Contains(value) && _readers[value].ToArray() is [var one] ? one : -1;

    private string Readers(string value) => string.Join(" and ", _readers[value].Select(reader => _graph.Layers[reader].Name));

    private string? Fuse(int first, LayerGeometry depthwise, int second, LayerGeometry pointwise, List<string> values)
    {
        TensorType between = _graph.TypeOf(values[0]);
        if (FusedSchedule.Best(depthwise, pointwise, _array, between.Element.Bytes(), _roomBytes / values.Count) is not { } fused)
            return FormattableString.Invariant($"two tiles of one row do not fit the {_roomBytes / values.Count} bytes that may hold them");
        long apart = MappingChoice.Choose(depthwise, _array).Cycles.Total + MappingChoice.Choose(pointwise, _array).Cycles.Total;
        // Written by one layer and read by the next.
        long transfers = (long)Math.Ceiling(values.Where(value => !_staysOnChip(value)).Sum(value => 2 * _graph.TypeOf(value).Bytes) / _array.DramBytesPerCycle);
        string against = string.Create(
            CultureInfo.InvariantCulture, $"{fused.Cycles} cycles together against {apart} apart{(transfers > 0 ? $" and {transfers} of transfers" : "")}");
        if (fused.Cycles >= apart + transfers)
            return against;
        string tiles = string.Create(CultureInfo.InvariantCulture, $"{fused.Tiles} tiles of {fused.Rows} rows, {fused.BufferBytes * values.Count} bytes between them, {against}");
        string behind = fused.Hidden > 0 ? string.Create(CultureInfo.InvariantCulture, $", {fused.Hidden} of its cycles at the same time as those") : "";
        _mappings[first] = fused.Depthwise with { Reason = $"fused with {_graph.Layers[second].Name}: {tiles}{behind}; a tile: {fused.Depthwise.Reason}" };
        _mappings[second] = fused.Pointwise with { Reason = $"fused with {_graph.Layers[first].Name}, {fused.Tiles} tiles; a tile: {fused.Pointwise.Reason}" };
        _pairs.Add((first, second, fused.Hidden));
        foreach (string value in values)
            _buffers[value] = fused.BufferBytes;
        _between.UnionWith(Enumerable.Range(first + 1, second - first - 1).Where(layer => values.Contains(_graph.Layers[layer].Name)));
        return null;
    }
}
