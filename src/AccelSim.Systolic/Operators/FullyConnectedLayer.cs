using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Functional;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Systolic.Operators;

/// <summary>A fully connected layer as one matrix product whose pixels are the images of the batch.</summary>
internal sealed class FullyConnectedLayer : MatrixLayerImplementation<FullyConnected>
{
    protected override LayerGeometry GeometryOf(FullyConnected op, LayerGraph graph, Layer layer)
    {
        Shape weight = ShapeOf(graph, layer.Constants[0]);
        return LayerGeometry.Of(new MatrixWork(1, ShapeOf(graph, layer.Name)[0], weight[1], weight[0]));
    }

    protected override ArrayInputs<TOperand> InputsOf<TOperand>(FullyConnected op, MatrixWork work, LayerGraph graph, Layer layer, TOperand zero) =>
        new FeatureMatrix<TOperand>(work.Depth);

    protected override MacArithmetic? ArithmeticOf(FullyConnected op) => op.Integer;
}
