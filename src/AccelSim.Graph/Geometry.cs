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
    public static Padding Same(Size2 input, Size2 kernel, Size2 stride, Size2? dilation = null)
    {
        kernel = Sliding.Reach(kernel, dilation);
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
    /// <summary>Rows and columns from a kernel's first tap to its last: (kernel − 1)·dilation + 1.</summary>
    /// <exception cref="GraphException">A dilation below 1, or a reach beyond int32.</exception>
    public static Size2 Reach(Size2 kernel, Size2? dilation)
    {
        if (dilation is not { } spacing)
            return kernel;
        if (spacing.Height < 1 || spacing.Width < 1)
            throw new GraphException($"The dilation must be at least 1×1, but is {spacing}.");
        long height = (kernel.Height - 1L) * spacing.Height + 1, width = (kernel.Width - 1L) * spacing.Width + 1;
        if (Math.Max(height, width) > int.MaxValue)
            throw new GraphException($"The kernel {kernel} with dilation {spacing} is too large.");
        return new Size2((int)height, (int)width);
    }

    /// <summary>
    /// The padding that makes the last, incomplete position of a pooling window count ("ceil mode"): more at the bottom and the
    /// right, where the window still begins inside the image or the padding before it.
    /// </summary>
    public static Padding Ceil(Size2 input, Size2 kernel, Size2 stride, Padding padding, Size2? dilation = null)
    {
        var reach = Reach(kernel, dilation);
        return padding with
        {
            Bottom = padding.Bottom + Overhang(input.Height, reach.Height, stride.Height, padding.Top, padding.Bottom),
            Right = padding.Right + Overhang(input.Width, reach.Width, stride.Width, padding.Left, padding.Right),
        };

        static int Overhang(int input, int kernel, int stride, int before, int after)
        {
            int slack = input + before + after - kernel;
            int missing = slack < 0 || stride < 1 ? 0 : (stride - slack % stride) % stride;
            int lastStart = slack + missing;
            return lastStart >= input + before ? 0 : missing;
        }
    }

    /// <summary>How many of a window's taps along one axis, the first at <paramref name="start"/>, lie inside [0, extent).</summary>
    public static int TapsInside(int extent, int kernel, int dilation, int start)
    {
        int before = start >= 0 ? 0 : Math.Min(kernel, (-start + dilation - 1) / dilation);
        int until = start >= extent ? 0 : Math.Min(kernel, (extent - 1 - start) / dilation + 1);
        return Math.Max(0, until - before);
    }

    /// <exception cref="GraphException">A pooling window would see nothing but padding.</exception>
    internal static void RequireTapsInside(Size2 image, Size2 kernel, Size2 stride, Padding padding, Size2? dilation)
    {
        var output = Output(image, kernel, stride, padding, dilation);
        if (!Along(image.Height, kernel.Height, stride.Height, padding.Top, dilation?.Height ?? 1, output.Height)
            || !Along(image.Width, kernel.Width, stride.Width, padding.Left, dilation?.Width ?? 1, output.Width))
            throw new GraphException($"Padding {padding} would put a whole {kernel} window outside the image.");

        static bool Along(int extent, int kernel, int stride, int before, int dilation, int positions)
        {
            // A window that begins inside the image has its first tap there: only those that begin before or behind it are looked at.
            int firstInside = (int)Math.Min(positions, ((long)before + stride - 1) / stride);
            int behind = (int)Math.Min(positions, ((long)extent + before + stride - 1) / stride);
            return SeeImage(0, firstInside) && SeeImage(behind, positions);

            bool SeeImage(int from, int to)
            {
                for (int i = from; i < to; i++)
                {
                    if (TapsInside(extent, kernel, dilation, i * stride - before) == 0)
                        return false;
                }
                return true;
            }
        }
    }

    /// <summary>The number of positions of <paramref name="kernel"/> along each axis: floor((input + padding − reach) ÷ stride) + 1.</summary>
    /// <exception cref="GraphException">A kernel or stride below 1, negative padding, a kernel larger than the padded image, or an image beyond int32.</exception>
    public static Size2 Output(Size2 input, Size2 kernel, Size2 stride, Padding padding, Size2? dilation = null)
    {
        if (kernel.Height < 1 || kernel.Width < 1)
            throw new GraphException($"The kernel must be at least 1×1, but is {kernel}.");
        kernel = Reach(kernel, dilation);
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
