using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Import.Operators;

/// <summary>MaxPool, AveragePool and the global ones.</summary>
internal static class Pooling
{
    [OnnxOperator("MaxPool")]
    public static void MaxPool(OnnxNode node)
    {
        node.RequireOutputsUnused(1, "Indices");
        var input = node.ShapeOf(0);
        var (window, _) = Window(node, input);
        string x = SlidingWindow.AsImage(node, node.Any(0));
        string result = node.Layer(new MaxPool(window.Kernel, window.Stride, window.Padding, window.Spacing), x);
        node.Set(0, SlidingWindow.Restore(node, result, input));
    }

    [OnnxOperator("AveragePool")]
    public static void AveragePool(OnnxNode node) => node.Set(0, Average(node, node.Float(0)));

    [OnnxOperator("QLinearAveragePool", Domain = "com.microsoft")]
    public static void QLinearAveragePool(OnnxNode node)
    {
        RequireChannelsFirst(node);
        Quantized.SetQuantized(node, 0, Average(node, Quantized.Real(node, 0, 1, 2)), 3, 4);
    }

    [OnnxOperator("GlobalAveragePool")]
    public static void GlobalAveragePool(OnnxNode node) => node.Set(0, GlobalAverage(node, node.Float(0)));

    [OnnxOperator("QLinearGlobalAveragePool", Domain = "com.microsoft")]
    public static void QLinearGlobalAveragePool(OnnxNode node)
    {
        RequireChannelsFirst(node);
        Quantized.SetQuantized(node, 0, GlobalAverage(node, Quantized.Real(node, 0, 1, 2)), 3, 4);
    }

    [OnnxOperator("GlobalMaxPool")]
    public static void GlobalMaxPool(OnnxNode node)
    {
        string x = node.Float(0);
        node.Set(0, node.Layer(new Reduce(ReduceKind.Maximum, [.. SpatialAxes(node.ShapeOf(x))]), x));
    }

    /// <summary>The mean over the image, with an integer form for [N, C, H, W].</summary>
    public static string GlobalAverage(OnnxNode node, string x) => node.ShapeOf(x) is { Rank: 4 }
        ? node.Layer(new GlobalAveragePool(), x)
        : node.Layer(new Reduce(ReduceKind.Mean, [.. SpatialAxes(node.ShapeOf(x))]), x);

    private static string Average(OnnxNode node, string x)
    {
        var input = node.ShapeOf(x);
        var (window, explicitPadding) = Window(node, input);
        bool counted = node.Attributes.Flag("count_include_pad");
        x = SlidingWindow.AsImage(node, x);
        var (padding, image) = (window.Padding, SlidingWindow.Image(input));
        bool hanging = padding != explicitPadding;
        if (counted && hanging)
        {
            // The padding asked for is counted, what the last window hangs over beyond it is not.
            x = node.Layer(new Pad([0, 0, explicitPadding.Top, explicitPadding.Left], [0, 0, explicitPadding.Bottom, explicitPadding.Right]), x);
            padding = new Padding(0, padding.Bottom - explicitPadding.Bottom, 0, padding.Right - explicitPadding.Right);
        }
        var pool = new AveragePool(window.Kernel, window.Stride, padding, counted && !hanging && padding != Padding.None, Dilation: window.Spacing);
        return SlidingWindow.Restore(node, node.Layer(pool, x), input);
    }

    /// <summary>The window with the padding of ceil mode, and the padding without.</summary>
    private static (SlidingWindow Window, Padding Explicit) Window(OnnxNode node, Shape input)
    {
        var window = SlidingWindow.Of(node, input);
        var padding = window.Padding;
        if (node.Attributes.Flag("ceil_mode"))
            window = window with { Padding = Sliding.Ceil(SlidingWindow.Image(input), window.Kernel, window.Stride, padding, window.Dilation) };
        return (window, padding);
    }

    private static void RequireChannelsFirst(OnnxNode node)
    {
        if (node.Attributes.Flag("channels_last"))
            throw new OnnxException("channels_last is not supported: export with channels first.");
    }

    private static IEnumerable<int> SpatialAxes(Shape shape) => shape.Rank >= 3
        ? Enumerable.Range(2, shape.Rank - 2)
        : throw new OnnxException($"its input has shape {shape}, without an image to pool over.");
}
