using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>[N, I] times weights [O, I] transposed, plus bias. Integer: see <see cref="MacArithmetic"/>.</summary>
public sealed record FullyConnected(ClampKind Clamp = ClampKind.None, MacArithmetic? Integer = null) : Operator, IClamped
{
    public override bool IsInteger => Integer is not null;

    public override int WeightKernels => 1;

    public override ImmutableArray<string> ConstantRoles => ["weight", "bias"];

    public override int RequiredConstants => IsInteger ? 2 : 1;

    public override bool HasOutputCount => true;

    public override ImmutableArray<Shape> ConstantShapes(IReadOnlyList<TensorType> inputs, int outputs)
    {
        RequireRank(inputs[0], 2, "The input");
        return [Shape.Of(outputs, inputs[0].Shape[1]), Shape.Of(outputs)];
    }

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var (input, weight) = (inputs[0], constants[0]);
        RequireActivation(input);
        RequireRank(input, 2, "The input");
        RequireRank(weight, 2, "The weight");
        int outputs = weight.Shape[0];
        RequireShape(weight, Shape.Of(outputs, input.Shape[1]), IsInteger ? ElementType.Int8 : ElementType.Float32, "The weight");
        if (constants.Count > 1)
            RequireShape(constants[1], Shape.Of(outputs), IsInteger ? ElementType.Int32 : ElementType.Float32, "The bias");
        Integer?.Validate(outputs);
        return Activations(Shape.Of(input.Shape[0], outputs), Integer?.Requantization.Output);
    }

    public override long Macs(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants, TensorType output) =>
        output.Shape.Elements * inputs[0].Shape[1];

    public Operator WithClamp(ClampKind clamp) => this with { Clamp = clamp };

    public override string Describe() => Clamp.Suffix().TrimStart();
}
