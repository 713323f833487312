using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>
/// Squared distance of [N, I] to fixed centres [O, I]: y[o] = Σ (x[i] − w[o, i])², the output layer of LeCun et al. 1998
/// (section II.B), whose centres are not learned. Float only. The smallest output is the class.
/// </summary>
public sealed record RadialBasis : Operator
{
    public override bool IsInteger => false;

    public override int WeightKernels => 1;

    public override ImmutableArray<string> ConstantRoles => ["centre"];

    public override int RequiredConstants => 1;

    public override bool HasOutputCount => true;

    public override ImmutableArray<Shape> ConstantShapes(IReadOnlyList<TensorType> inputs, int outputs)
    {
        RequireRank(inputs[0], 2, "The input");
        return [Shape.Of(outputs, inputs[0].Shape[1])];
    }

    /// <summary>The centres are given.</summary>
    public override int LearnedConstants => 0;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        RequireActivation(inputs[0]);
        RequireRank(inputs[0], 2, "The input");
        RequireRank(constants[0], 2, "The centres");
        int outputs = constants[0].Shape[0];
        RequireShape(constants[0], Shape.Of(outputs, inputs[0].Shape[1]), ElementType.Float32, "The centres");
        return inputs[0] with { Shape = Shape.Of(inputs[0].Shape[0], outputs) };
    }

    public override long Macs(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants, TensorType output) =>
        output.Shape.Elements * inputs[0].Shape[1];

    public override long Parameters(IReadOnlyList<TensorType> constants) => 0;
}
