using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Import.Operators;

/// <summary>
/// Kernel, stride, padding and dilation of a node, for images. A sequence [N, C, L] is an image of height 1.
/// </summary>
internal readonly record struct SlidingWindow(Size2 Kernel, Size2 Stride, Padding Padding, Size2 Dilation)
{
    /// <summary>No network has a kernel, stride or padding as large; a limit for files that claim billions.</summary>
    private const int Largest = 1 << 16;

    /// <summary>The dilation for an operator, which takes null for none.</summary>
    public Size2? Spacing => Dilation == Size2.Square(1) ? null : Dilation;

    /// <summary>Rows and columns from the first tap to the last.</summary>
    public Size2 Reach => Sliding.Reach(Kernel, Dilation);

    /// <summary>Reads the attributes that convolution and pooling share.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">[N, C, L] or [N, C, H, W].</param>
    /// <param name="kernel">The kernel that the weights have; null when the attribute kernel_shape must tell.</param>
    /// <exception cref="OnnxException">An attribute has the wrong length or range.</exception>
    public static SlidingWindow Of(OnnxNode node, Shape input, IReadOnlyList<int>? kernel = null)
    {
        int spatial = input.Rank - 2;
        if (spatial is not (1 or 2))
            throw new OnnxException($"its input has shape {input}; images [N, C, H, W] and sequences [N, C, L] are supported.");
        var given = node.Attributes.Ints("kernel_shape");
        var extents = given is { Count: > 0 } ? Sizes(given, spatial, "kernel_shape", 1) : kernel ?? throw new OnnxException("its kernel_shape is missing.");
        if (kernel is not null && !kernel.SequenceEqual(extents))
            throw new OnnxException($"its kernel_shape is {string.Join('×', extents)}, but its weights have {string.Join('×', kernel)}.");
        foreach (int extent in extents)
            Check(extent, 1, "kernel_shape");
        var stride = Sizes(node.Attributes.Ints("strides"), spatial, "strides", 1);
        var dilation = Sizes(node.Attributes.Ints("dilations"), spatial, "dilations", 1);
        var window = new SlidingWindow(Pair(extents), Pair(stride), Padding.None, Pair(dilation));
        return window with { Padding = ReadPadding(node, window, Image(input), spatial) };
    }

    /// <summary>Height and width; a sequence has height 1.</summary>
    public static Size2 Image(Shape input) => input.Rank == 3 ? new Size2(1, input[2]) : new Size2(input[2], input[3]);

    /// <summary>A value as [N, C, H, W].</summary>
    public static string AsImage(OnnxNode node, string value) => node.ShapeOf(value) is { Rank: 3 } shape
        ? node.Reshaped(value, shape[0], shape[1], 1, shape[2])
        : value;

    /// <summary>The result as [N, C, L] where the input was one.</summary>
    public static string Restore(OnnxNode node, string value, Shape input) => input.Rank == 3 && node.ShapeOf(value) is var shape
        ? node.Reshaped(value, shape[0], shape[1], shape[3])
        : value;

    /// <summary>A list attribute of one value a spatial dimension, by default 1 each.</summary>
    public static int[] Sizes(IReadOnlyList<long>? values, int spatial, string what, int least)
    {
        if (values is null or { Count: 0 })
            return [.. Enumerable.Repeat(1, spatial)];
        if (values.Count != spatial)
            throw new OnnxException($"its {what} has {values.Count} values for {spatial} dimensions.");
        return [.. values.Select(value => Check(value, least, what))];
    }

    public static Size2 Pair(IReadOnlyList<int> values) => values.Count == 1 ? new Size2(1, values[0]) : new Size2(values[0], values[1]);

    /// <summary>The attribute pads: begins, then ends.</summary>
    public static Padding Pads(OnnxNode node, int spatial)
    {
        if (node.Attributes.Ints("pads") is not { Count: > 0 } pads)
            return Padding.None;
        if (pads.Count != 2 * spatial)
            throw new OnnxException($"its pads has {pads.Count} values for {spatial} dimensions.");
        int[] sides = [.. pads.Select(pad => Check(pad, 0, "pads"))];
        return spatial == 1 ? new Padding(0, 0, sides[0], sides[1]) : new Padding(sides[0], sides[2], sides[1], sides[3]);
    }

    private static int Check(long value, int least, string what) => value >= least && value <= Largest
        ? (int)value
        : throw new OnnxException($"its {what} has {value}; {least} to {Largest} are supported.");

    private static Padding ReadPadding(OnnxNode node, SlidingWindow window, Size2 image, int spatial)
    {
        string mode = node.Attributes.Text("auto_pad", "NOTSET");
        switch (mode)
        {
            case "NOTSET" or "":
                return Pads(node, spatial);
            case "VALID":
                return Padding.None;
            case "SAME_UPPER" or "SAME_LOWER":
                var same = Padding.Same(image, window.Reach, window.Stride);
                return mode == "SAME_UPPER" ? same : new Padding(same.Bottom, same.Top, same.Right, same.Left);
            default:
                throw new OnnxException($"its auto_pad is '{mode}'; NOTSET, VALID, SAME_UPPER and SAME_LOWER are known.");
        }
    }
}
