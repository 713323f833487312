using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>The part of a window that lies inside the image, and which output it belongs to.</summary>
internal readonly record struct Window(int Row, int Column, int Top, int Bottom, int Left, int Right);

/// <summary>The windows of a pooling layer over each image plane.</summary>
internal sealed class Windows
{
    private readonly Shape _outputShape;
    private readonly int _planeSize;
    private readonly Window[] _windows;

    public Windows(TensorType input, TensorType output, Size2 kernel, Size2 stride, Padding padding)
    {
        _outputShape = output.Shape;
        Width = input.Image.Width;
        _planeSize = input.Image.Area;
        _windows = new Window[output.Image.Area];
        for (int row = 0; row < output.Image.Height; row++)
        {
            for (int column = 0; column < output.Image.Width; column++)
            {
                (int top, int left) = (row * stride.Height - padding.Top, column * stride.Width - padding.Left);
                _windows[row * output.Image.Width + column] = new Window(
                    row,
                    column,
                    Math.Max(top, 0),
                    Math.Min(top + kernel.Height, input.Image.Height),
                    Math.Max(left, 0),
                    Math.Min(left + kernel.Width, input.Image.Width));
            }
        }
    }

    /// <summary>One result of a window over a plane of one image and channel.</summary>
    public delegate sbyte Reduction(ReadOnlySpan<sbyte> plane, Window window);

    public int Width { get; }

    public Tensor Pool(Tensor input, Reduction reduce)
    {
        ReadOnlySpan<sbyte> source = input.Int8;
        sbyte[] output = new sbyte[_outputShape.Elements];
        for (int i = 0; i < output.Length; i++)
        {
            (int plane, int window) = Math.DivRem(i, _windows.Length);
            output[i] = reduce(source.Slice(plane * _planeSize, _planeSize), _windows[window]);
        }
        return Tensor.Of(_outputShape, output);
    }

    /// <summary>Σ (x − z) over the part of the window inside the image; padding is real 0 and adds nothing.</summary>
    public int Sum(ReadOnlySpan<sbyte> plane, Window window, int zeroPoint)
    {
        int sum = 0;
        for (int row = window.Top; row < window.Bottom; row++)
        {
            for (int column = window.Left; column < window.Right; column++)
                sum += plane[row * Width + column] - zeroPoint;
        }
        return sum;
    }
}
