using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Moves bytes from the channel order of the array to one vector an image; nothing moves where an image is one pixel.</summary>
internal sealed class FlattenLayer : LayerImplementation<Flatten>
{
    protected override LayerWork Work(Flatten op, LayerGraph graph, Layer layer)
    {
        Shape input = graph.TypeOf(layer.Inputs[0]).Shape;
        return input.Elements == (long)input[0] * input[1]
            ? new VectorLayer(0, "a view: an image of one pixel lies in memory as the vector it becomes")
            : new VectorLayer(input.Elements, "one move an element");
    }

    protected override LayerExecution Prepare(Flatten op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        Shape shape = graph.TypeOf(layer.Name).Shape;
        return (inputs, _) => inputs[0].Reshape(shape);
    }
}
