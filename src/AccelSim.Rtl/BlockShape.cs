using System.Numerics;
using AccelSim.Graph;

namespace AccelSim.Rtl;

/// <summary>
/// The structure of a depthwise-separable block: all that hardware, cycles and resources depend on besides the folding.
/// Weights, zero points and clamps are memory contents and not part of it, so equal shapes share one simulation build.
/// </summary>
/// <param name="Height">Rows of the input frame.</param>
/// <param name="Width">Columns of the input frame.</param>
/// <param name="Channels">Channels of the depthwise layer, in and out.</param>
/// <param name="OutChannels">Channels that the pointwise layer produces.</param>
/// <param name="Kernel">Side of the depthwise kernel, 3, 5 or 7.</param>
/// <param name="Stride">1 or 2, along both axes.</param>
/// <param name="Padding">Less than the kernel on each side.</param>
public sealed record BlockShape(int Height, int Width, int Channels, int OutChannels, int Kernel, int Stride, Padding Padding)
{
    /// <summary>Whether a 256-entry activation table follows the depthwise requantization.</summary>
    public bool DepthwiseTable { get; init; }

    /// <summary>Whether a 256-entry activation table follows the pointwise requantization.</summary>
    public bool PointwiseTable { get; init; }

    /// <summary>m of numerics.md, 8 to 31.</summary>
    public int DepthwiseMultiplierBits { get; init; } = Requantization.DefaultMultiplierBits;

    /// <inheritdoc cref="DepthwiseMultiplierBits"/>
    public int PointwiseMultiplierBits { get; init; } = Requantization.DefaultMultiplierBits;

    /// <summary>8, or 9 where a weight has a zero point: the memory holds w − z_w.</summary>
    public int DepthwiseWeightBits { get; init; } = 8;

    /// <inheritdoc cref="DepthwiseWeightBits"/>
    public int PointwiseWeightBits { get; init; } = 8;

    public int OutHeight => (Height + Padding.Top + Padding.Bottom - Kernel) / Stride + 1;

    public int OutWidth => (Width + Padding.Left + Padding.Right - Kernel) / Stride + 1;

    public long OutPixels => (long)OutHeight * OutWidth;

    /// <summary>Width of a sum of Kernel² products of an int8 and a weight.</summary>
    public int DepthwiseSumBits => SumBits(DepthwiseWeightBits, Kernel * Kernel);

    /// <summary>Width of a sum of Channels products of an int8 and a weight; beyond 32 bits it may wrap, the total does not (numerics.md).</summary>
    public int PointwiseSumBits => SumBits(PointwiseWeightBits, Channels);

    /// <summary>Why no hardware is generated for this shape, or null when it is.</summary>
    public string? Unsupported()
    {
        if (Kernel is not (3 or 5 or 7))
            return $"the depthwise kernel is {Kernel}×{Kernel}; 3×3, 5×5 and 7×7 are generated";
        if (Stride is not (1 or 2))
            return $"the depthwise stride is {Stride}; 1 and 2 are generated";
        int largest = Math.Max(Math.Max(Padding.Top, Padding.Bottom), Math.Max(Padding.Left, Padding.Right));
        if (largest >= Kernel)
            return $"the padding {Padding} has a side of {largest}; each must be less than the kernel's {Kernel}";
        return Height + Padding.Top + Padding.Bottom < Kernel || Width + Padding.Left + Padding.Right < Kernel
            ? $"the kernel {Kernel}×{Kernel} is larger than the padded {Height}×{Width} frame"
            : null;
    }

    private static int SumBits(int weightBits, int terms) =>
        Math.Min(32, 8 + weightBits + BitOperations.Log2((uint)(2 * terms - 1)));
}
