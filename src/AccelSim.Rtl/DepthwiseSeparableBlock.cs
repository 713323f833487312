using AccelSim.Graph;

namespace AccelSim.Rtl;

/// <summary>
/// A depthwise convolution, optionally a table, then a 1×1 convolution, optionally a table, in a graph where nothing
/// else reads the values in between: what the generator turns into one piece of hardware.
/// </summary>
public sealed class DepthwiseSeparableBlock
{
    private const string Backend = "rtl";

    private readonly LayerGraph _graph;
    private readonly Convolution _depthwise, _pointwise;

    private DepthwiseSeparableBlock(LayerGraph graph, Layer depthwise, Layer? depthwiseTable, Layer pointwise, Layer? pointwiseTable)
    {
        _graph = graph;
        Depthwise = depthwise;
        DepthwiseTable = depthwiseTable;
        Pointwise = pointwise;
        PointwiseTable = pointwiseTable;
        _depthwise = (Convolution)depthwise.Operator;
        _pointwise = (Convolution)pointwise.Operator;
        var input = graph.TypeOf(Input);
        Shape = new BlockShape(
            input.Image.Height, input.Image.Width, input.Channels, graph.TypeOf(pointwise.Name).Channels,
            _depthwise.Kernel.Height, _depthwise.Stride.Height, _depthwise.Padding)
        {
            DepthwiseTable = depthwiseTable is not null,
            PointwiseTable = pointwiseTable is not null,
            DepthwiseMultiplierBits = MultiplierBits(_depthwise),
            PointwiseMultiplierBits = MultiplierBits(_pointwise),
            DepthwiseWeightBits = WeightBits(_depthwise),
            PointwiseWeightBits = WeightBits(_pointwise),
        };
    }

    /// <summary>The network and the depthwise layer, for messages and comments.</summary>
    public string Name => $"{_graph.Name} {Depthwise.Name}";

    public Layer Depthwise { get; }

    public Layer? DepthwiseTable { get; }

    public Layer Pointwise { get; }

    public Layer? PointwiseTable { get; }

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<Layer> Layers =>
        [.. new[] { Depthwise, DepthwiseTable, Pointwise, PointwiseTable }.OfType<Layer>()];

    /// <summary>The value that the block reads.</summary>
    public string Input => Depthwise.Inputs[0];

    /// <summary>The value between the two engines: what the testbench checks as the depthwise result.</summary>
    public string DepthwiseResult => (DepthwiseTable ?? Depthwise).Name;

    /// <summary>The value that the block produces.</summary>
    public string Result => (PointwiseTable ?? Pointwise).Name;

    public BlockShape Shape { get; }

    public long DepthwiseMacs => Shape.OutPixels * Shape.Channels * Shape.Kernel * Shape.Kernel;

    public long PointwiseMacs => Shape.OutPixels * Shape.Channels * Shape.OutChannels;

    /// <summary>The block as a graph of its own, from its input to its result.</summary>
    public LayerGraph Alone() => new(
        Name, [new GraphInput(Input, _graph.TypeOf(Input))], Layers.SelectMany(layer => layer.Constants).Select(name => _graph.Constants[name]), Layers, [Result]);

    /// <summary>The constants of the depthwise layer as hardware wants them.</summary>
    /// <exception cref="RtlException">The graph is not quantized or has no weights.</exception>
    internal EngineConstants DepthwiseConstants => EngineConstants.Of(_graph, Depthwise, DepthwiseTable);

    /// <inheritdoc cref="DepthwiseConstants"/>
    internal EngineConstants PointwiseConstants => EngineConstants.Of(_graph, Pointwise, PointwiseTable);

    /// <summary>All blocks of a graph for which hardware can be generated, in topological order. A float graph has them too, for models of time.</summary>
    public static IReadOnlyList<DepthwiseSeparableBlock> FindIn(LayerGraph graph) =>
        [.. graph.Layers.Select(layer => Match(graph, layer).Block).OfType<DepthwiseSeparableBlock>()];

    /// <summary>The block that contains a layer.</summary>
    /// <exception cref="UnsupportedOperatorException">The layer is not part of a block; the message says why.</exception>
    /// <exception cref="GraphException">The graph has no such layer.</exception>
    public static DepthwiseSeparableBlock Containing(LayerGraph graph, string layerName)
    {
        var layer = graph.LayerNamed(layerName);
        if (FindIn(graph).FirstOrDefault(block => block.Layers.Any(inside => inside.Name == layerName)) is { } found)
            return found;
        throw new UnsupportedOperatorException(Backend, layerName, layer.Operator.Name, Match(graph, layer).Reason);
    }

    private static (DepthwiseSeparableBlock? Block, string Reason) Match(LayerGraph graph, Layer depthwise)
    {
        if (depthwise.Operator is not Convolution first || !first.IsDepthwise(graph.TypeOf(depthwise.Inputs[0])))
            return (null, "it is neither a depthwise convolution nor the rest of a depthwise-separable block.");
        if (graph.TypeOf(depthwise.Name).Channels != first.Groups)
            return (null, "it has more than one filter a channel.");
        if (first.Kernel.Height != first.Kernel.Width || first.Stride.Height != first.Stride.Width)
            return (null, $"its kernel {first.Kernel} and stride {first.Stride} must be square.");
        if (first.Spacing != Size2.Square(1))
            return (null, $"its dilation {first.Spacing} must be 1×1.");
        var (table, pointwise) = Follow(graph, depthwise);
        if (pointwise?.Operator is not Convolution { IsPointwise: true } second || second.Stride != Size2.Square(1) || second.Padding != Padding.None)
            return (null, "no 1×1 convolution with stride 1 and without padding follows it as the only reader of its result.");
        var (tail, _) = Follow(graph, pointwise);
        var block = new DepthwiseSeparableBlock(graph, depthwise, table, pointwise, tail);
        return block.Shape.Unsupported() is { } reason ? (null, $"{reason}.") : (block, "");
    }

    /// <summary>The table that follows a layer, if any, and what follows then; null where a value is read more than once or leaves the graph.</summary>
    private static (Layer? Table, Layer? Next) Follow(LayerGraph graph, Layer layer)
    {
        var next = OnlyReader(graph, layer);
        return next?.Operator is Activation ? (next, OnlyReader(graph, next)) : (null, next);
    }

    private static Layer? OnlyReader(LayerGraph graph, Layer layer)
    {
        var readers = graph.Consumers(layer.Name).ToList();
        return readers.Count == 1 && readers[0].Inputs.Length == 1 && !graph.Outputs.Contains(layer.Name) ? readers[0] : null;
    }

    private static int MultiplierBits(Convolution convolution) =>
        convolution.Integer?.Requantization.MultiplierBits ?? Requantization.DefaultMultiplierBits;

    private static int WeightBits(Convolution convolution) =>
        convolution.Integer is { } integer && integer.WeightZeroPoint.Any(zero => zero != 0) ? 9 : 8;
}
