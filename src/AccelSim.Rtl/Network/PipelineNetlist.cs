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
    /// <summary>What the template asks for: stage, fork, converter, or the cell of a queue.</summary>
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

/// <summary>
/// A queue, in block RAM where it is deeper than a look-up table; or with <paramref name="IsSkid"/> a register slice, which is a queue of two
/// with registers at both ends.
/// </summary>
public sealed record QueuePart(string Name, int Input, int Output, int Depth, bool IsSkid) : PipelinePart(Name, [Input], [Output])
{
    // The depth of a look-up table as memory in a SLICEM (UG574).
    private const int LookupDepth = 64;

    public override string Type => IsSkid ? "skid_buffer" : InBlocks ? "block_fifo" : "fifo";

    /// <summary>Whether its memory is block RAM.</summary>
    public bool InBlocks => !IsSkid && Depth > LookupDepth;

    /// <summary>Cycles from a beat's arrival to its offer.</summary>
    public int Latency => InBlocks ? 3 : 1;
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
    /// <param name="skipDepths">Depth of the queues between a fork and the stage where its branches meet, by that stage's place, instead of the closed form: for tests.</param>
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
        var queues = new BranchQueues(graph, Stages);
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
            var inputs = operands[i].Select((stream, port) =>
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"s{i:00}_{(char)('a' + port)}");
                return WholePixels(FitLanes(stream, design, port, name), design, port, name);
            }).ToImmutableArray();
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
            int meet = queues.Meeting(source);
            int Branch(string name) => Stream(name, from.Lanes, from.FrameBeats * from.Lanes);
            for (int i = 0; i < readers.Count; i++)
            {
                var (stage, port) = readers[i];
                string to = string.Create(CultureInfo.InvariantCulture, $"{from.Name}_to{stage:00}");
                int branch = stream;
                if (i < readers.Count - 1)
                {
                    // The fork gives to one reader, and to what the next forks give to the rest.
                    branch = Branch(to);
                    int rest = Branch(i == readers.Count - 2 ? string.Create(CultureInfo.InvariantCulture, $"{from.Name}_to{readers[^1].Stage:00}") : $"{to}_rest");
                    _parts.Add(new ForkPart($"{to}_fork", stream, branch, rest));
                    stream = rest;
                }
                int depth = queues.Depth(source, stage, from.Lanes);
                if (depth > 0)
                {
                    int queued = Branch($"{to}_queued");
                    _parts.Add(new QueuePart($"{to}_queue", branch, queued, skipDepths?.GetValueOrDefault(meet) is > 0 and var given ? given : depth, false));
                    branch = queued;
                }
                operands[stage][port] = branch;
            }
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

    private int FitLanes(int stream, StageDesign design, int port, string name)
    {
        int have = _streams[stream].Lanes, want = design.InLanes;
        // A pixel buffer takes any beat that divides, or is divided by, what is read of it.
        bool buffered = design.Shape.Kind == StageKind.Pointwise || (design.Shape.Kind == StageKind.Scale && port == 1);
        if (have == want || (buffered && (have % want == 0 || want % have == 0)))
            return stream;
        long bytes = _streams[stream].FrameBeats * have;
        if (have % want != 0 && want % have != 0)
        {
            int common = (int)BigInteger.GreatestCommonDivisor(have, want);
            stream = Convert(stream, common, $"{name}_narrow", bytes);
            if (buffered)
                return stream;
        }
        return Convert(stream, want, $"{name}_wide", bytes);
    }

    /// <summary>
    /// A concat takes the beats of a pixel from one operand and then from the other: what computes an operand goes on meanwhile with a queue of a
    /// pixel, and would wait for half of the time without.
    /// </summary>
    private int WholePixels(int stream, StageDesign design, int port, string name)
    {
        int beats = (port == 0 ? design.Shape.Channels : design.Shape.OutChannels - design.Shape.Channels) / design.InLanes;
        if (design.Shape.Kind != StageKind.Concat || beats == 1)
            return stream;
        int queued = Stream($"{name}_pixel", design.InLanes, _streams[stream].FrameBeats * design.InLanes);
        _parts.Add(new QueuePart($"{name}_queue", stream, queued, beats, false));
        return queued;
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
