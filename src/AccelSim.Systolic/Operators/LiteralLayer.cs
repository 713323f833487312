using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>A constant becomes an activation: its elements move from the weight memory to the activation memory.</summary>
internal sealed class LiteralLayer : LayerImplementation<Literal>
{
    protected override LayerWork Work(Literal op, LayerGraph graph, Layer layer) => new VectorLayer(OutputsOf(graph, layer), "one move an element from the weights");

    protected override LayerExecution Prepare(Literal op, LayerGraph graph, Layer layer, ArrayConfiguration array) => (operands, _) => operands.Constants[0];
}
