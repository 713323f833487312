namespace AccelSim.Graph.Training;

/// <summary>dx is the transposed convolution of dy with the same weights; dw their correlation over images and positions.</summary>
internal sealed class ConvolutionRule : GradientRule<Convolution>
{
    protected override void Apply(Convolution op, LayerBackward layer)
    {
        string x = layer.X(0), weight = layer.Layer.Constants[0];
        layer.To(x, () =>
        {
            var (image, output) = (Image(layer.ShapeOf(x)), Image(layer.ShapeOf(layer.Dy)));
            var reach = Sliding.Reach(op.Kernel, op.Dilation);
            // Rows that the forward pass did not reach, since the stride left a remainder.
            int rows = image.Height + op.Padding.Top + op.Padding.Bottom - reach.Height - (output.Height - 1) * op.Stride.Height;
            int columns = image.Width + op.Padding.Left + op.Padding.Right - reach.Width - (output.Width - 1) * op.Stride.Width;
            return layer.Emit("input", new TransposedConvolution(op.Kernel, op.Stride, op.Padding, op.Groups, op.Dilation, rows + columns == 0 ? null : new Size2(rows, columns)), layer.Dy, [weight]);
        });
        layer.To(weight, () =>
        {
            string gradient = layer.Emit("weight", new ConvolutionWeightGradient(op.Kernel, op.Stride, op.Padding, op.Groups, op.Dilation), x, layer.Dy);
            return op.ConnectionTable.IsDefaultOrEmpty ? gradient : layer.Times(gradient, layer.Literal("connections", Connections(op, layer.ShapeOf(weight))));
        });
        layer.To(layer.ConstantAt(1), () => layer.Sum(layer.Dy, [0, 2, 3], keep: false));
    }

    /// <summary>1 where a weight exists, [O, I, 1, 1].</summary>
    private static Tensor Connections(Convolution op, Shape weight)
    {
        var mask = new float[weight[0] * weight[1]];
        for (int output = 0; output < weight[0]; output++)
        {
            for (int input = 0; input < weight[1]; input++)
                mask[output * weight[1] + input] = op.Connects(output, input) ? 1 : 0;
        }
        return Tensor.Of(Shape.Of(weight[0], weight[1], 1, 1), mask);
    }

    private static Size2 Image(Shape shape) => new(shape[2], shape[3]);
}

/// <summary>The transpose of the transpose is the convolution; what the output padding added beyond the padding is reached by no kernel.</summary>
internal sealed class TransposedConvolutionRule : GradientRule<TransposedConvolution>
{
    protected override void Apply(TransposedConvolution op, LayerBackward layer)
    {
        var extra = op.OutputPadding ?? default;
        var shape = layer.ShapeOf(layer.Dy);
        int rows = Math.Max(0, extra.Height - op.Padding.Bottom), columns = Math.Max(0, extra.Width - op.Padding.Right);
        string dy = layer.Sliced(layer.Sliced(layer.Dy, 2, 0, shape[2] - rows), 3, 0, shape[3] - columns);
        var padding = op.Padding with { Bottom = Math.Max(0, op.Padding.Bottom - extra.Height), Right = Math.Max(0, op.Padding.Right - extra.Width) };
        string weight = layer.Layer.Constants[0];
        layer.To(layer.X(0), () => layer.Emit("input", new Convolution(op.Kernel, op.Stride, padding, op.Groups, Dilation: op.Dilation), dy, [weight]));
        layer.To(weight, () => layer.Emit("weight", new ConvolutionWeightGradient(op.Kernel, op.Stride, padding, op.Groups, op.Dilation), dy, layer.X(0)));
        layer.To(layer.ConstantAt(1), () => layer.Sum(layer.Dy, [0, 2, 3], keep: false));
    }
}
