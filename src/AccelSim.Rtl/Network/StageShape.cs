using System.Numerics;
using AccelSim.Graph;

namespace AccelSim.Rtl.Network;

/// <summary>What a stage of a network's pipeline computes; each is a static cell.</summary>
public enum StageKind
{
    Convolution,
    Depthwise,

    /// <summary>A 1×1 convolution; also a fully connected layer, whose input is one pixel of all its inputs.</summary>
    Pointwise,
    MaxPool,
    AveragePool,
    GlobalPool,
    Add,

    /// <summary>Squeeze-and-excite's product: every channel of a frame times its gate.</summary>
    Scale,

    /// <summary>Pixels and channels that are kept; also what a 1×1 layer with a stride reads.</summary>
    Slice,

    /// <summary>Rows, columns and channels of one code around a frame.</summary>
    Pad,
}

/// <summary>What a slice keeps of an axis: <paramref name="Length"/> elements from <paramref name="Start"/>, <paramref name="Step"/> apart.</summary>
public readonly record struct AxisSelection(int Start, int Length, int Step);

/// <summary>
/// The structure of a stage: all that hardware, cycles and resources depend on besides the folding. Weights, zero points and clamps
/// are memory contents and not part of it.
/// </summary>
/// <param name="Kind">What it computes.</param>
/// <param name="Name">The layer that it executes, for messages and comments.</param>
/// <param name="Height">Rows of an input frame.</param>
/// <param name="Width">Columns of an input frame.</param>
/// <param name="Channels">Channels of an input pixel.</param>
/// <param name="OutChannels">Channels of an output pixel.</param>
public sealed record StageShape(StageKind Kind, string Name, int Height, int Width, int Channels, int OutChannels)
{
    /// <summary>Side of the window; 1 where nothing slides.</summary>
    public int Kernel { get; init; } = 1;

    public int Stride { get; init; } = 1;

    public Padding Padding { get; init; }

    /// <summary>Whether a 256-entry activation table follows the requantization.</summary>
    public bool Table { get; init; }

    /// <summary>m of numerics.md, 8 to 31.</summary>
    public int MultiplierBits { get; init; } = Requantization.DefaultMultiplierBits;

    /// <summary>8, or 9 where a weight has a zero point: the memory holds w − z_w.</summary>
    public int WeightBits { get; init; } = 8;

    /// <summary>Rows that a slice keeps.</summary>
    public AxisSelection Rows { get; init; }

    /// <summary>Columns that a slice keeps.</summary>
    public AxisSelection Columns { get; init; }

    /// <summary>First of the channels that a slice keeps; <see cref="OutChannels"/> of them, one after another.</summary>
    public int ChannelStart { get; init; }

    /// <summary>Channels that a pad puts before the input's.</summary>
    public int PadChannels { get; init; }

    /// <summary>What the channels of a beat must divide, so that no beat is cut.</summary>
    public int LaneGranule => Kind switch
    {
        StageKind.Slice => Common(Common(Channels, ChannelStart), OutChannels),
        StageKind.Pad => Common(Common(Channels, PadChannels), OutChannels),
        _ => Channels,
    };

    /// <summary>Whether it slides a window, and so has a line buffer.</summary>
    public bool HasWindow => Kind is StageKind.Convolution or StageKind.Depthwise or StageKind.MaxPool or StageKind.AveragePool;

    public bool HasWeights => Kind is StageKind.Convolution or StageKind.Depthwise or StageKind.Pointwise;

    /// <summary>Whether each output channel reads all input channels.</summary>
    public bool MixesChannels => Kind is StageKind.Convolution or StageKind.Pointwise;

    public int OutHeight => Kind switch
    {
        StageKind.GlobalPool => 1,
        StageKind.Slice => Rows.Length,
        _ => (Height + Padding.Top + Padding.Bottom - Kernel) / Stride + 1,
    };

    public int OutWidth => Kind switch
    {
        StageKind.GlobalPool => 1,
        StageKind.Slice => Columns.Length,
        _ => (Width + Padding.Left + Padding.Right - Kernel) / Stride + 1,
    };

    public long InPixels => (long)Height * Width;

    public long OutPixels => (long)OutHeight * OutWidth;

    /// <summary>Multiply-accumulates a frame; 0 for what has no weights.</summary>
    public long Macs => HasWeights ? OutPixels * OutChannels * Kernel * Kernel * (MixesChannels ? Channels : 1) : 0;

    /// <summary>Weights that it holds.</summary>
    public long Weights => HasWeights ? (long)OutChannels * Kernel * Kernel * (MixesChannels ? Channels : 1) : 0;

    /// <summary>Width of a sum before requantization; beyond 32 bits it may wrap, the total does not (numerics.md).</summary>
    public int SumBits => Kind switch
    {
        StageKind.Convolution => Bits(8 + WeightBits, Kernel * Kernel * Channels),
        StageKind.Depthwise => Bits(8 + WeightBits, Kernel * Kernel),
        StageKind.Pointwise => Bits(8 + WeightBits, Channels),
        StageKind.AveragePool => Bits(8, Kernel * Kernel),
        StageKind.GlobalPool => Bits(8, InPixels),
        _ => 8,
    };

    /// <summary>Why no hardware is generated for this shape, or null when it is.</summary>
    public string? Unsupported()
    {
        if (!HasWindow)
            return null;
        if (Kernel < 2)
            return $"its {Kernel}×{Kernel} window with stride {Stride} is no pointwise layer; windows of 2×2 and more are generated";
        if (Stride > Kernel)
            return $"its stride {Stride} is larger than its kernel {Kernel}: rows would be skipped";
        if (new[] { Padding.Top, Padding.Bottom, Padding.Left, Padding.Right }.Max() >= Kernel)
            return $"the padding {Padding} has a side that is not less than the kernel's {Kernel}";
        if (Height + Padding.Top + Padding.Bottom < Kernel || Width + Padding.Left + Padding.Right < Kernel)
            return $"the kernel {Kernel}×{Kernel} is larger than the padded {Height}×{Width} frame";
        if (Height + Padding.Top - (OutHeight - 1) * Stride > Kernel + Stride)
            return $"{Height + Padding.Top - (OutHeight - 1) * Stride} rows are left from the last window on, more than the {Kernel + Stride} that the line buffer holds";
        return null;
    }

    private static int Common(int a, int b) => (int)BigInteger.GreatestCommonDivisor(a, b);

    private static int Bits(int product, long terms) => Math.Min(32, product + BitOperations.Log2((ulong)(2 * terms - 1)));
}
