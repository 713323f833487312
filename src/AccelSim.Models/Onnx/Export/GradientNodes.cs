using AccelSim.Graph;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Export;

/// <summary>The layers of a training step by operators that inference has too.</summary>
internal static class GradientNodes
{
    /// <summary>
    /// dw[o, c, k] = Σ over n and positions i of x[n, c, i·stride + k·dilation − padding]·dy[n, o, i]: a convolution that slides dy over x, with images in the place of channels,
    /// and stride and dilation exchanged. Groups stay groups when their images stand side by side as channels.
    /// </summary>
    public static OnnxValue ConvolutionWeight(ConvolutionWeightGradient op, LayerNodes nodes)
    {
        var (x, dy) = (nodes.Input(0), nodes.Input(1));
        int images = x.Shape[0], perGroup = x.Shape[1] / op.Groups;
        var (height, width) = (x.Shape[2], x.Shape[3]);
        var split = nodes.Reshape(x, Shape.Of(images, op.Groups, perGroup, height, width));
        var exchanged = nodes.Reshape(nodes.Transpose(split, 2, 1, 0, 3, 4), Shape.Of(perGroup, op.Groups * images, height, width));
        var kernel = nodes.Transpose(dy, 1, 0, 2, 3);
        var slid = new Size2(dy.Shape[2], dy.Shape[3]);
        var steps = op.Dilation ?? Size2.Square(1);
        var found = Sliding.Output(new Size2(height, width), slid, steps, op.Padding, op.Stride);
        var sums = nodes.Node("Conv", Shape.Of(perGroup, dy.Shape[1], found.Height, found.Width), [exchanged, kernel], ConvolutionNodes.Window(slid, steps, op.Padding, op.Stride, op.Groups));
        var wanted = nodes.Slice(nodes.Slice(sums, 2, 0, op.Kernel.Height), 3, 0, op.Kernel.Width);
        return nodes.Transpose(wanted, 1, 0, 2, 3);
    }

    /// <summary>MaxPool says where each maximum stood, and the gradients are added up there.</summary>
    public static OnnxValue MaxPool(MaxPoolGradient op, LayerNodes nodes)
    {
        var (x, padding) = PoolingNodes.Fitting(nodes, nodes.Input(0), op.Kernel, op.Padding, double.NegativeInfinity);
        var dy = nodes.Input(1);
        var places = nodes.Nodes("MaxPool", [x], [(DataType.Float, dy.Shape), (DataType.Int64, dy.Shape)], ConvolutionNodes.Window(op.Kernel, op.Stride, padding, op.Dilation))[1];
        int elements = checked((int)x.Shape.Elements), gradients = checked((int)dy.Shape.Elements);
        var zeros = nodes.Node("ConstantOfShape", Shape.Of(elements), [nodes.Integers("elements", elements)]);
        var added = nodes.Node("ScatterElements", Shape.Of(elements),
            [zeros, nodes.Reshape(places, Shape.Of(gradients)), nodes.Reshape(dy, Shape.Of(gradients))], OnnxAttribute.Of("axis", 0), OnnxAttribute.Of("reduction", "add"));
        var image = nodes.Reshape(added, x.Shape);
        return nodes.Slice(nodes.Slice(image, 2, op.Padding.Top * (x.Shape == nodes.Type.Shape ? 0 : 1), nodes.Type.Shape[2]), 3, op.Padding.Left * (x.Shape == nodes.Type.Shape ? 0 : 1), nodes.Type.Shape[3]);
    }

    /// <summary>Each window's gradient, divided by its count, goes to all its elements: a transposed convolution with ones, channel by channel.</summary>
    public static OnnxValue AveragePool(AveragePoolGradient op, LayerNodes nodes)
    {
        var dy = nodes.Input();
        int channels = dy.Shape[1];
        var shares = nodes.Pair("Mul", dy, PoolingNodes.PerWindow(nodes, op.Pool, op.Image, count => 1.0 / count));
        var ones = nodes.Floats("ones", Shape.Of(channels, 1, op.Kernel.Height, op.Kernel.Width), [.. Enumerable.Repeat(1f, channels * op.Kernel.Area)]);
        // Rows and columns that no window reaches are added as zeros.
        var reached = new Size2(
            (dy.Shape[2] - 1) * op.Stride.Height + op.Kernel.Height - op.Padding.Top - op.Padding.Bottom,
            (dy.Shape[3] - 1) * op.Stride.Width + op.Kernel.Width - op.Padding.Left - op.Padding.Right);
        var extra = new Size2(op.Image.Height - reached.Height, op.Image.Width - reached.Width);
        return nodes.Node("ConvTranspose", nodes.Type.Shape, [shares, ones],
            [.. ConvolutionNodes.Window(op.Kernel, op.Stride, op.Padding, null, channels), OnnxAttribute.Of("output_padding", extra)]);
    }

    public static OnnxValue CrossEntropy(CrossEntropy op, LayerNodes nodes)
    {
        var (logits, target) = (nodes.Input(0), nodes.Input(1));
        var products = nodes.Pair("Mul", nodes.Each("LogSoftmax", logits, OnnxAttribute.Of("axis", 1)), target);
        var sums = nodes.Node("ReduceSum", Shape.Of(logits.Shape[0]), [products, nodes.Integers("classes", 1)], OnnxAttribute.Of("keepdims", 0));
        var mean = nodes.Node("ReduceMean", Shape.Of(1), [sums, nodes.Integers("images", 0)], OnnxAttribute.Of("keepdims", 1));
        return nodes.Each("Neg", mean);
    }
}
