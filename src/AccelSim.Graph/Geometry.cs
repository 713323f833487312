namespace AccelSim.Graph;

/// <summary>A height and a width: a kernel or a stride.</summary>
public readonly record struct Size2(int Height, int Width)
{
    public static Size2 Square(int side) => new(side, side);

    public int Area => Height * Width;

    public override string ToString() => $"{Height}×{Width}";
}

/// <summary>Rows and columns of real zero around an image, one count a side.</summary>
public readonly record struct Padding(int Top, int Bottom, int Left, int Right)
{
    public static Padding None => default;

    public static Padding All(int side) => new(side, side, side, side);

    /// <summary>
    /// TensorFlow's SAME: output = ceil(input ÷ stride), the odd row or column at the bottom and the right.
    /// </summary>
    public static Padding Same(Size2 input, Size2 kernel, Size2 stride)
    {
        (int top, int bottom) = Along(input.Height, kernel.Height, stride.Height);
        (int left, int right) = Along(input.Width, kernel.Width, stride.Width);
        return new Padding(top, bottom, left, right);

        static (int Before, int After) Along(int input, int kernel, int stride)
        {
            int output = (input + stride - 1) / stride;
            int total = Math.Max(0, (output - 1) * stride + kernel - input);
            return (total / 2, total - total / 2);
        }
    }

    public override string ToString() => Top == Bottom && Left == Right && Top == Left ? $"{Top}" : $"{Top},{Bottom},{Left},{Right}";
}

/// <summary>A kernel that slides over an image: the geometry that convolution and pooling share.</summary>
public static class Sliding
{
    /// <summary>The number of positions of <paramref name="kernel"/> along each axis: floor((input + padding − kernel) ÷ stride) + 1.</summary>
    /// <exception cref="GraphException">A kernel or stride below 1, negative padding, a kernel larger than the padded image, or an image beyond int32.</exception>
    public static Size2 Output(Size2 input, Size2 kernel, Size2 stride, Padding padding)
    {
        if (kernel.Height < 1 || kernel.Width < 1)
            throw new GraphException($"The kernel must be at least 1×1, but is {kernel}.");
        if (stride.Height < 1 || stride.Width < 1)
            throw new GraphException($"The stride must be at least 1×1, but is {stride}.");
        if (padding.Top < 0 || padding.Bottom < 0 || padding.Left < 0 || padding.Right < 0)
            throw new GraphException($"Padding must not be negative, but is {padding}.");
        long height = (long)input.Height + padding.Top + padding.Bottom - kernel.Height;
        long width = (long)input.Width + padding.Left + padding.Right - kernel.Width;
        if (height < 0 || width < 0)
            throw new GraphException($"The kernel {kernel} is larger than the image {input} with padding {padding}.");
        if (Math.Max(height, width) >= int.MaxValue)
            throw new GraphException($"The image {input} with padding {padding} is too large.");
        return new Size2((int)(height / stride.Height) + 1, (int)(width / stride.Width) + 1);
    }
}
