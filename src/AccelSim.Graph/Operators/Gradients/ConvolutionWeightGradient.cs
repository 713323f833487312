namespace AccelSim.Graph;

/// <summary>
/// The gradient of <see cref="Convolution"/> with respect to its weights: from the input [N, C, H, W] and the gradient of the output [N, O, H', W'] to
/// [O, C ÷ groups, KH, KW], dw = Σ over images and positions of x·dy. Float only.
/// </summary>
public sealed record ConvolutionWeightGradient(Size2 Kernel, Size2 Stride, Padding Padding, int Groups = 1, Size2? Dilation = null) : Operator
{
    public override int FewestInputs => 2;

    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var (x, dy) = (inputs[0], inputs[1]);
        RequireActivation(x);
        RequireActivation(dy, "The output's gradient");
        RequireRank(x, 4, "The input");
        RequireRank(dy, 4, "The output's gradient");
        if (Groups < 1 || x.Channels % Groups != 0 || dy.Channels % Groups != 0)
            throw new GraphException($"{Groups} groups do not divide {x.Channels} input and {dy.Channels} output channels.");
        var image = Sliding.Output(x.Image, Kernel, Stride, Padding, Dilation);
        RequireShape(dy, Shape.Of(x.Shape[0], dy.Channels, image.Height, image.Width), ElementType.Float32, "The output's gradient");
        return Activations(Shape.Of(dy.Channels, x.Channels / Groups, Kernel.Height, Kernel.Width), null);
    }

    /// <summary>As many as the forward convolution.</summary>
    public override long Macs(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants, TensorType output) =>
        checked(inputs[1].Shape.Elements / inputs[1].Channels * output.Shape.Elements);

    public override string Describe() => $"{Kernel}{(Groups == 1 ? "" : $" groups {Groups}")}";
}
