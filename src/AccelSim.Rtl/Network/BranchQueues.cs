namespace AccelSim.Rtl.Network;

/// <summary>
/// Depths of the queues behind a fork, in closed form. Where the branches of a fork meet again, a branch must hold what another swallows
/// before it gives anything; with the depths given here no queue is ever what stops the fork, so they cost no rate.
/// </summary>
/// <param name="graph">The stages.</param>
/// <param name="stages">The same, folded.</param>
internal sealed class BranchQueues(StageGraph graph, IReadOnlyList<StageDesign> stages)
{
    private readonly Dictionary<(int Stage, int Meet), double> _held = [];

    // The interval that the depths are for: the longest that any stage needs, which is at most the pipeline's.
    private readonly long _interval = stages.Max(stage => stage.IntervalBound);

    /// <summary>The stage in which all branches of a source meet again.</summary>
    public int Meeting(int source)
    {
        // The branches are followed in topological order until one stage is left that all of them lead to.
        var open = new SortedSet<int>(graph.Readers(source).Select(reader => reader.Stage));
        while (open.Count > 1)
        {
            int first = open.Min;
            open.Remove(first);
            open.UnionWith(graph.Readers(first).Select(reader => reader.Stage));
        }
        return open.Min;
    }

    /// <summary>
    /// Beats of the queue on the way from a source with several readers to one of them; 0 where none is needed: for gates, and for the branch
    /// that holds most by itself.
    /// </summary>
    /// <param name="source">A stage, or −1 for the network's input.</param>
    /// <param name="reader">One of its readers.</param>
    /// <param name="lanes">Bytes of a beat of the source.</param>
    public int Depth(int source, int reader, int lanes)
    {
        int meet = Meeting(source);
        if (GateBranch(source, meet) is { } gate)
            return reader == gate ? 0 : HoldDepth(source, gate, meet, lanes);
        var readers = graph.Readers(source).Select(other => other.Stage).ToList();
        int most = readers.MaxBy(other => Held(other, meet));
        if (reader == most)
            return 0;
        var (channels, pixels) = FrameOf(source);
        // Two more for the beats in the fork and in the stage where they meet.
        return checked((int)(Math.Ceiling(2 + Held(most, meet) * pixels) * channels / lanes));
    }

    /// <summary>
    /// Frames that the stages from one on, up to where branches meet, can hold: the rows of each line buffer, the places of each pixel buffer
    /// and queue, a pixel in each converter.
    /// </summary>
    private double Held(int stage, int meet)
    {
        if (stage >= meet)
            return 0;
        if (_held.TryGetValue((stage, meet), out double known))
            return known;
        var (design, shape) = (stages[stage], stages[stage].Shape);
        double held = ((shape.HasWindow ? (double)design.BufferRows * shape.Width : design.PixelSlots) + 2) / shape.InPixels
            + Math.Ceiling((double)design.QueueDepth * design.ResultLanes / shape.OutChannels) / shape.OutPixels;
        var readers = graph.Readers(stage).Select(reader => reader.Stage).ToList();
        int inner = readers.Count > 1 ? Meeting(stage) : readers[0];
        if (inner > meet)
            held += readers.Max(reader => Held(reader, meet));
        else if (readers.Count > 1 && GateBranch(stage, inner) is { } gate)
            held += (double)HoldDepth(stage, gate, inner, design.ResultLanes) * design.ResultLanes / shape.OutChannels / shape.OutPixels + Held(inner, meet);
        else
            held += readers.Max(reader => Held(reader, inner)) + Held(inner, meet);
        return _held[(stage, meet)] = held;
    }

    /// <summary>Where branches meet in a scale, the first stage of the one that computes its gates; else null.</summary>
    private int? GateBranch(int source, int meet)
    {
        if (stages[meet].Shape.Kind != StageKind.Scale || graph.Readers(source).Count() != 2)
            return null;
        int stage = graph.Stages[meet].Sources[1];
        while (stage >= 0 && graph.Stages[stage].Sources[0] != source)
            stage = graph.Stages[stage].Sources[0];
        return stage < 0 ? null : stage;
    }

    /// <summary>
    /// Squeeze-and-excite's hold buffer: a whole frame of B beats, and what arrives in the L cycles from the frame's last beat until its first
    /// leaves with the gates. The place of a frame's first beat is free L + 1 cycles after its last has come, by then the next frame must not
    /// have been stopped; it comes at B beats in an interval of I, so that B + ⌈(L + 1)·B ÷ I⌉ − 1 are enough. Rows that
    /// arrive at once because a window waited for its last row are a row more.
    /// </summary>
    private int HoldDepth(int source, int gate, int meet, int lanes)
    {
        var (channels, pixels) = FrameOf(source);
        long beats = pixels * channels / lanes;
        long latency = GateLatency(source, gate, meet, lanes);
        long interval = Math.Max(_interval, beats);
        long burst = source >= 0 && stages[source].Shape.HasWindow ? beats / stages[source].Shape.OutHeight : 0;
        return checked((int)(beats + ((latency + 1) * beats + interval - 1) / interval - 1 + burst));
    }

    /// <summary>Cycles from a frame's last beat leaving the fork to its gates being in the scale's buffer.</summary>
    private long GateLatency(int source, int gate, int meet, int lanes)
    {
        long cycles = 1;
        for (int stage = gate; stage != meet; stage = graph.Readers(stage).Single().Stage)
        {
            var design = stages[stage];
            cycles += Conversion(lanes, design) + design.Latency + (design.Shape.Kind == StageKind.GlobalPool ? 1 : design.PixelCycles + 1);
            lanes = design.ResultLanes;
        }
        return cycles + Conversion(lanes, stages[meet]);
    }

    /// <summary>At most what a change of lanes adds to the last byte's way; a pixel buffer takes beats as they come.</summary>
    private static long Conversion(int lanes, StageDesign design) =>
        lanes % design.InLanes == 0 || design.InLanes % lanes == 0
            ? lanes == design.InLanes || design.Shape.Kind is StageKind.Pointwise or StageKind.Scale ? 0 : Math.Max(1, lanes / design.InLanes)
            : lanes + 1;

    private (int Channels, long Pixels) FrameOf(int source) => source < 0
        ? (graph.Input.Channels, graph.Input.Image.Area)
        : (stages[source].Shape.OutChannels, stages[source].Shape.OutPixels);
}
