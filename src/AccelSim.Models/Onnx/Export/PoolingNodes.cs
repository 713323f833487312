using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Export;

/// <summary>Pooling as MaxPool, AveragePool and GlobalAveragePool.</summary>
internal static class PoolingNodes
{
    public static OnnxValue Largest(MaxPool op, LayerNodes nodes)
    {
        var (x, padding) = Fitting(nodes, nodes.Input(), op.Kernel, op.Padding, double.NegativeInfinity);
        return nodes.Node("MaxPool", nodes.Type.Shape, [x], ConvolutionNodes.Window(op.Kernel, op.Stride, padding, op.Dilation));
    }

    public static OnnxValue Average(AveragePool op, LayerNodes nodes)
    {
        if (op.Integer is not { } integer)
            return Mean(op, nodes, null);
        var image = nodes.InputType(0).Image;
        var counts = op.Counts(image);
        var codes = nodes.InputType(0).Quantization!.Value;
        double scale = codes.Scale / integer.Output.Scale, reach = QuantizedReals.Reach(codes);
        bool agrees = counts.Select((count, pair) => Math.Abs(integer.Ratio(pair) - scale / count) * reach * count).All(QuantizedReals.Agree);
        return nodes.Clamped(nodes.HalvesUp(Mean(op, nodes, agrees ? null : count => integer.Ratio(counts.IndexOf(count)) / scale), integer), integer);
    }

    public static OnnxValue GlobalAverage(GlobalAveragePool op, LayerNodes nodes)
    {
        var x = nodes.Input();
        if (op.Integer is { } integer)
        {
            var codes = nodes.InputType(0).Quantization!.Value;
            double area = nodes.InputType(0).Image.Area, ratio = integer.Ratio(0) * area;
            if (!QuantizedReals.Agree(Math.Abs(ratio - codes.Scale / integer.Output.Scale) * QuantizedReals.Reach(codes)))
                x = nodes.Input(0, ratio * integer.Output.Scale);
        }
        var mean = nodes.Node("GlobalAveragePool", nodes.Type.Shape, [x]);
        return op.Integer is null ? mean : nodes.Clamped(nodes.HalvesUp(mean, op.Integer), op.Integer);
    }

    /// <summary>For each output position of an image, a function of the window's divisor, as [1, 1, H', W'].</summary>
    public static OnnxValue PerWindow(LayerNodes nodes, AveragePool op, Size2 image, Func<int, double> value)
    {
        var size = Sliding.Output(image, op.Kernel, op.Stride, op.Padding, op.Dilation);
        var factors = new float[size.Area];
        for (int i = 0; i < factors.Length; i++)
            factors[i] = (float)value(op.Count(image, i / size.Width, i % size.Width));
        return nodes.Floats("window_weight", Shape.Of(1, 1, size.Height, size.Width), factors);
    }

    /// <summary>The mean, or with <paramref name="weight"/> the sum times a factor that belongs to the window's divisor.</summary>
    private static OnnxValue Mean(AveragePool op, LayerNodes nodes, Func<int, double>? weight)
    {
        bool fits = Fits(op.Kernel, op.Padding);
        if (fits && weight is null)
            return nodes.Node("AveragePool", nodes.Type.Shape, [nodes.Input()], [.. ConvolutionNodes.Window(op.Kernel, op.Stride, op.Padding, op.Dilation), OnnxAttribute.Of("count_include_pad", op.CountPadding ? 1 : 0)]);
        var padded = nodes.Pad(nodes.Input(), op.Padding, 0);
        var means = nodes.Node("AveragePool", nodes.Type.Shape, [padded], ConvolutionNodes.Window(op.Kernel, op.Stride, Padding.None, op.Dilation));
        return nodes.Pair("Mul", means, PerWindow(nodes, op, nodes.InputType(0).Image, count => op.Kernel.Area * (weight?.Invoke(count) ?? 1.0 / count)));
    }

    /// <summary>ONNX Runtime asks for padding below the kernel, which dilation may exceed: then the image is padded first.</summary>
    public static (OnnxValue Image, Padding Padding) Fitting(LayerNodes nodes, OnnxValue x, Size2 kernel, Padding padding, double value) =>
        Fits(kernel, padding) ? (x, padding) : (nodes.Pad(x, padding, value), Padding.None);

    private static bool Fits(Size2 kernel, Padding padding) =>
        Math.Max(padding.Top, padding.Bottom) < kernel.Height && Math.Max(padding.Left, padding.Right) < kernel.Width;
}
