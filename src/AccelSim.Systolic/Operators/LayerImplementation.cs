using AccelSim.Graph;
using AccelSim.Systolic.Folding;

namespace AccelSim.Systolic.Operators;

/// <summary>Computes one layer from the values of its inputs.</summary>
internal delegate Tensor LayerExecution(IReadOnlyList<Tensor> inputs, CancellationToken cancellation);

/// <summary>What a layer asks of the hardware.</summary>
internal abstract record LayerWork;

/// <summary>A matrix product on the array.</summary>
internal sealed record MatrixLayer(MatrixWork Work) : LayerWork;

/// <summary>Elementwise work on the vector unit.</summary>
/// <param name="Operations">Lane operations: each takes one lane for one cycle.</param>
/// <param name="Charge">What an operation is, for the layer's note.</param>
internal sealed record VectorLayer(long Operations, string Charge) : LayerWork;

/// <summary>How this backend times and computes one operator.</summary>
internal abstract class LayerImplementation
{
    /// <summary>The work of a layer, from its shapes alone, so that a graph without weights can be timed.</summary>
    public abstract LayerWork Work(LayerGraph graph, Layer layer);

    /// <summary>Prepares the layer of a quantized graph.</summary>
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

    /// <summary>Scale and zero point of an int8 value.</summary>
    protected static int ZeroPointOf(LayerGraph graph, string value) => graph.TypeOf(value).Quantization!.Value.ZeroPoint;
}
