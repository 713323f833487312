namespace AccelSim.Rtl;

/// <summary>What a design is made of, counted from its structure; how a device maps it is the synthesizer's affair.</summary>
/// <param name="MacMultipliers">Int8 × weight multipliers of both engines.</param>
/// <param name="RequantizeMultipliers">Int32 × M multipliers; one is two FPGA DSP slices where M has up to 17 bits.</param>
/// <param name="LineBufferBits">Rows of input kept for the window.</param>
/// <param name="WeightBits">Weight memories of both engines.</param>
/// <param name="RequantizeBits">Bias, multiplier and shift of each channel.</param>
/// <param name="PixelBufferBits">Pixels between the engines.</param>
/// <param name="QueueBits">Output queue.</param>
/// <param name="TableBits">Activation tables, a copy a lane.</param>
public sealed record BlockResources(
    long MacMultipliers,
    long RequantizeMultipliers,
    long LineBufferBits,
    long WeightBits,
    long RequantizeBits,
    long PixelBufferBits,
    long QueueBits,
    long TableBits)
{
    public long Multipliers => MacMultipliers + RequantizeMultipliers;

    public long MemoryBits => LineBufferBits + WeightBits + RequantizeBits + PixelBufferBits + QueueBits + TableBits;

    public static BlockResources Of(BlockDesign design)
    {
        var (shape, folding) = (design.Shape, design.Folding);
        // Where the whole window is read at once, columns are spread over Kernel banks, each rounded up.
        int banks = folding.DwTaps == shape.Kernel * shape.Kernel ? shape.Kernel : 1;
        long bankedWidth = (shape.Width + banks - 1) / banks * banks;
        const int biasAndShift = 32 + 6;
        return new BlockResources(
            folding.MacMultipliers,
            design.DwResultLanes + design.PwResultLanes,
            design.BufferRows * bankedWidth * shape.Channels * 8,
            (long)shape.Channels * shape.Kernel * shape.Kernel * shape.DepthwiseWeightBits
                + (long)shape.Channels * shape.OutChannels * shape.PointwiseWeightBits,
            (long)shape.Channels * (biasAndShift + shape.DepthwiseMultiplierBits)
                + (long)shape.OutChannels * (biasAndShift + shape.PointwiseMultiplierBits),
            (long)design.PixelSlots * shape.Channels * 8,
            (long)design.QueueDepth * design.PwResultLanes * 8,
            256 * 8 * ((shape.DepthwiseTable ? design.DwResultLanes : 0) + (shape.PointwiseTable ? design.PwResultLanes : 0)));
    }
}
