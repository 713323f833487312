using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Functional;

namespace AccelSim.Systolic.Operators;

/// <summary>Any convolution, as one matrix product a group over the patches under its kernel.</summary>
internal sealed class ConvolutionLayer : MatrixLayerImplementation<Convolution>
{
    protected override MatrixWork MatrixOf(Convolution op, LayerGraph graph, Layer layer)
    {
        Shape output = ShapeOf(graph, layer.Name);
        Shape weight = ShapeOf(graph, layer.Constants[0]);
        return new MatrixWork(
            op.Groups,
            checked(output[0] * output[2] * output[3]),
            checked((int)(weight.Elements / weight[0])),
            output[1] / op.Groups);
    }

    protected override ArrayInputs<TOperand> InputsOf<TOperand>(Convolution op, MatrixWork work, LayerGraph graph, Layer layer, TOperand zero) =>
        new PatchMatrix<TOperand>(PatchGeometry.Of(op, graph.TypeOf(layer.Inputs[0]), graph.TypeOf(layer.Name)), zero);

    protected override MacArithmetic? ArithmeticOf(Convolution op) => op.Integer;
}
