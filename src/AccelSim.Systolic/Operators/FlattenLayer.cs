using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Moves elements from the channel order of the array to one vector an image; nothing moves where an image is one pixel.</summary>
internal sealed class FlattenLayer : LayerImplementation<Flatten>
{
    protected override LayerWork Work(Flatten op, LayerGraph graph, Layer layer) => MemoryOrder.WorkOf(ShapeOf(graph, layer.Inputs[0]), ShapeOf(graph, layer.Name));

    protected override LayerExecution Prepare(Flatten op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        Shape shape = ShapeOf(graph, layer.Name);
        return (operands, _) => operands.Inputs[0].Reshape(shape);
    }
}
