using AccelSim.Graph;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>Product of two values on the vector unit: one lane operation an element.</summary>
internal sealed class MultiplyLayer : VectorLayerImplementation<Multiply>
{
    protected override LayerWork Work(Multiply op, LayerGraph graph, Layer layer) => new VectorLayer(OutputsOf(graph, layer), "one multiplication an element");

    protected override LayerExecution PrepareCodes(Multiply op, LayerGraph graph, Layer layer)
    {
        Requantization arithmetic = op.Integer!;
        (int zeroA, int zeroB) = (ZeroPointOf(graph, layer.Inputs[0]), ZeroPointOf(graph, layer.Inputs[1]));
        (Shape shape, ElementPairs pairs) = PairsOf(graph, layer);
        return (operands, _) => Tensor.Of(shape, pairs.Combine(operands.Inputs[0].Int8, operands.Inputs[1].Int8, (a, b) => FixedPoint.Requantize(
            (a - zeroA) * (b - zeroB), arithmetic.Multiplier[0], arithmetic.Shift[0], arithmetic.Output.ZeroPoint, arithmetic.Low, arithmetic.High)));
    }

    protected override LayerExecution PrepareReals(Multiply op, LayerGraph graph, Layer layer)
    {
        (Shape shape, ElementPairs pairs) = PairsOf(graph, layer);
        return (operands, _) => Tensor.Of(shape, pairs.Combine(operands.Inputs[0].Float32, operands.Inputs[1].Float32, (a, b) => a * b));
    }

    private static (Shape Shape, ElementPairs Pairs) PairsOf(LayerGraph graph, Layer layer)
    {
        Shape shape = ShapeOf(graph, layer.Name);
        return (shape, new ElementPairs(ShapeOf(graph, layer.Inputs[0]), ShapeOf(graph, layer.Inputs[1]), shape));
    }
}
