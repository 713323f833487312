namespace AccelSim.Graph;

/// <summary>Largest element of a window; padding never wins. Float or int8, whose scale and zero point pass through.</summary>
public sealed record MaxPool(Size2 Kernel, Size2 Stride, Padding Padding) : Operator
{
    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var input = inputs[0];
        RequireRank(input, 4, "The input");
        Size2 image = Sliding.Output(input.Image, Kernel, Stride, Padding);
        if (Padding.Top >= Kernel.Height || Padding.Bottom >= Kernel.Height || Padding.Left >= Kernel.Width || Padding.Right >= Kernel.Width)
            throw new GraphException($"Padding {Padding} would put a whole {Kernel} window outside the image.");
        return input with { Shape = Shape.Of(input.Shape[0], input.Channels, image.Height, image.Width) };
    }

    public override string Describe() => $"{Kernel}{(Stride == Kernel ? "" : $" stride {Stride.Height}")}{(Padding == Padding.None ? "" : $" pad {Padding}")}";
}
