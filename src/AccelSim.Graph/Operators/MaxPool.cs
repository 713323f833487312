namespace AccelSim.Graph;

/// <summary>Largest element of a window; padding never wins. Float or int8, whose scale and zero point pass through.</summary>
public sealed record MaxPool(Size2 Kernel, Size2 Stride, Padding Padding, Size2? Dilation = null) : Operator
{
    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var input = inputs[0];
        RequireMovable(input);
        RequireRank(input, 4, "The input");
        Size2 image = Sliding.Output(input.Image, Kernel, Stride, Padding, Dilation);
        Sliding.RequireTapsInside(input.Image, Kernel, Stride, Padding, Dilation);
        return input with { Shape = Shape.Of(input.Shape[0], input.Channels, image.Height, image.Width) };
    }

    public override string Describe() => $"{Kernel}{(Stride == Kernel ? "" : $" stride {Stride.Height}")}{(Padding == Padding.None ? "" : $" pad {Padding}")}";
}
