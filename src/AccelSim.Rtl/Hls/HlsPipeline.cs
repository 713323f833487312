using System.Collections.Immutable;
using System.Globalization;
using AccelSim.Rtl.Network;

namespace AccelSim.Rtl.Hls;

/// <summary>An hls::stream of the generated top.</summary>
/// <param name="Name">As in the generated Verilog, where that has a queue at the same place.</param>
/// <param name="Lanes">Codes of a beat.</param>
/// <param name="Depth">Places of its queue.</param>
internal sealed record HlsStream(string Name, int Lanes, long Depth);

/// <summary>A call of a cell in the generated top.</summary>
/// <param name="Cell">The function with its template arguments.</param>
/// <param name="Arguments">Streams, then constants.</param>
/// <param name="Comment">What a reader should know of it.</param>
internal sealed record HlsCall(string Cell, ImmutableArray<string> Arguments, string Comment);

/// <summary>
/// A netlist as the streams and calls of a dataflow region: every stream is a queue, so that the netlist's queues and register slices
/// become depths, and every other part becomes a call.
/// </summary>
internal sealed class HlsPipeline
{
    /// <summary>Turns that data may need through a stage's processes and the streams between them, beyond the Verilog's.</summary>
    private const int TurnsInFlight = 64;

    /// <summary>The queue of a stream between two processes that keep up with each other: what hls::stream has by default.</summary>
    private const int LeastDepth = 2;

    private readonly PipelineNetlist _netlist;
    private readonly Dictionary<int, int> _merged = [];
    private readonly Dictionary<int, long> _depths = [];

    /// <exception cref="RtlException">An AXI4-Lite port is asked for.</exception>
    public HlsPipeline(PipelineNetlist netlist)
    {
        if (netlist.HasControlPort)
            throw new RtlException("The C++ has no AXI4-Lite port, since the registers of Vitis HLS's own are laid out and sampled by the tool, and cannot write constants: leave --axi-lite out, or generate Verilog (--target verilog).");
        _netlist = netlist;
        foreach (var queue in netlist.Parts.OfType<QueuePart>())
        {
            // Both ends of a queue are one stream; the ends of the pipeline are AXI4-Streams and not ours.
            var (from, to) = queue.Output == netlist.Output ? (queue.Output, queue.Input) : (queue.Input, queue.Output);
            _merged[from] = to;
            _depths[to] = queue.Depth + (queue.IsSkid ? 0 : Slack(queue));
        }
        foreach (var stage in netlist.Parts.OfType<StagePart>())
        {
            int stream = Merged(stage.Outputs[0]);
            _depths[stream] = _depths.GetValueOrDefault(stream) + stage.Design.QueueDepth;
            // One tile is in the unit; the others that have a slot, and a word of the next, wait in front of it.
            if (stage.Design.Folding.Streaming is not null)
                _depths[stage.Inputs[^1]] = (stage.Design.TileSlots - 1L) * stage.Design.Steps + 1;
        }
        var used = Enumerable.Range(0, netlist.Streams.Length).Where(stream => !_merged.ContainsKey(stream)).ToList();
        Streams = [.. used.Select(stream => new HlsStream(netlist.Streams[stream].Name, netlist.Streams[stream].Lanes, Math.Max(LeastDepth, _depths.GetValueOrDefault(stream))))];
        Calls = [.. netlist.Parts.Where(part => part is not QueuePart).SelectMany(CallsOf)];
        // A table has a stream of its own in front.
        Streams = [.. Streams, .. netlist.Parts.OfType<StagePart>().Where(stage => stage.Design.Shape.Table)
            .Select(stage => new HlsStream(BeforeTable(stage), stage.Design.ResultLanes, LeastDepth))];
    }

    public ImmutableArray<HlsStream> Streams { get; }

    /// <summary>In topological order.</summary>
    public ImmutableArray<HlsCall> Calls { get; }

    /// <summary>The stream that the image enters.</summary>
    public string Input => NameOf(_netlist.Input);

    /// <summary>The stream that the result leaves.</summary>
    public string Output => NameOf(_netlist.Output);

    private string NameOf(int stream) => _netlist.Streams[Merged(stream)].Name;

    private int Merged(int stream) => _merged.TryGetValue(stream, out int target) ? Merged(target) : stream;

    private IEnumerable<HlsCall> CallsOf(PipelinePart part)
    {
        string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
        var from = _netlist.Streams[part.Inputs[0]];
        switch (part)
        {
            case ForkPart fork:
                yield return new HlsCall($"stream_fork<{Number(from.Lanes)}, {Number(from.FrameBeats)}>", [NameOf(fork.Input), NameOf(fork.A), NameOf(fork.B)], "");
                break;
            case ConverterPart converter:
                var to = _netlist.Streams[converter.Output];
                yield return new HlsCall(
                    $"width_converter<{Number(from.Lanes)}, {Number(to.Lanes)}, {Number(Math.Min(from.FrameBeats, to.FrameBeats))}>", [NameOf(converter.Input), NameOf(converter.Output)], "");
                break;
            case PixelOrderPart order:
                var engine = _netlist.Parts.OfType<StagePart>().Single(stage => stage.Outputs[0] == order.Input);
                yield return new HlsCall($"pixel_order<{engine.Name}>", [NameOf(order.Input), NameOf(order.Output)], "");
                break;
            case StagePart stage:
                bool table = stage.Design.Shape.Table;
                string result = table ? BeforeTable(stage) : NameOf(stage.Outputs[0]);
                yield return new HlsCall(
                    $"{NetworkSources.CellOf(stage.Design)}<{stage.Name}>",
                    [.. stage.Inputs.Select(NameOf), result, .. HlsConstants.ArraysOf(stage)],
                    HlsSources.Comment($"{stage.Design.Shape.Name}: folding {stage.Design.Folding.In} input channels x {stage.Design.Folding.Taps} taps x {stage.Design.Folding.Out} output channels at once"));
                if (table)
                {
                    yield return new HlsCall(
                        $"activation_table<{Number(stage.Design.ResultLanes)}, {Number(stage.Design.OutBeats)}>", [result, NameOf(stage.Outputs[0]), HlsConstants.TableOf(stage)], "");
                }
                break;
            default:
                throw new InvalidOperationException($"The part {part.Name} has no cell in C++.");
        }
    }

    private static string BeforeTable(StagePart stage) => $"{stage.Prefix}_linear";

    /// <summary>
    /// Beats that a queue behind a fork has beyond the netlist's closed form: while the stages up to where the branches meet take their turns in
    /// flight longer than the Verilog's, the fork gives at most a beat a turn.
    /// </summary>
    private long Slack(QueuePart queue)
    {
        int source = StageBefore(queue.Input);
        if (_netlist.Graph.Readers(source).Count() == 1)
            return 0;
        return (long)TurnsInFlight * (new BranchQueues(_netlist.Graph, _netlist.Stages).Meeting(source) - source);
    }

    /// <summary>The stage that a stream comes from; −1 for the image.</summary>
    private int StageBefore(int stream) => _netlist.Parts.FirstOrDefault(part => part.Outputs.Contains(stream)) switch
    {
        null => -1,
        StagePart stage => stage.Number,
        var part => StageBefore(part.Inputs[0]),
    };
}
