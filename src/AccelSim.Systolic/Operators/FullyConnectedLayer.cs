using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Functional;

namespace AccelSim.Systolic.Operators;

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
