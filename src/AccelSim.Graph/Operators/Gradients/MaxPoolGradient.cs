namespace AccelSim.Graph;

/// <summary>
/// The gradient of <see cref="MaxPool"/>: from its input and its output's gradient to the input's. Each window's gradient goes to its first maximum in row-major
/// order, and windows that share it add up. Float only.
/// </summary>
public sealed record MaxPoolGradient(Size2 Kernel, Size2 Stride, Padding Padding, Size2? Dilation = null) : Operator
{
    public override int FewestInputs => 2;

    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        RequireActivation(inputs[0]);
        var output = new MaxPool(Kernel, Stride, Padding, Dilation).Infer([inputs[0]], []);
        RequireShape(inputs[1], output.Shape, ElementType.Float32, "The output's gradient");
        return inputs[0];
    }

    public override string Describe() => $"{Kernel} stride {Stride}";
}
