using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Mean of a window: one addition an element of the window and one requantization a result.</summary>
internal sealed class AveragePoolLayer : LayerImplementation<AveragePool>
{
    protected override LayerWork Work(AveragePool op, LayerGraph graph, Layer layer) =>
        new VectorLayer(graph.TypeOf(layer.Name).Shape.Elements * (op.Kernel.Area + 1), "one addition an element of each window and one requantization");

    protected override LayerExecution Prepare(AveragePool op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        TensorType input = graph.TypeOf(layer.Inputs[0]);
        var windows = new Windows(input, graph.TypeOf(layer.Name), op.Kernel, op.Stride, op.Padding);
        Requantization arithmetic = op.Integer!;
        ImmutableArray<int> counts = op.Counts(input.Image);
        int zero = input.Quantization!.Value.ZeroPoint;
        return (inputs, _) => windows.Pool(inputs[0], (plane, window) =>
        {
            int pair = counts.IndexOf(op.Count(input.Image, window.Row, window.Column));
            return FixedPoint.Requantize(
                windows.Sum(plane, window, zero), arithmetic.Multiplier[pair], arithmetic.Shift[pair], arithmetic.Output.ZeroPoint, arithmetic.Low, arithmetic.High);
        });
    }
}
