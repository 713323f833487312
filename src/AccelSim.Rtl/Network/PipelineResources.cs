namespace AccelSim.Rtl.Network;

/// <summary>
/// What a pipeline takes of an FPGA, counted from its structure (modelled; how a device maps it is the synthesizer's affair, and look-up
/// tables are not modelled).
/// </summary>
/// <param name="DspSlices">One an int8 multiplier, as yosys maps them; a requantizer takes two where M has up to 17 bits, else four (eda.md, section 5).</param>
/// <param name="BlockRams">Blocks of 36 Kibit in halves; memories of up to 64 words are look-up tables.</param>
/// <param name="WeightBits">Bits of weights, all on the chip.</param>
public sealed record PipelineResources(long DspSlices, double BlockRams, long WeightBits)
{
    /// <summary>Words up to which a memory becomes look-up tables: the depth of one in a SLICEM (UG574).</summary>
    private const int LookupDepth = 64;

    /// <summary>A multiplier with up to 17 unsigned bits takes an 18-bit signed port of a slice.</summary>
    private const int NarrowMultiplier = 17;

    public static PipelineResources operator +(PipelineResources a, PipelineResources b) =>
        new(a.DspSlices + b.DspSlices, a.BlockRams + b.BlockRams, a.WeightBits + b.WeightBits);

    public static PipelineResources Add(PipelineResources left, PipelineResources right) => left + right;

    /// <summary>All stages of a pipeline and its deep queues; the others are read without a clock and so are look-up tables.</summary>
    public static PipelineResources Of(PipelineNetlist netlist) => netlist.Stages.Select(Of)
        .Concat(netlist.Parts.OfType<QueuePart>().Where(queue => queue.InBlocks).Select(queue => new PipelineResources(0, Blocks(8L * netlist.Streams[queue.Input].Lanes, queue.Depth), 0)))
        .Aggregate(Add);

    /// <summary>One stage.</summary>
    public static PipelineResources Of(StageDesign design)
    {
        var (shape, folding) = (design.Shape, design.Folding);
        long slices = shape.MultiplierBits <= NarrowMultiplier ? 2 : 4;
        long requantizers = shape.Kind is StageKind.MaxPool or StageKind.Slice or StageKind.Pad ? 0 : design.ResultLanes;
        double blocks = 0;
        if (shape.HasWeights)
            blocks += Blocks(folding.In * folding.Taps * folding.Out * shape.WeightBits, shape.Weights / ((long)folding.In * folding.Taps * folding.Out));
        if (shape.Kind is not (StageKind.MaxPool or StageKind.Add or StageKind.Scale or StageKind.Slice or StageKind.Pad))
            blocks += Blocks(design.ResultLanes * (32 + shape.MultiplierBits + 6), shape.OutChannels / design.ResultLanes);
        if (shape.HasWindow)
        {
            // line_buffer: banks of rows where a column is read at once, of columns too where the window is.
            int rows = folding.Taps > 1 ? design.BufferRows : 1, columns = folding.Taps == shape.Kernel * shape.Kernel ? shape.Kernel : 1;
            long depth = (shape.Width + columns - 1) / columns * design.Groups * (folding.Taps > 1 ? 1L : design.BufferRows);
            blocks += rows * columns * Blocks(8 * folding.In, depth);
        }
        else if (shape.Kind == StageKind.Pointwise)
        {
            blocks += Blocks(8 * folding.In, (long)design.Groups * design.PixelSlots);
        }
        return new PipelineResources(design.MacMultipliers + slices * requantizers, blocks, shape.Weights * shape.WeightBits);
    }

    /// <summary>The fewest halves of 36-Kibit blocks, over the shapes that a half has: 512×36 down to 16,384×1 (UG573).</summary>
    private static double Blocks(long width, long depth)
    {
        if (depth <= LookupDepth)
            return 0;
        long fewest = long.MaxValue;
        foreach (var (wide, deep) in (ReadOnlySpan<(long, long)>)[(36, 512), (18, 1024), (9, 2048), (4, 4096), (2, 8192), (1, 16384)])
            fewest = Math.Min(fewest, (width + wide - 1) / wide * ((depth + deep - 1) / deep));
        return fewest / 2.0;
    }
}
