using AccelSim.Rtl.Network;

namespace AccelSim.Rtl.Resources;

/// <summary>
/// What a design will take of a family of FPGAs when Yosys 0.23 synthesizes it, before anything is: DSP slices and block RAM exactly, look-up tables and
/// registers modelled (docs/rtl-resources.md says how well). Blocks and networks are sums of the same cells.
/// </summary>
public static class FabricEstimate
{
    /// <summary>A depthwise-separable block.</summary>
    /// <param name="design">Its structure.</param>
    /// <param name="family">The fabric.</param>
    /// <param name="depthwise">Of its constants, or null for typical ones.</param>
    /// <param name="pointwise">Likewise.</param>
    public static FabricResources Of(BlockDesign design, FabricFamily family, RequantColumns? depthwise = null, RequantColumns? pointwise = null) =>
        UseOf(design, family, depthwise, pointwise).For(family);

    internal static CellUse UseOf(BlockDesign design, FabricFamily family, RequantColumns? depthwise = null, RequantColumns? pointwise = null)
    {
        var (shape, folding) = (design.Shape, design.Folding);
        var cells = new CellResources(family);
        int kernel = shape.Kernel;
        long dwWords = (long)design.DwGroups * design.DwSteps, pwWords = (long)design.PwGroups * design.PwSteps;
        int dwWidth = folding.DwChannels * folding.DwTaps * shape.DepthwiseWeightBits, pwWidth = folding.PwIn * folding.PwOut * shape.PointwiseWeightBits;
        var use = CellResources.SkidBuffer(8 * folding.DwChannels) + CellResources.SkidBuffer(8 * design.PwResultLanes)
            + CellResources.CreditCounter(design.PixelSlots)
            + CellResources.WindowReader(shape.Height, shape.Width, design.DwGroups, kernel, shape.Stride, folding.DwTaps, shape.OutHeight, shape.OutWidth, 1, shape.Padding.Top > 0)
            + cells.LineBuffer(shape.Width, folding.DwChannels, design.DwGroups, kernel, design.BufferRows, folding.DwTaps)
            + cells.Rom(dwWidth, dwWords, CellResources.RandomColumns(dwWidth, dwWords), intoSlices: true)
            + CellResources.Flags()
            + cells.DotProduct(folding.DwChannels, folding.DwTaps, shape.DepthwiseWeightBits, shape.DepthwiseSumBits, packed: false)
            + CellResources.Serializer(design.DwResultLanes * shape.DepthwiseSumBits, design.DwResultBeats)
            + cells.Requantizer(design.DwResultLanes, shape.Channels, shape.DepthwiseSumBits, shape.DepthwiseMultiplierBits, design.DwResultBeats > 1,
                depthwise ?? RequantColumns.Typical(shape.DepthwiseSumBits, shape.DepthwiseMultiplierBits))
            + cells.PixelBuffer(shape.Channels, design.PixelSlots, design.DwResultLanes, folding.PwIn)
            + CellResources.PointwiseControl(design.PwSteps, design.PwGroups, design.QueueDepth)
            + cells.PackableWeights(pwWidth, pwWords, folding.PwIn * folding.PwOut, shape.PointwiseWeightBits, folding.Packed)
            + cells.DotProduct(folding.PwOut, folding.PwIn, shape.PointwiseWeightBits, shape.PointwiseSumBits, folding.Packed)
            + CellResources.Serializer(design.PwResultLanes * shape.PointwiseSumBits, design.PwResultBeats)
            + cells.Requantizer(design.PwResultLanes, shape.OutChannels, shape.PointwiseSumBits, shape.PointwiseMultiplierBits, design.PwResultBeats > 1,
                pointwise ?? RequantColumns.Typical(shape.PointwiseSumBits, shape.PointwiseMultiplierBits))
            + cells.Fifo(8 * design.PwResultLanes, design.QueueDepth);
        if (shape.DepthwiseTable)
            use += cells.ActivationTable(design.DwResultLanes);
        if (shape.PointwiseTable)
            use += cells.ActivationTable(design.PwResultLanes);
        return use;
    }

    /// <summary>A network's pipeline, its queues and converters included.</summary>
    public static FabricResources Of(PipelineNetlist netlist, FabricFamily family, bool ultraRam = false)
    {
        var cells = new CellResources(family, ultraRam);
        var use = new CellUse();
        foreach (var part in netlist.Parts)
        {
            use += part switch
            {
                StagePart stage => UseOf(stage.Design, family, ultraRam, netlist.Streams[stage.Inputs[0]].Lanes),
                QueuePart { IsSkid: true } skid => CellResources.SkidBuffer(8 * netlist.Streams[skid.Input].Lanes),
                QueuePart { InBlocks: true } queue => cells.BlockFifo(8 * netlist.Streams[queue.Input].Lanes, queue.Depth),
                QueuePart queue => cells.Fifo(8 * netlist.Streams[queue.Input].Lanes, queue.Depth),
                ConverterPart converter => CellResources.WidthConverter(netlist.Streams[converter.Input].Lanes, netlist.Streams[converter.Output].Lanes),
                ForkPart => CellResources.Fork,
                _ => throw new RtlException($"No resource model for '{part.Name}', a {part.Type}."),
            };
        }
        use += CellResources.FrameMarker(netlist.Streams[netlist.Input].FrameBeats) + CellResources.FrameMarker(netlist.Streams[netlist.Output].FrameBeats);
        return use.For(family);
    }

    /// <summary>One stage of a network.</summary>
    public static FabricResources Of(StageDesign design, FabricFamily family, bool ultraRam = false) => UseOf(design, family, ultraRam, design.InLanes).For(family);

    private static CellUse UseOf(StageDesign design, FabricFamily family, bool ultraRam, int streamLanes)
    {
        var (shape, folding) = (design.Shape, design.Folding);
        var cells = new CellResources(family, ultraRam);
        var use = new CellUse();
        if (shape.HasWindow)
        {
            use += CellResources.WindowReader(shape.Height, shape.Width, design.Groups, shape.Kernel, shape.Stride, folding.Taps, shape.OutHeight, shape.OutWidth,
                    shape.Kind == StageKind.Convolution ? design.PixelResults : 1, shape.Padding.Top > 0)
                + cells.LineBuffer(shape.Width, folding.In, design.Groups, shape.Kernel, design.BufferRows, folding.Taps) + CellResources.CreditCounter(design.QueueDepth);
        }
        if (shape.HasWeights)
        {
            int terms = shape.Kind == StageKind.Depthwise ? folding.Taps : folding.In * folding.Taps, multipliers = folding.In * folding.Taps * folding.Out;
            use += cells.PackableWeights(multipliers * shape.WeightBits, shape.Weights / multipliers, multipliers, shape.WeightBits, folding.Packed)
                + cells.DotProduct(design.EngineLanes, terms, shape.WeightBits, shape.SumBits, folding.Packed) + CellResources.Flags();
        }
        use += shape.Kind switch
        {
            StageKind.Pointwise => cells.PixelBuffer(shape.Channels, design.PixelSlots, streamLanes, folding.In) + CellResources.PointwiseControl(design.Groups, design.PixelResults, design.QueueDepth),
            StageKind.MaxPool => CellResources.Pool(folding.In, 8, max: true),
            StageKind.AveragePool => CellResources.Pool(folding.In, shape.SumBits, max: false),
            StageKind.GlobalPool => cells.GlobalPool(shape.InPixels, design.Groups, folding.In, shape.SumBits, design.QueueDepth),
            StageKind.Add => cells.ResidualAdd(folding.In, shape.MultiplierBits, design.QueueDepth),
            StageKind.Scale => cells.Scale(shape.InPixels, shape.Channels, folding.In, folding.In, shape.MultiplierBits, design.QueueDepth),
            StageKind.Slice or StageKind.Pad => CellResources.Rearrangement(shape.Height, shape.Width, design.Groups, folding.In),
            _ => new CellUse(),
        };
        if (shape.Kind is StageKind.Slice or StageKind.Pad)
            return use;
        if (shape.Kind is not (StageKind.Add or StageKind.MaxPool or StageKind.Scale))
        {
            use += CellResources.Serializer(design.ResultLanes * shape.SumBits, design.GroupBeats)
                + cells.Requantizer(design.ResultLanes, shape.OutChannels, shape.SumBits, shape.MultiplierBits, design.GroupBeats > 1, RequantColumns.Typical(shape.SumBits, shape.MultiplierBits));
        }
        if (shape.Table)
            use += cells.ActivationTable(design.ResultLanes);
        return use + cells.Fifo(8 * design.ResultLanes, design.QueueDepth);
    }
}
