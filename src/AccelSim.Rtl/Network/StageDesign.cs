namespace AccelSim.Rtl.Network;

/// <summary>
/// A stage with its folding: every structural number of its hardware. The cycle model, the resources and the generated top all read
/// this record, so they cannot disagree.
/// </summary>
public sealed record StageDesign
{
    /// <exception cref="FoldingException">The shape does not allow the folding.</exception>
    /// <exception cref="RtlException">No hardware is generated for the shape.</exception>
    public StageDesign(StageShape shape, StageFolding folding)
    {
        if (shape.Unsupported() is { } reason)
            throw new RtlException($"No hardware is generated for layer '{shape.Name}': {reason}.");
        folding.Check(shape);
        Shape = shape;
        Folding = folding;
        ResultLanes = shape.Kind is not (StageKind.Convolution or StageKind.Depthwise or StageKind.Pointwise or StageKind.AveragePool)
            ? folding.In
            : BlockFolding.Divisors(EngineLanes).First(lanes => EngineLanes / lanes <= Steps);
        // A result's places come back two cycles after its last beat has entered the queue, if the sink takes it at once.
        QueueDepth = MovesBeats ? SliceDepth : GroupBeats * (int)CeilDiv(Steps + Latency + 1, Steps);
        PixelSlots = (int)Math.Max(2, CeilDiv(PixelCycles + shape.Channels / folding.In + 2, Math.Max(PixelCycles, shape.Channels / folding.In)));
    }

    public StageShape Shape { get; }

    public StageFolding Folding { get; }

    /// <summary>Channels of a beat that the stage takes. A pointwise stage takes what comes, so that this is its engine's.</summary>
    public int InLanes => Folding.In;

    /// <summary>Results that the engine finishes at once.</summary>
    public int EngineLanes => Shape.MixesChannels ? Folding.Out : Folding.In;

    /// <summary>Results requantized at once, the fewest that keep up; channels of an output beat.</summary>
    public int ResultLanes { get; }

    /// <summary>Beats that carry the results of one time.</summary>
    public int GroupBeats => EngineLanes / ResultLanes;

    /// <summary>Groups of input channels that are done one after another; also beats of an input pixel.</summary>
    public int Groups => Shape.Channels / Folding.In;

    /// <summary>Cycles of a result.</summary>
    public int Steps => Shape.Kind switch
    {
        StageKind.Convolution => Groups * Shape.Kernel * Shape.Kernel / Folding.Taps,
        StageKind.Pointwise => Groups,
        StageKind.Depthwise or StageKind.MaxPool or StageKind.AveragePool => Shape.Kernel * Shape.Kernel / Folding.Taps,
        _ => 1,
    };

    /// <summary>Results of an output pixel, one after another.</summary>
    public int PixelResults => Shape.OutChannels / EngineLanes;

    /// <summary>Cycles of an output pixel.</summary>
    public long PixelCycles => (long)PixelResults * Steps;

    /// <summary>Rows that the line buffer holds: the window's, and those that arrive meanwhile.</summary>
    public int BufferRows => Shape.Kernel + Shape.Stride;

    /// <summary>Places for beats behind the engine, as many as its credits; of a slice or a pad, those of its register slice.</summary>
    public int QueueDepth { get; }

    /// <summary>Places for pixels in front of a pointwise engine.</summary>
    public int PixelSlots { get; }

    /// <summary>Cycles from the last read for a result to its last beat being written to the queue.</summary>
    public int Latency => Shape.Kind switch
    {
        StageKind.Add => AddLatency,
        StageKind.Scale => ScaleLatency,
        StageKind.Slice or StageKind.Pad => 0,
        StageKind.MaxPool => PoolLatency,
        _ => SumLatency + GroupBeats + BlockDesign.RequantizerLatency + (Shape.Table ? BlockDesign.TableLatency : 0),
    };

    public long InBeats => Shape.InPixels * Groups;

    public long OutBeats => Shape.OutPixels * Shape.OutChannels / ResultLanes;

    /// <summary>Cycles a frame in which the engine computes.</summary>
    public long ComputeCycles => Shape.Kind switch
    {
        StageKind.GlobalPool or StageKind.Add or StageKind.Scale or StageKind.Slice => InBeats,
        StageKind.Pad => OutBeats,
        _ => Shape.OutPixels * PixelCycles,
    };

    /// <summary>A lower bound of the cycles between frames: a beat a cycle comes in, one goes out, and the engine computes.</summary>
    public long IntervalBound => Math.Max(ComputeCycles, Math.Max(InBeats, OutBeats));

    /// <summary>Int8 products a cycle.</summary>
    public long MacsPerCycle => Shape.HasWeights ? (long)Folding.In * Folding.Taps * Folding.Out : 0;

    /// <summary>Int8 × weight multipliers.</summary>
    public long MacMultipliers => MacsPerCycle / (Folding.Packed ? 2 : 1);

    // The latencies that the cells state in their headers.
    private const int AddLatency = 8, ScaleLatency = 10, PoolLatency = 3;

    // Places of a register slice.
    private const int SliceDepth = 2;

    /// <summary>Whether beats pass unchanged through a register slice.</summary>
    private bool MovesBeats => Shape.Kind is StageKind.Slice or StageKind.Pad;

    private int SumLatency => Shape.Kind switch
    {
        StageKind.GlobalPool => 1,
        StageKind.AveragePool => PoolLatency,
        StageKind.Convolution => BlockDesign.SumLatency(Folding.In * Folding.Taps),
        StageKind.Depthwise => BlockDesign.SumLatency(Folding.Taps),
        _ => BlockDesign.SumLatency(Folding.In),
    };

    private static long CeilDiv(long value, long divisor) => (value + divisor - 1) / divisor;
}
