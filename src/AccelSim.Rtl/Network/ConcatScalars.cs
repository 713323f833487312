using AccelSim.Graph;

namespace AccelSim.Rtl.Network;

/// <summary>How an operand of a concat comes to the result's scale.</summary>
/// <param name="Multiplier">M of numerics.md, as wide as the stage's.</param>
/// <param name="Shift">S of numerics.md.</param>
internal readonly record struct ConcatOperand(int ZeroPoint, long Multiplier, int Shift);

/// <summary>The constants of a concat_stage, which appends one operand of a layer's to those before it.</summary>
internal sealed record ConcatScalars(ConcatOperand A, ConcatOperand B, int ZeroPoint, int Low, int High)
{
    /// <exception cref="InvalidOperationException">The layer is no quantized concat.</exception>
    public static ConcatScalars Of(LayerGraph graph, StageNode node)
    {
        var concat = (Concat)node.Layer.Operator;
        var result = graph.TypeOf(node.Layer.Name).Quantization!.Value;
        int bits = node.Shape.MultiplierBits;
        return new ConcatScalars(
            OperandAt(node.Operand == 1 ? 0 : null), OperandAt(node.Operand),
            result.ZeroPoint, concat.Integer?.Low ?? sbyte.MinValue, concat.Integer?.High ?? sbyte.MaxValue);

        // What is copied, such as what an earlier step of the chain has given, is multiplied by one.
        ConcatOperand OperandAt(int? place) =>
            place is not { } at || concat.Copies(graph.TypeOf(node.Layer.Inputs[at]))
                ? new ConcatOperand(result.ZeroPoint, 1L << (bits - 1), bits - 1)
                : new ConcatOperand(graph.TypeOf(node.Layer.Inputs[at]).Quantization!.Value.ZeroPoint, concat.Integer!.Multiplier[at], concat.Integer.Shift[at]);
    }
}
