using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Another shape for the same elements: a view, but where an image's channels and pixels mix.</summary>
internal sealed class ReshapeLayer : LayerImplementation<Reshape>
{
    protected override LayerWork Work(Reshape op, LayerGraph graph, Layer layer) => MemoryOrder.WorkOf(ShapeOf(graph, layer.Inputs[0]), ShapeOf(graph, layer.Name));

    protected override LayerExecution Prepare(Reshape op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        Shape shape = ShapeOf(graph, layer.Name);
        return (operands, _) => operands.Inputs[0].Reshape(shape);
    }
}
