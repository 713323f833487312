using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>
/// Cross-correlation of [N, C, H, W] with weights [O, C ÷ groups, KH, KW]; padding contributes real 0 (q = z_x).
/// Depthwise when groups = C. Float: y = clamp(bias + Σ x·w). Integer: see <see cref="MacArithmetic"/>.
/// </summary>
/// <param name="ConnectionTable">
/// For each output channel, the input channels that it reads (LeCun et al. 1998, Table I); empty when it reads all of its group.
/// Weights outside the table are 0, so that backends may execute the layer as a dense one; only the cost knows the table.
/// </param>
/// <param name="Dilation">Rows and columns from one tap to the next; null is 1×1 (Yu and Koltun, ICLR 2016).</param>
public sealed record Convolution(
    Size2 Kernel,
    Size2 Stride,
    Padding Padding,
    int Groups = 1,
    ClampKind Clamp = ClampKind.None,
    MacArithmetic? Integer = null,
    ImmutableArray<ImmutableArray<int>> ConnectionTable = default,
    Size2? Dilation = null) : Operator, IClamped
{
    /// <summary>Rows and columns from one tap of the kernel to the next.</summary>
    public Size2 Spacing => Dilation ?? Size2.Square(1);

    public override int WeightKernels => 1;

    public override bool IsInteger => Integer is not null;

    public override ImmutableArray<string> ConstantRoles => ["weight", "bias"];

    public override int RequiredConstants => IsInteger ? 2 : 1;

    public override bool HasOutputCount => true;

    public override ImmutableArray<Shape> ConstantShapes(IReadOnlyList<TensorType> inputs, int outputs)
    {
        RequireRank(inputs[0], 4, "The input");
        if (Groups < 1 || inputs[0].Channels % Groups != 0)
            throw new GraphException($"{Groups} groups do not divide {inputs[0].Channels} input channels.");
        return [Shape.Of(outputs, inputs[0].Channels / Groups, Kernel.Height, Kernel.Width), Shape.Of(outputs)];
    }

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
        if (HasConnectionTable && (Groups != 1 || ConnectionTable.Length != outputs || ConnectionTable.Any(row => row.Any(channel => channel < 0 || channel >= input.Channels))))
            throw new GraphException($"The connection table must list input channels below {input.Channels} for each of {outputs} output channels, with one group.");
        Size2 image = Sliding.Output(input.Image, Kernel, Stride, Padding, Dilation);
        return Activations(Shape.Of(input.Shape[0], outputs, image.Height, image.Width), Integer?.Requantization.Output);
    }

    public override long Macs(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants, TensorType output) =>
        output.Shape.Elements / output.Channels * ConnectedWeights(constants[0]);

    public override long Parameters(IReadOnlyList<TensorType> constants) =>
        ConnectedWeights(constants[0]) + constants.Skip(1).Sum(bias => bias.Shape.Elements);

    /// <summary>Whether the weight from an input to an output channel exists.</summary>
    public bool Connects(int output, int input) => !HasConnectionTable || ConnectionTable[output].Contains(input);

    public Operator WithClamp(ClampKind clamp) => this with { Clamp = clamp };

    private bool HasConnectionTable => !ConnectionTable.IsDefaultOrEmpty;

    private long ConnectedWeights(TensorType weight) =>
        HasConnectionTable ? ConnectionTable.Sum(row => (long)row.Length) * Kernel.Area : weight.Shape.Elements;

    public override string Describe() =>
        $"{Kernel}{(Stride == Size2.Square(1) ? "" : $" stride {(Stride.Height == Stride.Width ? Stride.Height : Stride)}")}"
        + $"{(Padding == Padding.None ? "" : $" pad {Padding}")}{(Spacing == Size2.Square(1) ? "" : $" dilation {Spacing}")}{(Groups == 1 ? "" : $" groups {Groups}")}{(HasConnectionTable ? " partial" : "")}{Clamp.Suffix()}";
}
