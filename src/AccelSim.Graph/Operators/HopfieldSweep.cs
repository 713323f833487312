using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>
/// One asynchronous sweep of a Hopfield network (Hopfield, PNAS 79, 1982) over states of ±1, [N, U]: unit by unit in index order,
/// s_i becomes the sign of Σ_j w_ij·s_j, with the units already updated, and stays where the sum is 0. Weights [U, U] are symmetric with a zero diagonal,
/// so that the energy −½ Σ w_ij·s_i·s_j never rises. Float only.
/// </summary>
public sealed record HopfieldSweep : Operator
{
    public override bool IsInteger => false;

    public override int WeightKernels => 1;

    public override ImmutableArray<string> ConstantRoles => ["weight"];

    public override int RequiredConstants => 1;

    public override ImmutableArray<Shape> ConstantShapes(IReadOnlyList<TensorType> inputs, int outputs)
    {
        RequireRank(inputs[0], 2, "The states");
        return [Shape.Of(inputs[0].Shape[1], inputs[0].Shape[1])];
    }

    /// <summary>Its weights are a sum over the patterns.</summary>
    public override int LearnedConstants => 0;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        RequireActivation(inputs[0]);
        RequireRank(inputs[0], 2, "The states");
        int units = inputs[0].Shape[1];
        RequireShape(constants[0], Shape.Of(units, units), ElementType.Float32, "The weight");
        return inputs[0];
    }

    /// <summary>U·(U − 1) a state: the diagonal is not there.</summary>
    public override long Macs(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants, TensorType output) =>
        checked(output.Shape.Elements * (output.Shape[1] - 1));

    /// <summary>The distinct weights.</summary>
    public override long Parameters(IReadOnlyList<TensorType> constants) => constants[0].Shape[0] * (constants[0].Shape[0] - 1L) / 2;
}
