using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>How this backend times and computes one operator.</summary>
internal abstract class LayerImplementation
{
    /// <summary>The work of a layer, from its shapes alone, so that a graph without weights can be timed.</summary>
    public abstract LayerWork Work(LayerGraph graph, Layer layer);

    /// <summary>Prepares the layer of a graph with weights.</summary>
    public abstract LayerExecution Prepare(LayerGraph graph, Layer layer, ArrayConfiguration array);
}

/// <summary>An implementation for one operator type.</summary>
internal abstract class LayerImplementation<T> : LayerImplementation
    where T : Operator
{
    /// <inheritdoc/>
    public sealed override LayerWork Work(LayerGraph graph, Layer layer) => Work((T)layer.Operator, graph, layer);

    /// <inheritdoc/>
    public sealed override LayerExecution Prepare(LayerGraph graph, Layer layer, ArrayConfiguration array) =>
        Prepare((T)layer.Operator, graph, layer, array);

    protected abstract LayerWork Work(T op, LayerGraph graph, Layer layer);

    protected abstract LayerExecution Prepare(T op, LayerGraph graph, Layer layer, ArrayConfiguration array);

    /// <summary>The code of real 0 in an int8 value.</summary>
    protected static int ZeroPointOf(LayerGraph graph, string value) => graph.TypeOf(value).Quantization!.Value.ZeroPoint;

    protected static Shape ShapeOf(LayerGraph graph, string value) => graph.TypeOf(value).Shape;

    /// <summary>Elements that the layer produces.</summary>
    protected static long OutputsOf(LayerGraph graph, Layer layer) => ShapeOf(graph, layer.Name).Elements;
}
