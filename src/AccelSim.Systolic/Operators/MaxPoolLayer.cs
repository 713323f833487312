using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Largest element of a window: one comparison an element of the window.</summary>
internal sealed class MaxPoolLayer : LayerImplementation<MaxPool>
{
    protected override LayerWork Work(MaxPool op, LayerGraph graph, Layer layer) =>
        new VectorLayer(graph.TypeOf(layer.Name).Shape.Elements * op.Kernel.Area, "one comparison an element of each window");

    protected override LayerExecution Prepare(MaxPool op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        var windows = new Windows(graph.TypeOf(layer.Inputs[0]), graph.TypeOf(layer.Name), op.Kernel, op.Stride, op.Padding);
        return (inputs, _) => windows.Pool(inputs[0], (plane, window) =>
        {
            sbyte largest = sbyte.MinValue;
            for (int row = window.Top; row < window.Bottom; row++)
            {
                for (int column = window.Left; column < window.Right; column++)
                    largest = Math.Max(largest, plane[row * windows.Width + column]);
            }
            return largest;
        });
    }
}
