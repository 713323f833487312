using System.Diagnostics.CodeAnalysis;

namespace AccelSim.Gpu;

/// <summary>The corner of a column's window: its place in the image and in memory. A column past the last has a row past the last.</summary>
[ExcludeFromCodeCoverage]
internal struct Window
{
    public int Offset;
    public int Row;
    public int Column;

    /// <param name="geometry">The convolution.</param>
    /// <param name="column">(image, output pixel).</param>
    /// <param name="groupOffset">Where the first channel of the group lies in an image.</param>
    public static Window At(SlidingGeometry geometry, int column, int groupOffset)
    {
        int image = column / geometry.OutputPixels;
        int pixel = column - image * geometry.OutputPixels;
        int outputRow = pixel / geometry.OutputWidth;
        Window window;
        window.Row = image < geometry.Batch ? outputRow * geometry.StrideHeight - geometry.Top : int.MaxValue / 2;
        window.Column = (pixel - outputRow * geometry.OutputWidth) * geometry.StrideWidth - geometry.Left;
        window.Offset = image * geometry.InputChannels * geometry.InputPixels + groupOffset + window.Row * geometry.InputWidth + window.Column;
        return window;
    }

    /// <summary>Whether a tap lies in the image. As unsigned numbers, a negative row or column is beyond the last one.</summary>
    public readonly bool Holds(SlidingGeometry geometry, int row, int column) =>
        (uint)(Row + row) < (uint)geometry.InputHeight && (uint)(Column + column) < (uint)geometry.InputWidth;
}

/// <summary>The windows of four neighbouring columns.</summary>
[ExcludeFromCodeCoverage]
internal struct Windows
{
    public Window A;
    public Window B;
    public Window C;
    public Window D;

    public static Windows At(SlidingGeometry geometry, int column, int groupOffset)
    {
        Windows windows;
        windows.A = Window.At(geometry, column, groupOffset);
        windows.B = Window.At(geometry, column + 1, groupOffset);
        windows.C = Window.At(geometry, column + 2, groupOffset);
        windows.D = Window.At(geometry, column + 3, groupOffset);
        return windows;
    }
}
