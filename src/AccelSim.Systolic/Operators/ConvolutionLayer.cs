using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Functional;

namespace AccelSim.Systolic.Operators;

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
