using System.Diagnostics.CodeAnalysis;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>The taps of an output's window that lie inside the image, bounds exclusive at the end.</summary>
[ExcludeFromCodeCoverage]
internal struct Region
{
    /// <summary>The first element of the input's plane.</summary>
    public int Plane;

    /// <summary>The row and column of the window's first tap, inside the image or not.</summary>
    public int Row;
    public int Column;

    public int FirstRow;
    public int LastRow;
    public int FirstColumn;
    public int LastColumn;

    public readonly int Count => (LastRow - FirstRow) * (LastColumn - FirstColumn);

    /// <summary>Of output element <paramref name="index"/> of [N, C, H, W].</summary>
    public static Region At(SlidingGeometry geometry, int index)
    {
        int plane = index / geometry.OutputPixels;
        int pixel = index - plane * geometry.OutputPixels;
        int outputRow = pixel / geometry.OutputWidth;
        return At(geometry, plane, outputRow, pixel - outputRow * geometry.OutputWidth);
    }

    public static Region At(SlidingGeometry geometry, int plane, int outputRow, int outputColumn)
    {
        Region region;
        region.Plane = plane * geometry.InputPixels;
        region.Row = outputRow * geometry.StrideHeight - geometry.Top;
        region.Column = outputColumn * geometry.StrideWidth - geometry.Left;
        region.FirstRow = FirstTap(region.Row, geometry.DilationHeight, geometry.KernelHeight);
        region.LastRow = TapsBefore(region.Row, geometry.DilationHeight, geometry.KernelHeight, geometry.InputHeight);
        region.FirstColumn = FirstTap(region.Column, geometry.DilationWidth, geometry.KernelWidth);
        region.LastColumn = TapsBefore(region.Column, geometry.DilationWidth, geometry.KernelWidth, geometry.InputWidth);
        return region;
    }

    /// <summary>Where a tap lies in the input.</summary>
    public readonly int Element(SlidingGeometry geometry, int tapRow, int tapColumn) =>
        Plane + (Row + tapRow * geometry.DilationHeight) * geometry.InputWidth + Column + tapColumn * geometry.DilationWidth;

    private static int FirstTap(int start, int dilation, int taps) => start >= 0 ? 0 : IntrinsicMath.Min(taps, (dilation - 1 - start) / dilation);

    private static int TapsBefore(int start, int dilation, int taps, int extent) =>
        start >= extent ? 0 : IntrinsicMath.Min(taps, (extent - 1 - start) / dilation + 1);
}
