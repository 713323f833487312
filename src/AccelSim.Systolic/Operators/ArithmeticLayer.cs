using AccelSim.Graph;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>A function of two elements that has no integer form, at the cost that <see cref="LaneOperations"/> says.</summary>
internal sealed class ArithmeticLayer : FloatLayerImplementation<Arithmetic>
{
    protected override LayerWork Work(Arithmetic op, LayerGraph graph, Layer layer)
    {
        int each = LaneOperations.Of(op.Kind);
        return new VectorLayer(each * OutputsOf(graph, layer), $"{each} operations an element for {op.Describe()}");
    }

    protected override float[] Compute(Arithmetic op, LayerOperands operands, Shape output)
    {
        (Tensor first, Tensor second) = (operands.Inputs[0], operands.Inputs[1]);
        return new ElementPairs(first.Shape, second.Shape, output).Combine(first.Float32, second.Float32, (a, b) => (float)op.Kind.Evaluate(a, b));
    }
}
