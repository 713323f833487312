using AccelSim.Graph;
using System.Diagnostics.CodeAnalysis;

namespace AccelSim.Gpu;

/// <summary>How a kernel slides over [N, C, H, W], as plain integers that a device can take.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct SlidingGeometry
{
    public readonly int Batch;
    public readonly int InputChannels;
    public readonly int InputHeight;
    public readonly int InputWidth;
    public readonly int OutputChannels;
    public readonly int OutputHeight;
    public readonly int OutputWidth;
    public readonly int KernelHeight;
    public readonly int KernelWidth;
    public readonly int StrideHeight;
    public readonly int StrideWidth;
    public readonly int DilationHeight;
    public readonly int DilationWidth;
    public readonly int Top;
    public readonly int Left;

    public SlidingGeometry(Shape input, Shape output, Size2 kernel, Size2 stride, Padding padding, Size2? dilation = null)
    {
        (Batch, InputChannels, InputHeight, InputWidth) = (input[0], input[1], input[2], input[3]);
        (OutputChannels, OutputHeight, OutputWidth) = (output[1], output[2], output[3]);
        (KernelHeight, KernelWidth) = (kernel.Height, kernel.Width);
        (StrideHeight, StrideWidth) = (stride.Height, stride.Width);
        (DilationHeight, DilationWidth) = (dilation?.Height ?? 1, dilation?.Width ?? 1);
        (Top, Left) = (padding.Top, padding.Left);
    }

    public int InputPixels => InputHeight * InputWidth;

    public int OutputPixels => OutputHeight * OutputWidth;

    public int KernelArea => KernelHeight * KernelWidth;

    /// <summary>The output row whose window has its tap <paramref name="tap"/> on an input row, or −1.</summary>
    public int OutputRow(int inputRow, int tap) => Position(inputRow + Top - tap * DilationHeight, StrideHeight, OutputHeight);

    /// <summary>The output column whose window has its tap <paramref name="tap"/> on an input column, or −1.</summary>
    public int OutputColumn(int inputColumn, int tap) => Position(inputColumn + Left - tap * DilationWidth, StrideWidth, OutputWidth);

    private static int Position(int start, int stride, int positions)
    {
        int position = start / stride;
        return start >= 0 && position * stride == start && position < positions ? position : -1;
    }
}

/// <summary>Where one term of a convolution's sum lies relative to the window's corner in the first channel of the group.</summary>
internal readonly struct Tap(int offset, int row, int column)
{
    public readonly int Offset = offset;
    public readonly int Row = row;
    public readonly int Column = column;
}
