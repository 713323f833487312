using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Functional;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>A product with the weights, or with their transpose, and a sigmoid on the way out.</summary>
internal sealed class BoltzmannLayerLayer : LayerImplementation<BoltzmannLayer>
{
    protected override LayerWork Work(BoltzmannLayer op, LayerGraph graph, Layer layer) =>
        new MatrixLayer(WorkOf(graph, layer), [layer.Inputs[0]], [layer.Constants[0], layer.Constants[BiasOf(op)]])
        {
            Finish = new VectorLayer(
                (1 + LaneOperations.Sigmoid) * OutputsOf(graph, layer), $"{1 + LaneOperations.Sigmoid} operations an element for bias and sigmoid"),
        };

    protected override LayerExecution Prepare(BoltzmannLayer op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        MatrixWork work = WorkOf(graph, layer);
        var product = new RowProduct(array, work);
        Shape output = ShapeOf(graph, layer.Name);
        return (operands, cancellation) =>
        {
            Tensor weight = operands.Constants[0];
            float[]? turned = op.Downward ? Transposed(weight) : null;
            float[] sums = product.Run(() => operands.Inputs[0].Float32, () => turned is null ? weight.Float32 : turned, cancellation);
            ReadOnlySpan<float> bias = operands.Constants[BiasOf(op)].Float32;
            for (int i = 0; i < sums.Length; i++)
                sums[i] = (float)ActivationKind.Sigmoid.Evaluate(sums[i] + bias[i % work.Filters]);
            return Tensor.Of(output, sums);
        };
    }

    private static int BiasOf(BoltzmannLayer op) => op.Downward ? 2 : 1;

    private static MatrixWork WorkOf(LayerGraph graph, Layer layer) =>
        new(1, ShapeOf(graph, layer.Name)[0], ShapeOf(graph, layer.Inputs[0])[1], ShapeOf(graph, layer.Name)[1]);

    private static float[] Transposed(Tensor matrix)
    {
        (int rows, int columns) = (matrix.Shape[0], matrix.Shape[1]);
        float[] result = new float[matrix.Shape.Elements];
        for (int i = 0; i < result.Length; i++)
            result[i % columns * rows + i / columns] = matrix.Float32[i];
        return result;
    }
}
