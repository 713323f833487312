using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Functional;

namespace AccelSim.Systolic.Operators;

/// <summary>A layer that is a matrix product on the array.</summary>
internal abstract class MatrixLayerImplementation<T> : LayerImplementation<T>, IMatrixLayerImplementation
    where T : Operator
{
    /// <inheritdoc/>
    public MatrixExecution PrepareMatrix(LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        var op = (T)layer.Operator;
        MatrixWork work = MatrixOf(op, graph, layer);
        return new MatrixExecution(
            LayerMapping.Choose(work, array).Grid,
            InputsOf(op, work, graph, layer),
            ArithmeticOf(op),
            ZeroPointOf(graph, layer.Inputs[0]),
            graph.ConstantOf(layer, 0)!.Value,
            graph.ConstantOf(layer, 1)!.Value,
            graph.TypeOf(layer.Name).Shape);
    }

    protected sealed override LayerWork Work(T op, LayerGraph graph, Layer layer) => new MatrixLayer(MatrixOf(op, graph, layer));

    protected sealed override LayerExecution Prepare(T op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        MatrixExecution execution = PrepareMatrix(graph, layer, array);
        return (inputs, cancellation) => execution.Run(inputs[0], cancellation);
    }

    protected abstract MatrixWork MatrixOf(T op, LayerGraph graph, Layer layer);

    protected abstract ArrayInputs InputsOf(T op, MatrixWork work, LayerGraph graph, Layer layer);

    protected abstract MacArithmetic ArithmeticOf(T op);
}

/// <summary>What all implementations on the array share, whatever their operator.</summary>
internal interface IMatrixLayerImplementation
{
    /// <summary>Prepares the layer of a quantized graph as a matrix product.</summary>
    MatrixExecution PrepareMatrix(LayerGraph graph, Layer layer, ArrayConfiguration array);
}
