namespace AccelSim.Graph;

/// <summary>
/// The gradient of <see cref="AveragePool"/> from its output's gradient [N, C, H', W'] to its input's [N, C, H, W]: each window's gradient, divided by the window's
/// count, is added to every element under it. Float only.
/// </summary>
/// <param name="Image">H and W of the pool's input.</param>
/// <param name="Kernel">The pool's window.</param>
/// <param name="Stride">The pool's stride.</param>
/// <param name="Padding">The pool's padding.</param>
/// <param name="CountPadding">Whether the pool counts padding.</param>
public sealed record AveragePoolGradient(Size2 Image, Size2 Kernel, Size2 Stride, Padding Padding, bool CountPadding = false) : Operator
{
    public override bool IsInteger => false;

    public AveragePool Pool => new(Kernel, Stride, Padding, CountPadding);

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var dy = inputs[0];
        RequireActivation(dy);
        RequireRank(dy, 4, "The output's gradient");
        var input = Activations(Shape.Of(dy.Shape[0], dy.Channels, Image.Height, Image.Width), null);
        RequireShape(dy, Pool.Infer([input], []).Shape, ElementType.Float32, "The output's gradient");
        return input;
    }

    public override string Describe() => $"{Kernel} stride {Stride}";
}
