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
        UseOf(design, family, depthwise, pointwise).Rounded();

    internal static FabricResources UseOf(BlockDesign design, FabricFamily family, RequantColumns? depthwise = null, RequantColumns? pointwise = null) =>
        PartsOf(design, family, depthwise, pointwise).Aggregate(FabricResources.None, (sum, part) => sum + part.Use);

    /// <summary>Its cells, by the names of their instances in depthwise_separable.</summary>
    internal static IEnumerable<(string Instance, FabricResources Use)> PartsOf(BlockDesign design, FabricFamily family, RequantColumns? depthwise = null, RequantColumns? pointwise = null)
    {
        var (shape, folding) = (design.Shape, design.Folding);
        var cells = new CellResources(family);
        int kernel = shape.Kernel;
        long dwWords = (long)design.DwGroups * design.DwSteps, pwWords = (long)design.PwGroups * design.PwSteps;
        int dwWidth = folding.DwChannels * folding.DwTaps * shape.DepthwiseWeightBits, pwWidth = folding.PwIn * folding.PwOut * shape.PointwiseWeightBits;
        yield return ("u_skid_in", cells.SkidBuffer(8 * folding.DwChannels));
        yield return ("u_skid_out", cells.SkidBuffer(8 * design.PwResultLanes));
        yield return ("u_depthwise.u_credits", cells.CreditCounter(design.PixelSlots));
        yield return ("u_depthwise.u_reader", cells.WindowReader(shape.Height, shape.Width, design.DwGroups, kernel, shape.Stride, folding.DwTaps, shape.OutHeight, shape.OutWidth, 1));
        yield return ("u_depthwise.u_reader.u_line_buffer", cells.LineBuffer(shape.Width, folding.DwChannels, design.DwGroups, kernel, design.BufferRows, folding.DwTaps));
        yield return ("u_depthwise.u_weights", cells.Rom(dwWidth, dwWords, CellResources.RandomColumns(dwWidth, dwWords), intoSlices: true));
        yield return ("u_depthwise", cells.Flags());
        yield return ("u_depthwise.u_dot_product", cells.DotProduct(folding.DwChannels, folding.DwTaps, shape.DepthwiseWeightBits, shape.DepthwiseSumBits, packed: false));
        yield return ("u_dw_serializer", cells.Serializer(design.DwResultLanes * shape.DepthwiseSumBits, design.DwResultBeats));
        yield return ("u_dw_requantizer", cells.Requantizer(design.DwResultLanes, shape.Channels, shape.DepthwiseSumBits, shape.DepthwiseMultiplierBits, design.DwResultBeats > 1,
            depthwise ?? RequantColumns.Typical(shape.DepthwiseSumBits, shape.DepthwiseMultiplierBits)));
        yield return ("u_pixel_buffer", cells.PixelBuffer(shape.Channels, design.PixelSlots, design.DwResultLanes, folding.PwIn));
        yield return ("u_pointwise", cells.PointwiseControl(design.PwSteps, design.PwGroups, design.QueueDepth));
        yield return ("u_pointwise.u_weights", cells.PackableWeights(pwWidth, pwWords, folding.PwIn * folding.PwOut, shape.PointwiseWeightBits, folding.Packed));
        yield return ("u_pointwise.u_dot_product", cells.DotProduct(folding.PwOut, folding.PwIn, shape.PointwiseWeightBits, shape.PointwiseSumBits, folding.Packed, design.PwSteps > 1));
        yield return ("u_pw_serializer", cells.Serializer(design.PwResultLanes * shape.PointwiseSumBits, design.PwResultBeats));
        yield return ("u_pw_requantizer", cells.Requantizer(design.PwResultLanes, shape.OutChannels, shape.PointwiseSumBits, shape.PointwiseMultiplierBits, design.PwResultBeats > 1,
            pointwise ?? RequantColumns.Typical(shape.PointwiseSumBits, shape.PointwiseMultiplierBits)));
        yield return ("u_queue", cells.Fifo(8 * design.PwResultLanes, design.QueueDepth));
        if (shape.DepthwiseTable)
            yield return ("u_dw_table", cells.ActivationTable(design.DwResultLanes));
        if (shape.PointwiseTable)
            yield return ("u_pw_table", cells.ActivationTable(design.PwResultLanes));
    }

    /// <summary>A network's pipeline, its queues and converters included.</summary>
    public static FabricResources Of(PipelineNetlist netlist, FabricFamily family, bool ultraRam = false)
    {
        var cells = new CellResources(family, ultraRam);
        var use = FabricResources.None;
        foreach (var part in netlist.Parts)
        {
            use += part switch
            {
                StagePart stage => UseOf(stage.Design, family, ultraRam, netlist.Streams[stage.Inputs[stage.Design.Shape.Kind == StageKind.Scale ? 1 : 0]].Lanes),
                QueuePart { IsSkid: true } skid => cells.SkidBuffer(8 * netlist.Streams[skid.Input].Lanes),
                QueuePart { InBlocks: true } queue => cells.BlockFifo(8 * netlist.Streams[queue.Input].Lanes, queue.Depth),
                QueuePart queue => cells.Fifo(8 * netlist.Streams[queue.Input].Lanes, queue.Depth),
                ConverterPart converter => cells.WidthConverter(netlist.Streams[converter.Input].Lanes, netlist.Streams[converter.Output].Lanes),
                PixelOrderPart order => cells.PixelOrder(8 * netlist.Streams[order.Input].Lanes, order.Pixels, order.Groups, order.GroupBeats),
                ForkPart => cells.Fork,
                _ => throw new RtlException($"No resource model for '{part.Name}', a {part.Type}."),
            };
        }
        use += cells.FrameMarker(netlist.Streams[netlist.Input].FrameBeats) + cells.FrameMarker(netlist.Streams[netlist.Output].FrameBeats);
        if (netlist.HasControlPort)
            use += cells.ControlPort(netlist.Stages.Length);
        return use.Rounded();
    }

    /// <summary>One stage of a network.</summary>
    public static FabricResources Of(StageDesign design, FabricFamily family, bool ultraRam = false) => UseOf(design, family, ultraRam, design.InLanes).Rounded();

    /// <param name="design">The stage.</param>
    /// <param name="family">The fabric.</param>
    /// <param name="ultraRam">Whether large buffers may become URAM.</param>
    /// <param name="bufferedLanes">Channels of a beat of the operand that goes into a pixel buffer: a pointwise stage's input, a scale stage's gates.</param>
    private static FabricResources UseOf(StageDesign design, FabricFamily family, bool ultraRam, int bufferedLanes)
    {
        var (shape, folding) = (design.Shape, design.Folding);
        var cells = new CellResources(family, ultraRam);
        var use = FabricResources.None;
        if (shape.HasWindow)
        {
            use += cells.WindowReader(shape.Height, shape.Width, design.Groups, shape.Kernel, shape.Stride, folding.Taps, shape.OutHeight, shape.OutWidth,
                    shape.Kind == StageKind.Convolution ? design.PixelResults : 1)
                + cells.LineBuffer(shape.Width, folding.In, design.Groups, shape.Kernel, design.BufferRows, folding.Taps, shape.HasWeights) + cells.CreditCounter(design.QueueDepth);
        }
        if (shape.HasWeights)
        {
            int terms = shape.Kind == StageKind.Depthwise ? folding.Taps : folding.In * folding.Taps, multipliers = folding.In * folding.Taps * folding.Out;
            int word = folding.In * folding.Out;
            use += (folding.Streaming is not null
                    ? cells.PixelBuffer(folding.Out * shape.Channels, design.TileSlots, word, word) + cells.CreditCounter(design.TileSlots)
                    : cells.PackableWeights(multipliers * shape.WeightBits, shape.Weights / multipliers, multipliers, shape.WeightBits, folding.Packed))
                + cells.DotProduct(design.EngineLanes, terms, shape.WeightBits, shape.SumBits, folding.Packed) + cells.Flags();
        }
        use += shape.Kind switch
        {
            StageKind.Pointwise => cells.PixelBuffer(design.BlockPixels * shape.Channels, design.PixelSlots, bufferedLanes, folding.In) + cells.PointwiseControl(design.Groups, design.PixelResults, design.QueueDepth),
            StageKind.MaxPool => cells.Pool(folding.In, 8, max: true),
            StageKind.AveragePool => cells.Pool(folding.In, shape.SumBits, max: false),
            StageKind.GlobalPool => cells.GlobalPool(shape.InPixels, design.Groups, folding.In, shape.SumBits, design.QueueDepth),
            StageKind.Add => cells.ResidualAdd(folding.In, shape.MultiplierBits, design.QueueDepth),
            StageKind.Scale => cells.Scale(shape.InPixels, shape.Channels, folding.In, bufferedLanes, shape.MultiplierBits, design.QueueDepth),
            StageKind.Concat => cells.Concat(shape.OutChannels / folding.In, folding.In, shape.MultiplierBits, design.QueueDepth),
            StageKind.Slice => cells.Slice(shape, design.Groups, folding.In),
            StageKind.Pad => cells.Pad(shape, shape.OutChannels / folding.In, folding.In),
            _ => FabricResources.None,
        };
        if (shape.Kind is StageKind.Slice or StageKind.Pad)
            return use;
        if (shape.Kind is not (StageKind.Add or StageKind.MaxPool or StageKind.Scale or StageKind.Concat))
        {
            // A mean is one number's multiple, the same in every channel.
            var constants = shape.Kind switch
            {
                StageKind.AveragePool => RequantColumns.Constant(shape.Kernel * shape.Kernel, shape.MultiplierBits),
                StageKind.GlobalPool => RequantColumns.Constant(shape.InPixels, shape.MultiplierBits),
                _ => RequantColumns.Typical(shape.SumBits, shape.MultiplierBits),
            };
            use += cells.Serializer(design.ResultLanes * shape.SumBits, design.GroupBeats)
                + cells.Requantizer(design.ResultLanes, shape.OutChannels, shape.SumBits, shape.MultiplierBits, design.GroupBeats > 1, constants);
        }
        if (shape.Table)
            use += cells.ActivationTable(design.ResultLanes);
        return use + cells.Fifo(8 * design.ResultLanes, design.QueueDepth);
    }
}
