using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>
/// Half a Gibbs step of a restricted Boltzmann machine (Hinton, "A Practical Guide to Training Restricted Boltzmann Machines", 2012): the probabilities of
/// the hidden units [N, H] given the visible ones [N, V], σ(v·Wᵀ + b), or <paramref name="Downward"/> of the visible given the hidden, σ(h·W + a). Weights [H, V]. Float only.
/// </summary>
public sealed record BoltzmannLayer(bool Downward = false) : Operator
{
    public override bool IsInteger => false;

    public override int WeightKernels => 1;

    public override ImmutableArray<string> ConstantRoles => ["weight", "hidden_bias", "visible_bias"];

    public override int RequiredConstants => 3;

    public override bool HasOutputCount => true;

    public override ImmutableArray<Shape> ConstantShapes(IReadOnlyList<TensorType> inputs, int outputs)
    {
        RequireRank(inputs[0], 2, "The units");
        var (hidden, visible) = Downward ? (inputs[0].Shape[1], outputs) : (outputs, inputs[0].Shape[1]);
        return [Shape.Of(hidden, visible), Shape.Of(hidden), Shape.Of(visible)];
    }

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        RequireActivation(inputs[0]);
        RequireRank(inputs[0], 2, "The units");
        RequireRank(constants[0], 2, "The weight");
        int hidden = constants[0].Shape[0], visible = constants[0].Shape[1];
        RequireElement(constants[0], ElementType.Float32, "The weight");
        RequireShape(constants[1], Shape.Of(hidden), ElementType.Float32, "The hidden bias");
        RequireShape(constants[2], Shape.Of(visible), ElementType.Float32, "The visible bias");
        RequireShape(inputs[0], Shape.Of(inputs[0].Shape[0], Downward ? hidden : visible), ElementType.Float32, "The units");
        return Activations(Shape.Of(inputs[0].Shape[0], Downward ? visible : hidden), null);
    }

    public override long Macs(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants, TensorType output) =>
        checked(output.Shape[0] * constants[0].Shape.Elements);

    public override string Describe() => Downward ? "visible given hidden" : "hidden given visible";
}
