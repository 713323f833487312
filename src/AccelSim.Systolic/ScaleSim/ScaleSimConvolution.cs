namespace AccelSim.Systolic.ScaleSim;

/// <summary>One layer as SCALE-Sim counts it: a convolution of one image without padding; a product [M × K] · [K × N] is an image of M × K with a filter of 1 × K.</summary>
/// <param name="Height">Rows of the image, padding included.</param>
/// <param name="Width">Columns of the image, padding included.</param>
/// <param name="FilterHeight">At most <paramref name="Height"/>.</param>
/// <param name="FilterWidth">At most <paramref name="Width"/>.</param>
/// <param name="Channels">Input channels.</param>
/// <param name="Filters">Output channels.</param>
/// <param name="StrideHeight">Rows from one window to the next.</param>
/// <param name="StrideWidth">Columns from one window to the next.</param>
public readonly record struct ScaleSimConvolution(
    int Height, int Width, int FilterHeight, int FilterWidth, int Channels, int Filters, int StrideHeight, int StrideWidth)
{
    /// <summary>Rows of the output: where the stride does not divide, a last incomplete window counts.</summary>
    public int OutputHeight => WindowsAlong(Height, FilterHeight, StrideHeight);

    /// <summary>Columns of the output.</summary>
    public int OutputWidth => WindowsAlong(Width, FilterWidth, StrideWidth);

    /// <summary>Output pixels of one filter.</summary>
    public long Pixels => (long)OutputHeight * OutputWidth;

    /// <summary>Products summed into one output.</summary>
    public long Depth => (long)FilterHeight * FilterWidth * Channels;

    /// <summary>Words of the image.</summary>
    public long ImageWords => (long)Height * Width * Channels;

    /// <summary>Multiply-accumulates, those on the missing part of an incomplete window included.</summary>
    public double Macs => (double)Pixels * Filters * Depth;

    private static int WindowsAlong(int image, int filter, int stride) => (int)(((long)image - filter + 2L * stride - 1) / stride);
}
