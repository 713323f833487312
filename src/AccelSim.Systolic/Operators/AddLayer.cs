using AccelSim.Graph;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>Sum of two values on the vector unit: one lane operation an element.</summary>
internal sealed class AddLayer : VectorLayerImplementation<Add>
{
    protected override LayerWork Work(Add op, LayerGraph graph, Layer layer) => new VectorLayer(OutputsOf(graph, layer), "one addition an element");

    protected override LayerExecution PrepareCodes(Add op, LayerGraph graph, Layer layer)
    {
        AddArithmetic arithmetic = op.Integer!;
        (int zeroA, int zeroB) = (ZeroPointOf(graph, layer.Inputs[0]), ZeroPointOf(graph, layer.Inputs[1]));
        Shape shape = ShapeOf(graph, layer.Name);
        var pairs = new ElementPairs(ShapeOf(graph, layer.Inputs[0]), ShapeOf(graph, layer.Inputs[1]), shape);
        return (operands, _) => Tensor.Of(shape, pairs.Combine(operands.Inputs[0].Int8, operands.Inputs[1].Int8, (a, b) =>
        {
            long sum = (long)(a - zeroA) * arithmetic.MultiplierA + (long)(b - zeroB) * arithmetic.MultiplierB;
            return FixedPoint.Saturate(FixedPoint.RoundShift(sum, arithmetic.Shift), arithmetic.Output.ZeroPoint, arithmetic.Low, arithmetic.High);
        }));
    }

    protected override LayerExecution PrepareReals(Add op, LayerGraph graph, Layer layer)
    {
        (float low, float high) = (op.Clamp.Low(), op.Clamp.High());
        Shape shape = ShapeOf(graph, layer.Name);
        var pairs = new ElementPairs(ShapeOf(graph, layer.Inputs[0]), ShapeOf(graph, layer.Inputs[1]), shape);
        return (operands, _) => Tensor.Of(shape, pairs.Combine(
            operands.Inputs[0].Float32, operands.Inputs[1].Float32, (a, b) => Math.Min(Math.Max(a + b, low), high)));
    }
}
