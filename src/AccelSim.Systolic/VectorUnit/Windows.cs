using AccelSim.Graph;

namespace AccelSim.Systolic.VectorUnit;

/// <summary>The taps of a window that lie inside the image, and which output it belongs to.</summary>
/// <param name="Row">Row of the output.</param>
/// <param name="Column">Column of the output.</param>
/// <param name="Top">Image row of the first tap inside.</param>
/// <param name="Rows">Taps inside along the height.</param>
/// <param name="Left">Image column of the first tap inside.</param>
/// <param name="Columns">Taps inside along the width.</param>
internal readonly record struct Window(int Row, int Column, int Top, int Rows, int Left, int Columns);

/// <summary>The windows of a pooling layer over each image plane.</summary>
internal sealed class Windows
{
    private readonly Size2 _spacing;
    private readonly Window[] _windows;

    public Windows(Size2 image, Size2 output, Size2 kernel, Size2 stride, Padding padding, Size2? dilation = null)
    {
        _spacing = dilation ?? Size2.Square(1);
        (Image, Output) = (image, output);
        _windows = new Window[output.Area];
        for (int row = 0; row < output.Height; row++)
        {
            for (int column = 0; column < output.Width; column++)
            {
                (int top, int rows) = Inside(image.Height, kernel.Height, _spacing.Height, row * stride.Height - padding.Top);
                (int left, int columns) = Inside(image.Width, kernel.Width, _spacing.Width, column * stride.Width - padding.Left);
                _windows[row * output.Width + column] = new Window(row, column, top, rows, left, columns);
            }
        }
    }

    /// <summary>One result of a window over a plane of one image and channel.</summary>
    public delegate T Reduction<T>(ReadOnlySpan<T> plane, Window window);

    /// <summary>Adds what one window's gradient gives to a plane.</summary>
    public delegate void Distribution(ReadOnlySpan<float> plane, Window window, float gradient, Span<float> result);

    public Size2 Image { get; }

    public Size2 Output { get; }

    /// <summary>One result a window of every plane of a value [N, C, H, W].</summary>
    public T[] Pool<T>(ReadOnlySpan<T> source, Reduction<T> reduce)
    {
        var output = new T[source.Length / Image.Area * _windows.Length];
        for (int i = 0; i < output.Length; i++)
        {
            (int plane, int window) = Math.DivRem(i, _windows.Length);
            output[i] = reduce(source.Slice(plane * Image.Area, Image.Area), _windows[window]);
        }
        return output;
    }

    /// <summary>The other way: every window's gradient, window after window, to the elements under it. The source may be empty where only places count.</summary>
    public float[] Spread(ReadOnlySpan<float> source, ReadOnlySpan<float> gradients, Distribution distribute)
    {
        float[] result = new float[gradients.Length / _windows.Length * Image.Area];
        for (int i = 0; i < gradients.Length; i++)
        {
            (int plane, int window) = Math.DivRem(i, _windows.Length);
            ReadOnlySpan<float> under = source.IsEmpty ? source : source.Slice(plane * Image.Area, Image.Area);
            distribute(under, _windows[window], gradients[i], result.AsSpan(plane * Image.Area, Image.Area));
        }
        return result;
    }

    /// <summary>The places of a window's taps in the plane, in row-major order.</summary>
    public int PlaceOf(Window window, int row, int column) =>
        (window.Top + row * _spacing.Height) * Image.Width + window.Left + column * _spacing.Width;

    /// <summary>Σ (x − z) over the taps inside the image; padding is real 0 and adds nothing.</summary>
    public int Sum(ReadOnlySpan<sbyte> plane, Window window, int zeroPoint)
    {
        int sum = 0;
        for (int row = 0; row < window.Rows; row++)
        {
            for (int column = 0; column < window.Columns; column++)
                sum += plane[PlaceOf(window, row, column)] - zeroPoint;
        }
        return sum;
    }

    /// <summary>Σ x over the taps inside the image.</summary>
    public double Sum(ReadOnlySpan<float> plane, Window window)
    {
        double sum = 0;
        for (int row = 0; row < window.Rows; row++)
        {
            for (int column = 0; column < window.Columns; column++)
                sum += plane[PlaceOf(window, row, column)];
        }
        return sum;
    }

    /// <summary>The place of the first of the largest elements under a window; a NaN is larger than all.</summary>
    public int PlaceOfLargest<T>(ReadOnlySpan<T> plane, Window window)
        where T : IComparable<T>, System.Numerics.INumberBase<T>
    {
        int largest = PlaceOf(window, 0, 0);
        for (int row = 0; row < window.Rows; row++)
        {
            for (int column = 0; column < window.Columns; column++)
            {
                int place = PlaceOf(window, row, column);
                if (T.IsNaN(plane[place]) ? !T.IsNaN(plane[largest]) : plane[place].CompareTo(plane[largest]) > 0 && !T.IsNaN(plane[largest]))
                    largest = place;
            }
        }
        return largest;
    }

    private static (int First, int Count) Inside(int extent, int kernel, int dilation, int start)
    {
        int before = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
        return (start + before * dilation, Sliding.TapsInside(extent, kernel, dilation, start));
    }
}
