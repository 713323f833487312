using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>Mean of a window: one addition an element of the window, and one requantization or division by a known count a result.</summary>
internal sealed class AveragePoolLayer : VectorLayerImplementation<AveragePool>
{
    protected override LayerWork Work(AveragePool op, LayerGraph graph, Layer layer) => new VectorLayer(
        OutputsOf(graph, layer) * (op.Kernel.Area + 1), $"one addition an element of each window and one {(op.IsInteger ? "requantization" : "multiplication")}");

    protected override LayerExecution PrepareCodes(AveragePool op, LayerGraph graph, Layer layer)
    {
        (Shape shape, Windows windows) = WindowsOf(op, graph, layer);
        Requantization arithmetic = op.Integer!;
        ImmutableArray<int> counts = op.Counts(windows.Image);
        int zero = ZeroPointOf(graph, layer.Inputs[0]);
        return (operands, _) => Tensor.Of(shape, windows.Pool(operands.Inputs[0].Int8, (plane, window) =>
        {
            int pair = counts.IndexOf(op.Count(windows.Image, window.Row, window.Column));
            return FixedPoint.Requantize(
                windows.Sum(plane, window, zero), arithmetic.Multiplier[pair], arithmetic.Shift[pair], arithmetic.Output.ZeroPoint, arithmetic.Low, arithmetic.High);
        }));
    }

    protected override LayerExecution PrepareReals(AveragePool op, LayerGraph graph, Layer layer)
    {
        (Shape shape, Windows windows) = WindowsOf(op, graph, layer);
        return (operands, _) => Tensor.Of(shape, windows.Pool(
            operands.Inputs[0].Float32, (plane, window) => (float)(windows.Sum(plane, window) / op.Count(windows.Image, window.Row, window.Column))));
    }

    private static (Shape Shape, Windows Windows) WindowsOf(AveragePool op, LayerGraph graph, Layer layer)
    {
        TensorType output = graph.TypeOf(layer.Name);
        return (output.Shape, new Windows(graph.TypeOf(layer.Inputs[0]).Image, output.Image, op.Kernel, op.Stride, op.Padding, op.Dilation));
    }
}
