using System.Collections.Immutable;
using AccelSim.Rtl.Network.Schedule;

namespace AccelSim.Rtl.Network;

/// <summary>The cycles of one stream, counted from the cycle in which the pipeline takes its first beat.</summary>
/// <param name="Name">The stream's name in the generated top.</param>
/// <param name="First">When its first beat is taken.</param>
/// <param name="FrameEnds">For each frame, when its last beat is taken.</param>
/// <param name="Stalls">Cycles in which a beat was offered and not taken.</param>
public sealed record StreamCycles(string Name, long First, ImmutableArray<long> FrameEnds, long Stalls)
{
    public bool Equals(StreamCycles? other) =>
        other is not null && Name == other.Name && First == other.First && Stalls == other.Stalls && FrameEnds.SequenceEqual(other.FrameEnds);

    public override int GetHashCode() => HashCode.Combine(Name, First, Stalls, FrameEnds.Length);

    public override string ToString() => FormattableString.Invariant($"{Name}: first {First}, frame ends {string.Join(" ", FrameEnds)}, stalls {Stalls}");
}

/// <summary>
/// The cycle model of a whole pipeline: back-to-back frames, a source that always offers, a sink that always takes. Every part is a process
/// that fires when its operands are there, its place is free and its last firing is over, each after a fixed time: a timed event graph (Baccelli
/// et al., "Synchronization and Linearity", 1992), whose firing times obey a recurrence with max and plus alone. The parts are
/// evaluated like a Kahn process network, each as far as the times that it knows allow; no cycle is stepped through, and the order does not matter.
/// </summary>
/// <param name="Streams">In the netlist's order.</param>
public sealed record PipelineCycles(ImmutableArray<StreamCycles> Streams)
{
    /// <summary>The stream that leaves the pipeline.</summary>
    public StreamCycles Output => Streams[^1];

    public long FirstOutput => Output.First;

    /// <summary>Cycles of the first frame, the first and the last beat included.</summary>
    public long Frame => Output.FrameEnds[0] + 1;

    /// <summary>Cycles between the ends of the last two frames; with one frame, the cycles of that frame.</summary>
    public long Interval => Output.FrameEnds.Length > 1 ? Output.FrameEnds[^1] - Output.FrameEnds[^2] : Frame;

    /// <param name="netlist">The pipeline.</param>
    /// <param name="frames">Frames back to back, at least 1.</param>
    /// <exception cref="RtlException">The pipeline deadlocks; the message names the streams on which beats wait.</exception>
    public static PipelineCycles Predict(PipelineNetlist netlist, int frames, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        var streams = netlist.Streams.Select((stream, i) => new StreamSchedule(stream.FrameBeats, PlacesBefore(netlist, i))).ToArray();
        List<IPartSchedule> parts = [new SourceSchedule(streams[netlist.Input], frames * netlist.Streams[netlist.Input].FrameBeats)];
        parts.AddRange(netlist.Parts.Select(part => ScheduleOf(part, netlist, streams, frames)));
        parts.Add(new SinkSchedule(streams[netlist.Output]));
        bool moved = true;
        while (moved)
        {
            cancellation.ThrowIfCancellationRequested();
            moved = false;
            foreach (var part in parts)
                moved |= part.Advance();
        }
        if (streams[netlist.Output].FrameEnds.Count < frames)
        {
            var waiting = netlist.Streams.Where((_, i) => streams[i].HasNext).Select(stream => stream.Name);
            throw new RtlException($"The pipeline of '{netlist.Graph.Graph.Name}' deadlocks after {streams[netlist.Output].Taken} output beats: beats wait on {string.Join(", ", waiting)}.");
        }
        return new PipelineCycles([.. streams.Select((stream, i) =>
            new StreamCycles(netlist.Streams[i].Name, stream.FirstTaken, [.. stream.FrameEnds], stream.Stalls))]);
    }

    private static int PlacesBefore(PipelineNetlist netlist, int stream) =>
        netlist.Parts.FirstOrDefault(part => part.Outputs.Contains(stream)) switch
        {
            StagePart stage => stage.Design.QueueDepth,
            QueuePart queue => queue.Depth,
            ConverterPart converter => Math.Max(1, netlist.Streams[converter.Input].Lanes / netlist.Streams[converter.Output].Lanes),
            _ => 1,
        };

    private static IPartSchedule ScheduleOf(PipelinePart part, PipelineNetlist netlist, StreamSchedule[] streams, int frames)
    {
        var (input, output) = (streams[part.Inputs[0]], streams[part.Outputs[0]]);
        return part switch
        {
            QueuePart queue => new QueueSchedule(input, output, queue.Depth, queue.Latency),
            ConverterPart => new ConverterSchedule(input, output, netlist.Streams[part.Inputs[0]].Lanes, netlist.Streams[part.Outputs[0]].Lanes),
            ForkPart fork => new ForkSchedule(input, streams[fork.A], streams[fork.B]),
            StagePart { Design: { Shape.HasWindow: true } design } => new WindowSchedule(design, input, output, frames),
            StagePart { Design: { Shape.Kind: StageKind.Pointwise } design } => new PointwiseSchedule(design, input, output, design.Shape.Channels / netlist.Streams[part.Inputs[0]].Lanes),
            StagePart { Design: { Shape.Kind: StageKind.GlobalPool } design } => new GlobalPoolSchedule(design, input, output),
            StagePart { Design: { Shape.Kind: StageKind.Add } design } => new AddSchedule(design, input, streams[part.Inputs[1]], output),
            StagePart { Design: { Shape.Kind: StageKind.Scale } design } => new ScaleSchedule(design, input, streams[part.Inputs[1]], output, design.Shape.Channels / netlist.Streams[part.Inputs[1]].Lanes),
            StagePart { Design: { Shape.Kind: StageKind.Slice } design } => new SliceSchedule(design, input, output),
            StagePart { Design: { Shape.Kind: StageKind.Pad } design } => new PadSchedule(design, input, output, frames),
            _ => throw new InvalidOperationException($"The part {part.Name} has no schedule."),
        };
    }
}
