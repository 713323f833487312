using AccelSim.Graph;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>Mean of an image: one addition an element, and one requantization or multiplication a result.</summary>
internal sealed class GlobalAveragePoolLayer : VectorLayerImplementation<GlobalAveragePool>
{
    protected override LayerWork Work(GlobalAveragePool op, LayerGraph graph, Layer layer) => new VectorLayer(
        ShapeOf(graph, layer.Inputs[0]).Elements + OutputsOf(graph, layer),
        $"one addition an element and one {(op.IsInteger ? "requantization" : "multiplication")} a channel");

    protected override LayerExecution PrepareCodes(GlobalAveragePool op, LayerGraph graph, Layer layer)
    {
        (Shape shape, Windows windows) = WindowsOf(graph, layer);
        Requantization arithmetic = op.Integer!;
        int zero = ZeroPointOf(graph, layer.Inputs[0]);
        return (operands, _) => Tensor.Of(shape, windows.Pool(operands.Inputs[0].Int8, (plane, window) => FixedPoint.Requantize(
            windows.Sum(plane, window, zero), arithmetic.Multiplier[0], arithmetic.Shift[0], arithmetic.Output.ZeroPoint, arithmetic.Low, arithmetic.High)));
    }

    protected override LayerExecution PrepareReals(GlobalAveragePool op, LayerGraph graph, Layer layer)
    {
        (Shape shape, Windows windows) = WindowsOf(graph, layer);
        return (operands, _) => Tensor.Of(shape, windows.Pool(
            operands.Inputs[0].Float32, (plane, window) => (float)(windows.Sum(plane, window) / windows.Image.Area)));
    }

    private static (Shape Shape, Windows Windows) WindowsOf(LayerGraph graph, Layer layer)
    {
        Size2 image = graph.TypeOf(layer.Inputs[0]).Image;
        return (ShapeOf(graph, layer.Name), new Windows(image, Size2.Square(1), image, Size2.Square(1), Padding.None));
    }
}
