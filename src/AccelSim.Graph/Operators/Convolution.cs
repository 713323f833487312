using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>
/// Cross-correlation of [N, C, H, W] with weights [O, C ÷ groups, KH, KW]; padding contributes real 0 (q = z_x).
/// Depthwise when groups = C. Float: y = clamp(bias + Σ x·w). Integer: see <see cref="MacArithmetic"/>.
/// </summary>
public sealed record Convolution(
    Size2 Kernel,
    Size2 Stride,
    Padding Padding,
    int Groups = 1,
    ClampKind Clamp = ClampKind.None,
    MacArithmetic? Integer = null) : Operator
{
    public override bool IsInteger => Integer is not null;

    public override ImmutableArray<string> ConstantRoles => ["weight", "bias"];

    public override int RequiredConstants => IsInteger ? 2 : 1;

    /// <summary>A 1×1 kernel over all channels: a matrix product per pixel.</summary>
    public bool IsPointwise => Kernel == Size2.Square(1) && Groups == 1;

    /// <summary>One filter a channel.</summary>
    public bool IsDepthwise(TensorType input) => Groups > 1 && Groups == input.Channels;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var (input, weight) = (inputs[0], constants[0]);
        RequireActivation(input);
        RequireRank(input, 4, "The input");
        RequireRank(weight, 4, "The weight");
        int outputs = weight.Shape[0];
        if (Groups < 1 || input.Channels % Groups != 0 || outputs % Groups != 0)
            throw new GraphException($"{Groups} groups do not divide {input.Channels} input and {outputs} output channels.");
        RequireShape(weight, Shape.Of(outputs, input.Channels / Groups, Kernel.Height, Kernel.Width),
            IsInteger ? ElementType.Int8 : ElementType.Float32, "The weight");
        if (constants.Count > 1)
            RequireShape(constants[1], Shape.Of(outputs), IsInteger ? ElementType.Int32 : ElementType.Float32, "The bias");
        Integer?.Validate(outputs);
        Size2 image = Sliding.Output(input.Image, Kernel, Stride, Padding);
        return Activations(Shape.Of(input.Shape[0], outputs, image.Height, image.Width), Integer?.Requantization.Output);
    }

    public override long Macs(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants, TensorType output) =>
        output.Shape.Elements * (constants[0].Shape.Elements / constants[0].Shape[0]);

    public override string Describe() =>
        $"{Kernel}{(Stride == Size2.Square(1) ? "" : $" stride {(Stride.Height == Stride.Width ? Stride.Height : Stride)}")}"
        + $"{(Padding == Padding.None ? "" : $" pad {Padding}")}{(Groups == 1 ? "" : $" groups {Groups}")}{Clamp.Suffix()}";
}
