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

/// <summary>Any convolution, as one matrix product a group over the patches under its kernel.</summary>
internal sealed class ConvolutionLayer : MatrixLayerImplementation<Convolution>
{
    protected override MatrixWork MatrixOf(Convolution op, LayerGraph graph, Layer layer)
    {
        Shape output = graph.TypeOf(layer.Name).Shape;
        Shape weight = graph.TypeOf(layer.Constants[0]).Shape;
        return new MatrixWork(
            op.Groups,
            checked(output[0] * output[2] * output[3]),
            checked((int)(weight.Elements / weight[0])),
            output[1] / op.Groups);
    }

    protected override ArrayInputs InputsOf(Convolution op, MatrixWork work, LayerGraph graph, Layer layer) =>
        new PatchMatrix(op, graph.TypeOf(layer.Inputs[0]), graph.TypeOf(layer.Name));

    protected override MacArithmetic ArithmeticOf(Convolution op) => op.Integer!;
}

/// <summary>A fully connected layer as one matrix product whose pixels are the images of the batch.</summary>
internal sealed class FullyConnectedLayer : MatrixLayerImplementation<FullyConnected>
{
    protected override MatrixWork MatrixOf(FullyConnected op, LayerGraph graph, Layer layer)
    {
        Shape weight = graph.TypeOf(layer.Constants[0]).Shape;
        return new MatrixWork(1, graph.TypeOf(layer.Name).Shape[0], weight[1], weight[0]);
    }

    protected override ArrayInputs InputsOf(FullyConnected op, MatrixWork work, LayerGraph graph, Layer layer) => new FeatureMatrix(work.Depth);

    protected override MacArithmetic ArithmeticOf(FullyConnected op) => op.Integer!;
}
