using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>
/// The transpose of <see cref="Convolution"/> as a linear map ("deconvolution"; Dumoulin and Visin, arXiv:1603.07285, chapter 4), which is also the
/// gradient of a convolution with respect to its input: each input element adds its kernel, scaled, to the output at stride distance; the padding is
/// cut off, and <paramref name="OutputPadding"/> rows and columns that few kernels reach are added at the bottom and the right. Weights are
/// [I, O ÷ groups, KH, KW], the layout of the forward convolution. Float only.
/// </summary>
public sealed record TransposedConvolution(
    Size2 Kernel,
    Size2 Stride,
    Padding Padding,
    int Groups = 1,
    Size2? Dilation = null,
    Size2? OutputPadding = null) : Operator
{
    public override bool IsInteger => false;

    public override int WeightKernels => 1;

    public override ImmutableArray<string> ConstantRoles => ["weight", "bias"];

    public override int RequiredConstants => 1;

    public override bool HasOutputCount => true;

    public override ImmutableArray<Shape> ConstantShapes(IReadOnlyList<TensorType> inputs, int outputs)
    {
        RequireRank(inputs[0], 4, "The input");
        if (Groups < 1 || outputs % Groups != 0)
            throw new GraphException($"{Groups} groups do not divide {outputs} output channels.");
        return [Shape.Of(inputs[0].Channels, outputs / Groups, Kernel.Height, Kernel.Width), Shape.Of(outputs)];
    }

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var (input, weight) = (inputs[0], constants[0]);
        RequireActivation(input);
        RequireRank(input, 4, "The input");
        RequireRank(weight, 4, "The weight");
        if (Groups < 1 || input.Channels % Groups != 0)
            throw new GraphException($"{Groups} groups do not divide {input.Channels} input channels.");
        RequireShape(weight, Shape.Of(input.Channels, weight.Shape[1], Kernel.Height, Kernel.Width), ElementType.Float32, "The weight");
        int outputs = checked(weight.Shape[1] * Groups);
        if (constants.Count > 1)
            RequireShape(constants[1], Shape.Of(outputs), ElementType.Float32, "The bias");
        var reach = Sliding.Reach(Kernel, Dilation);
        var extra = OutputPadding ?? default;
        if (Stride.Height < 1 || Stride.Width < 1 || extra.Height < 0 || extra.Width < 0)
            throw new GraphException($"The stride {Stride} must be at least 1×1 and the output padding {extra} not negative.");
        int height = checked((input.Image.Height - 1) * Stride.Height + reach.Height + extra.Height - Padding.Top - Padding.Bottom);
        int width = checked((input.Image.Width - 1) * Stride.Width + reach.Width + extra.Width - Padding.Left - Padding.Right);
        return Activations(Shape.Of(input.Shape[0], outputs, height, width), null);
    }

    public override long Macs(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants, TensorType output) =>
        checked(inputs[0].Shape.Elements / inputs[0].Channels * constants[0].Shape.Elements);

    public override string Describe() => $"{Kernel}{(Stride == Size2.Square(1) ? "" : $" stride {Stride}")}{(Padding == Padding.None ? "" : $" pad {Padding}")}{(Groups == 1 ? "" : $" groups {Groups}")}";
}
