namespace AccelSim.Graph.Training;

internal sealed class MaxPoolRule : GradientRule<MaxPool>
{
    protected override void Apply(MaxPool op, LayerBackward layer) =>
        layer.To(layer.X(0), () => layer.Emit("input", new MaxPoolGradient(op.Kernel, op.Stride, op.Padding, op.Dilation), layer.X(0), layer.Dy));
}

internal sealed class AveragePoolRule : GradientRule<AveragePool>
{
    protected override void Apply(AveragePool op, LayerBackward layer) => layer.To(layer.X(0), () =>
    {
        var shape = layer.ShapeOf(layer.X(0));
        var image = new Size2(shape[2], shape[3]);
        return op.Dilation is null || op.Dilation == Size2.Square(1)
            ? layer.Emit("input", new AveragePoolGradient(image, op.Kernel, op.Stride, op.Padding, op.CountPadding), layer.Dy)
            : Dilated(op, layer, image, shape[1]);
    });

    /// <summary>Each window's share, spread by a transposed depthwise convolution with ones.</summary>
    private static string Dilated(AveragePool op, LayerBackward layer, Size2 image, int channels)
    {
        var output = layer.ShapeOf(layer.Dy);
        var shares = new float[output[2] * output[3]];
        for (int i = 0; i < shares.Length; i++)
            shares[i] = 1f / op.Count(image, i / output[3], i % output[3]);
        var ones = new float[channels * op.Kernel.Area];
        Array.Fill(ones, 1);
        var reach = Sliding.Reach(op.Kernel, op.Dilation);
        var missed = new Size2(
            image.Height + op.Padding.Top + op.Padding.Bottom - reach.Height - (output[2] - 1) * op.Stride.Height,
            image.Width + op.Padding.Left + op.Padding.Right - reach.Width - (output[3] - 1) * op.Stride.Width);
        string spread = layer.Times(layer.Dy, layer.Literal("shares", Tensor.Of(Shape.Of(1, 1, output[2], output[3]), shares)));
        return layer.Emit("input", new TransposedConvolution(op.Kernel, op.Stride, op.Padding, channels, op.Dilation, missed), spread,
            [layer.Literal("ones", Tensor.Of(Shape.Of(channels, 1, op.Kernel.Height, op.Kernel.Width), ones))]);
    }
}
