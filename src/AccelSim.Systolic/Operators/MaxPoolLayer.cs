using AccelSim.Graph;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>Largest element of a window: one comparison an element of the window.</summary>
internal sealed class MaxPoolLayer : VectorLayerImplementation<MaxPool>
{
    protected override LayerWork Work(MaxPool op, LayerGraph graph, Layer layer) =>
        new VectorLayer(OutputsOf(graph, layer) * op.Kernel.Area, "one comparison an element of each window");

    protected override LayerExecution PrepareCodes(MaxPool op, LayerGraph graph, Layer layer)
    {
        (Shape shape, Windows windows) = WindowsOf(op, graph, layer);
        return (operands, _) => Tensor.Of(shape, windows.Pool(operands.Inputs[0].Int8, (plane, window) => plane[windows.PlaceOfLargest(plane, window)]));
    }

    protected override LayerExecution PrepareReals(MaxPool op, LayerGraph graph, Layer layer)
    {
        (Shape shape, Windows windows) = WindowsOf(op, graph, layer);
        return (operands, _) => Tensor.Of(shape, windows.Pool(operands.Inputs[0].Float32, (plane, window) => plane[windows.PlaceOfLargest(plane, window)]));
    }

    private static (Shape Shape, Windows Windows) WindowsOf(MaxPool op, LayerGraph graph, Layer layer)
    {
        TensorType output = graph.TypeOf(layer.Name);
        return (output.Shape, new Windows(graph.TypeOf(layer.Inputs[0]).Image, output.Image, op.Kernel, op.Stride, op.Padding, op.Dilation));
    }
}
