using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Rtl.Network;

/// <summary>A stage and where it stands in the graph.</summary>
/// <param name="Shape">What it computes.</param>
/// <param name="Layer">The layer with its constants.</param>
/// <param name="TableLayer">The activation that follows it and is part of it, or null.</param>
/// <param name="Sources">For each operand, the stage that gives it; −1 is the network's input. A scale's are the frame and its gates.</param>
/// <param name="FlattenedFrom">The type of the value that was flattened into the input of a fully connected layer, whose weights are permuted to the order of the stream; else null.</param>
public sealed record StageNode(StageShape Shape, Layer Layer, Layer? TableLayer, ImmutableArray<int> Sources, TensorType? FlattenedFrom)
{
    /// <summary>The value that it produces.</summary>
    public string Result => (TableLayer ?? Layer).Name;
}

/// <summary>
/// A quantized network as stages of one streaming pipeline, in topological order; from its input to its logits. What follows in float32 (a
/// dequantization, a softmax) is the host's.
/// </summary>
public sealed class StageGraph
{
    private const string Backend = "rtl";

    private StageGraph(LayerGraph graph, ImmutableArray<StageNode> stages)
    {
        Graph = graph;
        Stages = stages;
    }

    public LayerGraph Graph { get; }

    public ImmutableArray<StageNode> Stages { get; }

    /// <summary>The type of an input frame.</summary>
    public TensorType Input => Graph.TypeOf(Graph.Inputs[0].Name);

    /// <summary>The value that leaves the pipeline.</summary>
    public string Output => Stages[^1].Result;

    /// <summary>The stages that read a stage's result; −1 asks for the network's input.</summary>
    public IEnumerable<(int Stage, int Port)> Readers(int source) =>
        from stage in Enumerable.Range(0, Stages.Length)
        from port in Enumerable.Range(0, Stages[stage].Sources.Length)
        where Stages[stage].Sources[port] == source
        select (stage, port);

    /// <exception cref="UnsupportedOperatorException">A layer has no stage; the message names it and says why.</exception>
    /// <exception cref="RtlException">The graph is not quantized or not one pipeline from one input to one result.</exception>
    public static StageGraph Of(LayerGraph graph)
    {
        if (graph.Inputs.Length != 1 || graph.Outputs.Length != 1)
            throw new RtlException($"'{graph.Name}' has {graph.Inputs.Length} inputs and {graph.Outputs.Length} outputs: a pipeline is generated from one image to one result.");
        if (graph.Inputs[0].Type is not { Element: ElementType.Int8, Shape.Rank: 4 })
            throw new RtlException($"The input of '{graph.Name}' is {graph.Inputs[0].Type}: a pipeline takes int8 images, so generate from the quantized graph.");
        var result = new StageGraph(graph, [.. new Builder(graph).Build()]);
        for (int source = -1; source < result.Stages.Length - 1; source++)
        {
            int readers = result.Readers(source).Count();
            string value = source < 0 ? graph.Inputs[0].Name : result.Stages[source].Result;
            if (readers == 0)
                throw new RtlException($"The value '{value}' of '{graph.Name}' is read by no stage: a pipeline has one result.");
        }
        return result;
    }

    /// <summary>Why a layer of a graph has no stage, or null when it has one.</summary>
    public static string? Refusal(LayerGraph graph, Layer layer)
    {
        if (graph.TypeOf(layer.Name).Element != ElementType.Int8)
            return "it computes in float32, which is the host's";
        if (layer.Inputs.Any(input => graph.TypeOf(input).Element != ElementType.Int8))
            return "it reads float32";
        return layer.Operator switch
        {
            Flatten => null,
            Activation => FollowsTable(graph, layer),
            Convolution convolution => Refusal(graph, layer, convolution),
            FullyConnected { Integer: not null } or GlobalAveragePool { Integer: not null } => null,
            AveragePool pool => pool.Integer is null ? "it is not quantized"
                : pool.Integer.Multiplier.Length != 1 ? $"its windows have {pool.Integer.Multiplier.Length} different counts at the padded edge, and the stage divides by one"
                : SquareRefusal(pool.Kernel, pool.Stride, pool.Dilation) ?? PaddingCounts(graph, layer, pool) ?? ShapeOf(graph, layer).Unsupported(),
            MaxPool pool => SquareRefusal(pool.Kernel, pool.Stride, pool.Dilation) ?? ShapeOf(graph, layer).Unsupported(),
            Add { Integer: not null } => graph.TypeOf(layer.Inputs[0]).Shape != graph.TypeOf(layer.Inputs[1]).Shape ? "its operands have different shapes"
                : layer.Inputs[0] == layer.Inputs[1] ? "it adds a value to itself"
                : graph.TypeOf(layer.Name).Shape.Rank != 4 ? "its operands are no images" : null,
            Multiply multiply => multiply.Integer is null ? "it is not quantized" : ScaleRefusal(graph, layer),
            Slice slice => SliceRefusal(graph, layer, slice),
            Pad pad => PadRefusal(graph, layer, pad),
            _ => "no cell computes it",
        };
    }

    /// <summary>The shape of a layer's stage, its table left out.</summary>
    internal static StageShape ShapeOf(LayerGraph graph, Layer layer)
    {
        var (input, output) = (graph.TypeOf(layer.Inputs[0]), graph.TypeOf(layer.Name));
        bool image = input.Shape.Rank == 4;
        var size = image ? input.Image : Size2.Square(1);
        StageShape Of(StageKind kind) => new(kind, layer.Name, size.Height, size.Width, input.Shape[1], output.Shape[1]);
        return layer.Operator switch
        {
            Convolution op => Of(op.IsDepthwise(input) ? StageKind.Depthwise : IsPointwise(op) ? StageKind.Pointwise : StageKind.Convolution) with
            {
                Kernel = op.Kernel.Height,
                Stride = op.Stride.Height,
                Padding = op.Padding,
                MultiplierBits = op.Integer!.Requantization.MultiplierBits,
                WeightBits = WeightBits(op.Integer),
            },
            FullyConnected op => Of(StageKind.Pointwise) with { MultiplierBits = op.Integer!.Requantization.MultiplierBits, WeightBits = WeightBits(op.Integer) },
            MaxPool { Kernel.Area: 1 } op when op.Padding == Padding.None => EveryPixel(Of(StageKind.Slice), op.Stride),
            MaxPool op => Of(StageKind.MaxPool) with { Kernel = op.Kernel.Height, Stride = op.Stride.Height, Padding = op.Padding },
            AveragePool op => Of(StageKind.AveragePool) with
            {
                Kernel = op.Kernel.Height,
                Stride = op.Stride.Height,
                Padding = op.Padding,
                MultiplierBits = op.Integer!.MultiplierBits,
            },
            GlobalAveragePool op => Of(StageKind.GlobalPool) with { MultiplierBits = op.Integer!.MultiplierBits },
            Add op => Of(StageKind.Add) with { MultiplierBits = op.Integer!.MultiplierBits },
            Multiply op => ShapeOfScale(graph, layer, op),
            Slice op => Of(StageKind.Slice) with
            {
                Rows = op.Axis == 2 ? new AxisSelection(op.Start, op.Length, op.Step) : new AxisSelection(0, size.Height, 1),
                Columns = op.Axis == 3 ? new AxisSelection(op.Start, op.Length, op.Step) : new AxisSelection(0, size.Width, 1),
                ChannelStart = op.Axis == 1 ? op.Start : 0,
            },
            Pad op => Of(StageKind.Pad) with { Padding = new Padding(op.Before[2], op.After[2], op.Before[3], op.After[3]), PadChannels = op.Before[1] },
            _ => throw new InvalidOperationException($"{layer.Operator.Name} has no stage."),
        };
    }

    /// <summary>A stride over a 1×1 kernel becomes a slice before it.</summary>
    private static bool IsPointwise(Convolution op) => op.IsPointwise && op.Padding == Padding.None;

    /// <summary>A slice that keeps every pixel of a stride.</summary>
    private static StageShape EveryPixel(StageShape slice, Size2 stride) => slice with
    {
        Rows = new AxisSelection(0, (slice.Height - 1) / stride.Height + 1, stride.Height),
        Columns = new AxisSelection(0, (slice.Width - 1) / stride.Width + 1, stride.Width),
    };

    private static StageShape ShapeOfScale(LayerGraph graph, Layer layer, Multiply op)
    {
        var image = graph.TypeOf(Operands(graph, layer)[0]);
        return new StageShape(StageKind.Scale, layer.Name, image.Image.Height, image.Image.Width, image.Channels, image.Channels) { MultiplierBits = op.Integer!.MultiplierBits };
    }

    /// <summary>A layer's inputs as its stage takes them: of a product the frame first, then its gates.</summary>
    internal static ImmutableArray<string> Operands(LayerGraph graph, Layer layer) =>
        layer.Operator is Multiply && !IsGate(graph, layer.Inputs[1]) ? [layer.Inputs[1], layer.Inputs[0]] : layer.Inputs;

    /// <summary>Whether a value is one pixel that a global pool and 1×1 layers behind it compute: squeeze-and-excite's gates.</summary>
    private static bool IsGate(LayerGraph graph, string value)
    {
        if (graph.TypeOf(value).Shape.Rank != 4 || graph.TypeOf(value).Image.Area != 1)
            return false;
        var before = graph.Layers.FirstOrDefault(layer => layer.Name == value);
        while (before?.Operator is Activation or Convolution { IsPointwise: true } && graph.Consumers(before.Name).Count() == 1)
            before = graph.Layers.FirstOrDefault(layer => layer.Name == before.Inputs[0]);
        return before?.Operator is GlobalAveragePool && graph.Consumers(before.Name).Count() == 1;
    }

    private static string? ScaleRefusal(LayerGraph graph, Layer layer)
    {
        var operands = Operands(graph, layer);
        var (image, gates) = (graph.TypeOf(operands[0]).Shape, graph.TypeOf(operands[1]).Shape);
        return !IsGate(graph, operands[1]) ? "neither of its operands is a pixel of gates from a global average pool and 1×1 layers"
            : image.Rank != 4 || image[1] != gates[1] ? $"its operands {image} and {gates} have different channels"
            : null;
    }

    private static string? SliceRefusal(LayerGraph graph, Layer layer, Slice slice) =>
        graph.TypeOf(layer.Inputs[0]).Shape.Rank != 4 || slice.Axis == 0 ? "it does not slice rows, columns or channels of an image"
        : slice.Step < 1 ? "it reads backwards"
        : slice.Axis == 1 && slice.Step != 1 ? "the channels that it keeps are not one after another"
        : null;

    private static string? PadRefusal(LayerGraph graph, Layer layer, Pad pad) =>
        graph.TypeOf(layer.Inputs[0]).Shape.Rank != 4 || pad.Before[0] + pad.After[0] != 0 ? "it does not pad rows, columns or channels of an image"
        : pad.Mode != PadMode.Constant ? "what it puts around the image is no constant"
        : null;

    private static int WeightBits(MacArithmetic integer) => integer.WeightZeroPoint.Any(zero => zero != 0) ? 9 : 8;

    private static string? Refusal(LayerGraph graph, Layer layer, Convolution op)
    {
        if (op.Integer is null)
            return "it is not quantized";
        if (layer.Constants.Length < 2)
            return "it has no bias";
        if (SquareRefusal(op.Kernel, op.Stride, op.Dilation) is { } reason)
            return reason;
        var input = graph.TypeOf(layer.Inputs[0]);
        if (op.Groups != 1 && !op.IsDepthwise(input))
            return $"it has {op.Groups} groups of {input.Channels} channels; one group, or one a channel, is generated";
        if (op.IsDepthwise(input) && graph.TypeOf(layer.Name).Channels != op.Groups)
            return "it has more than one filter a channel";
        return ShapeOf(graph, layer).Unsupported();
    }

    private static string? SquareRefusal(Size2 kernel, Size2 stride, Size2? dilation) =>
        kernel.Height != kernel.Width || stride.Height != stride.Width ? $"its kernel {kernel} and stride {stride} must be square"
        : dilation is { } spacing && spacing != Size2.Square(1) ? $"its dilation {spacing} must be 1×1"
        : null;

    private static string? PaddingCounts(LayerGraph graph, Layer layer, AveragePool pool) =>
        pool.Counts(graph.TypeOf(layer.Inputs[0]).Image) is [var count] && count == pool.Kernel.Area ? null : "its padded windows count fewer elements than its kernel";

    private static string? FollowsTable(LayerGraph graph, Layer layer)
    {
        if (layer.Operator is Activation { Integer: null })
            return "it is not quantized";
        var before = graph.Layers.FirstOrDefault(candidate => candidate.Name == layer.Inputs[0]);
        return before?.Operator is Convolution or FullyConnected && graph.Consumers(before.Name).Count() == 1
            ? null
            : "a table is generated behind a convolution or a fully connected layer that nothing else reads";
    }

    private sealed class Builder(LayerGraph graph)
    {
        private readonly List<StageNode> _stages = [];
        private readonly Dictionary<string, int> _producer = new() { [graph.Inputs[0].Name] = -1 };
        private readonly Dictionary<string, TensorType> _flattened = [];

        public List<StageNode> Build()
        {
            foreach (var layer in graph.Layers)
            {
                if (graph.TypeOf(layer.Name).Element != ElementType.Int8)
                {
                    RequireHost(layer);
                    continue;
                }
                if (Refusal(graph, layer) is { } reason)
                    throw new UnsupportedOperatorException(Backend, layer.Name, layer.Operator.Name, $"{reason}.");
                Add(layer);
            }
            if (_stages.Count == 0)
                throw new RtlException($"'{graph.Name}' has no layer in int8: generate from the quantized graph.");
            return _stages;
        }

        private void Add(Layer layer)
        {
            switch (layer.Operator)
            {
                case Flatten:
                    _producer[layer.Name] = _producer[layer.Inputs[0]];
                    var type = graph.TypeOf(layer.Inputs[0]);
                    _flattened[layer.Name] = _flattened.GetValueOrDefault(layer.Inputs[0]) ?? type;
                    return;
                case Activation:
                    int last = _producer[layer.Inputs[0]];
                    _stages[last] = _stages[last] with { TableLayer = layer, Shape = _stages[last].Shape with { Table = true } };
                    _producer[layer.Name] = last;
                    return;
            }
            var flattened = layer.Operator is FullyConnected ? _flattened.GetValueOrDefault(layer.Inputs[0]) : null;
            if (flattened is { Shape.Rank: not 4 })
                flattened = null;
            var shape = ShapeOf(graph, layer);
            ImmutableArray<int> sources = [.. Operands(graph, layer).Select(input => _producer[input])];
            if (layer.Operator is Convolution convolution && shape is { Kind: StageKind.Pointwise, Stride: > 1 })
            {
                var slice = EveryPixel(new StageShape(StageKind.Slice, $"{layer.Name}/stride", shape.Height, shape.Width, shape.Channels, shape.Channels), convolution.Stride);
                _stages.Add(new StageNode(slice, layer, null, sources, null));
                sources = [_stages.Count - 1];
                shape = shape with { Height = slice.OutHeight, Width = slice.OutWidth, Stride = 1 };
            }
            _stages.Add(new StageNode(shape, layer, null, sources, flattened));
            _producer[layer.Name] = _stages.Count - 1;
        }

        /// <summary>Float layers may only follow the last stage.</summary>
        private void RequireHost(Layer layer)
        {
            if (graph.Layers.SkipWhile(other => other != layer).Any(other => graph.TypeOf(other.Name).Element == ElementType.Int8))
                throw new UnsupportedOperatorException(Backend, layer.Name, layer.Operator.Name, "it computes in float32 and integer layers follow it.");
        }
    }
}
