using System.Numerics;

namespace AccelSim.Rtl;

/// <summary>
/// A shape with a folding: every structural number of the hardware. The cycle model, the resource counts and the generated
/// top all read this one record, so they cannot disagree.
/// </summary>
public sealed record BlockDesign
{
    /// <param name="shape">What to build.</param>
    /// <param name="folding">How much of it at once.</param>
    /// <param name="name">The block's name, for messages.</param>
    /// <exception cref="FoldingException">The shape does not allow the folding.</exception>
    /// <exception cref="RtlException">No hardware is generated for the shape.</exception>
    public BlockDesign(BlockShape shape, BlockFolding folding, string name = "the block")
    {
        if (shape.Unsupported() is { } reason)
            throw new RtlException($"No hardware is generated for {name}: {reason}.");
        folding.Check(shape, name);
        Shape = shape;
        Folding = folding;
        DwResultLanes = folding.DepthwiseResultLanes(shape);
        PwResultLanes = folding.PointwiseResultLanes(shape);
        DwSteps = shape.Kernel * shape.Kernel / folding.DwTaps;
        DwGroups = shape.Channels / folding.DwChannels;
        PwSteps = shape.Channels / folding.PwIn;
        PwGroups = shape.OutChannels / folding.PwOut;
        // Rings deep enough that their credits never hold back an engine when source and sink do not stall.
        long loop = DwPixelCycles + DwLatency + PwPixelCycles;
        PixelSlots = (int)Math.Max(2, CeilDiv(loop, Math.Max(DwPixelCycles, PwPixelCycles)));
        // A group's places come back two cycles after its last beat has entered the queue.
        QueueDepth = PwResultBeats * (int)CeilDiv(PwSteps + PwLatency + 1, PwSteps);
    }

    public BlockShape Shape { get; }

    public BlockFolding Folding { get; }

    /// <summary>Depthwise results requantized at once.</summary>
    public int DwResultLanes { get; }

    /// <summary>Pointwise results requantized at once; channels of an output beat.</summary>
    public int PwResultLanes { get; }

    /// <summary>Cycles of a depthwise sum: Kernel² ÷ taps at once.</summary>
    public int DwSteps { get; }

    /// <summary>Groups of channels that the depthwise engine does one after another; also input beats a pixel.</summary>
    public int DwGroups { get; }

    /// <summary>Cycles of a pointwise sum: channels ÷ input channels at once.</summary>
    public int PwSteps { get; }

    /// <summary>Groups of output channels that the pointwise engine does one after another.</summary>
    public int PwGroups { get; }

    /// <summary>Pixels between the engines.</summary>
    public int PixelSlots { get; }

    /// <summary>Beats of the output queue.</summary>
    public int QueueDepth { get; }

    /// <summary>Rows in the line buffer: the window's, and those that arrive meanwhile.</summary>
    public int BufferRows => Shape.Kernel + Shape.Stride;

    /// <summary>Beats that carry one group of depthwise sums to the requantizers.</summary>
    public int DwResultBeats => Folding.DwChannels / DwResultLanes;

    /// <inheritdoc cref="DwResultBeats"/>
    public int PwResultBeats => Folding.PwOut / PwResultLanes;

    /// <summary>Cycles of an input row.</summary>
    public long RowCycles => (long)Shape.Width * DwGroups;

    /// <summary>Cycles in which the depthwise engine computes a pixel.</summary>
    public long DwPixelCycles => (long)DwGroups * DwSteps;

    /// <summary>Cycles in which the pointwise engine computes a pixel.</summary>
    public long PwPixelCycles => (long)PwGroups * PwSteps;

    /// <summary>Cycles from the last read of a pixel's window to its last channels being written to the pixel buffer.</summary>
    public int DwLatency => SumLatency(Folding.DwTaps) + DwResultBeats + RequantizerLatency + (Shape.DepthwiseTable ? TableLatency : 0);

    /// <summary>Cycles from the last read for a group of outputs to their last beat entering the output queue.</summary>
    public int PwLatency => SumLatency(Folding.PwIn) + PwResultBeats + RequantizerLatency + (Shape.PointwiseTable ? TableLatency : 0);

    public long InBeats => (long)Shape.Height * Shape.Width * DwGroups;

    public long DwBeats => Shape.OutPixels * Shape.Channels / DwResultLanes;

    public long OutBeats => Shape.OutPixels * Shape.OutChannels / PwResultLanes;

    // The latencies that the cells state in their headers.

    /// <summary>depthwise_unit, pointwise_unit, convolution_unit: memories 2, dot product 2 and a cycle for each level of its adder tree.</summary>
    internal static int SumLatency(int terms) => 4 + BitOperations.Log2((uint)(2 * terms - 1));

    /// <summary>requantizer.</summary>
    internal const int RequantizerLatency = 9;

    /// <summary>activation_table.</summary>
    internal const int TableLatency = 2;

    private static long CeilDiv(long value, long divisor) => (value + divisor - 1) / divisor;
}
