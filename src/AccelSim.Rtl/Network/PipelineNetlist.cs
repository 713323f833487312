using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace AccelSim.Rtl.Network;

/// <summary>A ready/valid stream between two parts.</summary>
/// <param name="Name">Prefix of its signals in the generated top.</param>
/// <param name="Lanes">Bytes of a beat.</param>
/// <param name="FrameBeats">Beats of a frame.</param>
public sealed record PipelineLink(string Name, int Lanes, long FrameBeats);

/// <summary>An instance of a cell in the generated top, by the places of its streams in <see cref="PipelineNetlist.Streams"/>.</summary>
/// <param name="Name">Instance name without its prefix.</param>
public abstract record PipelinePart(string Name, ImmutableArray<int> Inputs, ImmutableArray<int> Outputs)
{
    /// <summary>What the template asks for: stage, fork, fifo, skid or converter.</summary>
    public abstract string Type { get; }
}

/// <summary>A stage; <paramref name="Number"/> names its memory images.</summary>
public sealed record StagePart(string Name, ImmutableArray<int> Inputs, int Output, StageDesign Design, int Number) : PipelinePart(Name, Inputs, [Output])
{
    public override string Type => "stage";

    public string Prefix => string.Create(CultureInfo.InvariantCulture, $"s{Number:00}");

    public string Kind => Design.Shape.Kind.ToString();
}

public sealed record ForkPart(string Name, int Input, int A, int B) : PipelinePart(Name, [Input], [A, B])
{
    public override string Type => "fork";
}

/// <summary>A queue, or with <paramref name="IsSkid"/> a register slice, which is a queue of two with registers at both ends.</summary>
public sealed record QueuePart(string Name, int Input, int Output, int Depth, bool IsSkid) : PipelinePart(Name, [Input], [Output])
{
    public override string Type => IsSkid ? "skid" : "fifo";
}

/// <summary>From the order of an engine whose weights are streamed (output channels, then pixels) to that of a stream (pixels, then channels).</summary>
/// <param name="Pixels">Pixels of a block.</param>
/// <param name="Groups">Groups of output channels.</param>
/// <param name="GroupBeats">Beats of a group of a pixel.</param>
public sealed record PixelOrderPart(string Name, int Input, int Output, int Pixels, int Groups, int GroupBeats) : PipelinePart(Name, [Input], [Output])
{
    public override string Type => "pixel_order";

    public int BlockBeats => Pixels * Groups * GroupBeats;
}

/// <summary>Weights of a stage from outside.</summary>
/// <param name="Stage">The stage's place.</param>
/// <param name="Stream">The place of its stream.</param>
/// <param name="PassBeats">Beats with which all weights have come once: TLAST is with the last of them.</param>
public sealed record WeightPort(int Stage, int Stream, int PassBeats)
{
    /// <summary>Prefix of the port's signals and name of its file.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"w{Stage:00}");
}

public sealed record ConverterPart(string Name, int Input, int Output) : PipelinePart(Name, [Input], [Output])
{
    public override string Type => "converter";
}

/// <summary>
/// The pipeline of a network with a folding for each stage, as cells and the streams between them. The generated top and the cycle model
/// are both read off it.
/// </summary>
public sealed class PipelineNetlist
{
    /// <summary>Blocks that pixel_order holds: the one that is written and the one that is read.</summary>
    public const int PixelOrderBlocks = 2;

    private readonly List<PipelineLink> _streams = [];
    private readonly List<PipelinePart> _parts = [];
    private readonly List<WeightPort> _weights = [];

    /// <param name="graph">The stages.</param>
    /// <param name="foldings">One a stage.</param>
    /// <param name="skipDepths">Depth of the queue on the skip path into an add stage, by the stage's place, instead of the closed form: for tests.</param>
    /// <param name="weightGap">Cycles from a beat of streamed weights to the next that the memory can offer; 1 for one in every cycle.</param>
    /// <exception cref="FoldingException">A stage does not allow its folding.</exception>
    public PipelineNetlist(StageGraph graph, IReadOnlyList<StageFolding> foldings, IReadOnlyDictionary<int, int>? skipDepths = null, int weightGap = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(weightGap, 1);
        if (foldings.Count != graph.Stages.Length)
            throw new FoldingException($"'{graph.Graph.Name}' has {graph.Stages.Length} stages, but {foldings.Count} foldings were given.");
        Graph = graph;
        WeightGap = weightGap;
        Stages = [.. graph.Stages.Select((stage, i) => new StageDesign(stage.Shape, foldings[i]))];
        int inLanes = Stages[graph.Readers(-1).First().Stage].InLanes;
        int outside = Stream("in", inLanes, graph.Input.Shape.Elements / graph.Input.Shape[0]);
        int inside = Stream("skid_in", inLanes, _streams[outside].FrameBeats * inLanes);
        _parts.Add(new QueuePart("skid_in", outside, inside, 2, true));
        var operands = new int[graph.Stages.Length][];
        for (int i = 0; i < operands.Length; i++)
            operands[i] = new int[graph.Stages[i].Sources.Length];
        Connect(-1, inside);
        int last = inside;
        for (int i = 0; i < Stages.Length; i++)
        {
            var design = Stages[i];
            int result = Stream(string.Create(CultureInfo.InvariantCulture, $"s{i:00}"), design.ResultLanes, design.OutBeats * design.ResultLanes);
            var inputs = operands[i].Select((stream, port) => FitLanes(stream, design, string.Create(CultureInfo.InvariantCulture, $"s{i:00}_{(char)('a' + port)}"))).ToImmutableArray();
            if (design.Folding.Streaming is { } streaming)
                inputs = inputs.Add(StreamedWeights(design, streaming, i));
            _parts.Add(new StagePart(string.Create(CultureInfo.InvariantCulture, $"s{i:00}_{design.Shape.Kind.ToString().ToLowerInvariant()}"), inputs, result, design, i));
            last = design.BlockPixels > 1 && design.PixelResults > 1 ? InPixelOrder(result, design) : result;
            if (i < Stages.Length - 1)
                Connect(i, last);
        }
        int end = Stream("out", _streams[last].Lanes, _streams[last].FrameBeats * _streams[last].Lanes);
        _parts.Add(new QueuePart("skid_out", last, end, 2, true));
        Streams = [.. _streams];
        Parts = [.. _parts];
        Weights = [.. _weights];
        Input = outside;
        Output = end;

        void Connect(int source, int stream)
        {
            var readers = graph.Readers(source).ToList();
            if (readers.Count == 1)
            {
                operands[readers[0].Stage][readers[0].Port] = stream;
                return;
            }
            var from = _streams[stream];
            // The path that has fewer stages up to where they meet is the skip path and gets the queue.
            int meet = Meeting(graph, readers[0].Stage, readers[1].Stage);
            var skip = readers.MinBy(reader => Path(graph, reader.Stage, meet).Count);
            var main = readers.Single(reader => reader != skip);
            int a = Stream($"{from.Name}_main", from.Lanes, from.FrameBeats * from.Lanes), b = Stream($"{from.Name}_skip", from.Lanes, from.FrameBeats * from.Lanes);
            _parts.Add(new ForkPart($"{from.Name}_fork", stream, a, b));
            int depth = skipDepths?.GetValueOrDefault(meet) is > 0 and var given ? given : SkipDepth(graph, source, main.Stage, meet, from.Lanes);
            int queued = Stream($"{from.Name}_queued", from.Lanes, from.FrameBeats * from.Lanes);
            _parts.Add(new QueuePart($"{from.Name}_skip", b, queued, depth, false));
            operands[main.Stage][main.Port] = a;
            operands[skip.Stage][skip.Port] = queued;
        }
    }

    public StageGraph Graph { get; }

    /// <summary>Whether it has an AXI4-Lite port: identification, status, counters and the writing of memories.</summary>
    public bool HasControlPort { get; init; }

    public ImmutableArray<StageDesign> Stages { get; }

    public ImmutableArray<PipelineLink> Streams { get; }

    /// <summary>In topological order.</summary>
    public ImmutableArray<PipelinePart> Parts { get; }

    /// <summary>The stream that comes from outside.</summary>
    public int Input { get; }

    /// <summary>The stream that goes outside.</summary>
    public int Output { get; }

    /// <summary>The streams of weights that come from outside.</summary>
    public ImmutableArray<WeightPort> Weights { get; }

    /// <summary>Cycles from a beat of streamed weights to the next.</summary>
    public int WeightGap { get; }

    /// <summary>Bytes of weights that come from outside a frame.</summary>
    public long WeightTraffic => Stages.Sum(stage => stage.WeightTraffic);

    /// <summary>Int8 × weight multipliers of all stages.</summary>
    public long MacMultipliers => Stages.Sum(stage => stage.MacMultipliers);

    /// <summary>Multiplier use at an interval: multiply-accumulates ÷ (cycles × multipliers). Requantizers' multipliers are not counted, nor is what they do.</summary>
    public double MultiplierUse(long interval) => Stages.Sum(stage => (double)stage.Shape.Macs) / ((double)interval * MacMultipliers);

    public IEnumerable<QueuePart> SkipQueues => Parts.OfType<QueuePart>().Where(part => !part.IsSkid);

    /// <summary>A lower bound of the cycles between frames: no stage is faster than its own bound, no stream than a beat a cycle, none of weights than the memory.</summary>
    public long IntervalBound => Math.Max(
        Math.Max(Stages.Max(stage => stage.IntervalBound), Streams.Max(stream => stream.FrameBeats)),
        Weights.Select(port => Streams[port.Stream].FrameBeats * WeightGap).DefaultIfEmpty().Max());

    /// <summary>
    /// Beats that the main path can hold between the fork and the add, so that the skip queue is never what stops the fork: the rows of
    /// each line buffer, the places of each pixel buffer and queue, a pixel in each converter, all in pixels of the fork's resolution, and two for
    /// the fork's and the add's own beats.
    /// </summary>
    private int SkipDepth(StageGraph graph, int source, int first, int meet, int lanes)
    {
        var shape = source < 0 ? (Channels: graph.Input.Channels, Pixels: (long)graph.Input.Image.Area) : (Channels: Stages[source].Shape.OutChannels, Pixels: Stages[source].Shape.OutPixels);
        double pixels = 2;
        foreach (int i in Path(graph, first, meet))
        {
            var stage = Stages[i];
            double inputScale = (double)shape.Pixels / stage.Shape.InPixels, outputScale = (double)shape.Pixels / stage.Shape.OutPixels;
            pixels += inputScale * ((stage.Shape.HasWindow ? (double)stage.BufferRows * stage.Shape.Width : stage.PixelSlots * stage.BlockPixels) + 2);
            pixels += outputScale * Math.Ceiling((double)stage.QueueDepth * stage.ResultLanes / stage.Shape.OutChannels);
            pixels += outputScale * (stage.BlockPixels > 1 ? PixelOrderBlocks * stage.BlockPixels : 0);
        }
        return checked((int)(Math.Ceiling(pixels) * shape.Channels / lanes));
    }

    /// <summary>The first stage that both of two stages lead to.</summary>
    private static int Meeting(StageGraph graph, int a, int b)
    {
        var fromA = Downstream(graph, a);
        return Downstream(graph, b).First(fromA.Contains);

        static SortedSet<int> Downstream(StageGraph graph, int stage)
        {
            var reached = new SortedSet<int> { stage };
            for (int i = stage + 1; i < graph.Stages.Length; i++)
            {
                if (graph.Stages[i].Sources.Any(reached.Contains))
                    reached.Add(i);
            }
            return reached;
        }
    }

    /// <summary>The stages from one on to where paths meet, that one left out.</summary>
    private static List<int> Path(StageGraph graph, int first, int meet)
    {
        var path = new List<int>();
        for (int stage = first; stage != meet; stage = graph.Readers(stage).Select(reader => reader.Stage).Max())
            path.Add(stage);
        return path;
    }

    private int FitLanes(int stream, StageDesign design, string name)
    {
        int have = _streams[stream].Lanes, want = design.InLanes;
        // A pointwise stage's pixel buffer takes any beat that divides, or is divided by, what the engine reads.
        if (have == want || (design.Shape.Kind == StageKind.Pointwise && (have % want == 0 || want % have == 0)))
            return stream;
        long bytes = _streams[stream].FrameBeats * have;
        if (have % want != 0 && want % have != 0)
        {
            int common = (int)BigInteger.GreatestCommonDivisor(have, want);
            stream = Convert(stream, common, $"{name}_narrow", bytes);
            if (design.Shape.Kind == StageKind.Pointwise)
                return stream;
        }
        return Convert(stream, want, $"{name}_wide", bytes);
    }

    /// <summary>Streamed weights as the words that a stage's engine reads.</summary>
    private int StreamedWeights(StageDesign design, WeightStreaming streaming, int stage)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"s{stage:00}_weights");
        int stream = Stream(name, streaming.Lanes, design.WeightTraffic);
        _weights.Add(new WeightPort(stage, stream, checked((int)(design.Shape.Weights / streaming.Lanes))));
        return design.WeightWordBeats == 1 ? stream : Convert(stream, streaming.Lanes * design.WeightWordBeats, $"{name}_wide", design.WeightTraffic);
    }

    private int InPixelOrder(int stream, StageDesign design)
    {
        var from = _streams[stream];
        int ordered = Stream($"{from.Name}_ordered", from.Lanes, from.FrameBeats * from.Lanes);
        _parts.Add(new PixelOrderPart($"{from.Name}_order", stream, ordered, design.BlockPixels, design.PixelResults, design.GroupBeats));
        return ordered;
    }

    private int Convert(int stream, int lanes, string name, long bytes)
    {
        int converted = Stream(name, lanes, bytes);
        _parts.Add(new ConverterPart(name, stream, converted));
        return converted;
    }

    private int Stream(string name, int lanes, long frameBytes)
    {
        _streams.Add(new PipelineLink(name, lanes, frameBytes / lanes));
        return _streams.Count - 1;
    }
}
