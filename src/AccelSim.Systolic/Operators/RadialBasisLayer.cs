using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Squared distances to fixed centres: a subtraction and a multiplication for each input and centre. It has no integer form, so it is timed only.</summary>
internal sealed class RadialBasisLayer : LayerImplementation<RadialBasis>
{
    protected override LayerWork Work(RadialBasis op, LayerGraph graph, Layer layer) => new VectorLayer(
        2 * graph.TypeOf(layer.Name).Shape.Elements * graph.TypeOf(layer.Inputs[0]).Shape[1], "a subtraction and a multiplication for each input and centre");

    protected override LayerExecution Prepare(RadialBasis op, LayerGraph graph, Layer layer, ArrayConfiguration array) =>
        throw new UnsupportedOperatorException(array.Name, layer.Name, op.Name, "it has no integer form");
}
