using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Functional;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Systolic.Operators;

/// <summary>Any convolution, as one matrix product a group over the patches under its kernel.</summary>
internal sealed class ConvolutionLayer : MatrixLayerImplementation<Convolution>
{
    protected override LayerGeometry GeometryOf(Convolution op, LayerGraph graph, Layer layer)
    {
        (TensorType input, TensorType output) = (graph.TypeOf(layer.Inputs[0]), graph.TypeOf(layer.Name));
        return new LayerGeometry(output.Shape[0], op.Groups, input.Channels, output.Channels, output.Image, op.Kernel, op.Stride, op.Spacing)
        {
            Image = input.Image,
            Padding = op.Padding,
        };
    }

    protected override ArrayInputs<TOperand> InputsOf<TOperand>(Convolution op, MatrixWork work, LayerGraph graph, Layer layer, TOperand zero) =>
        new PatchMatrix<TOperand>(PatchGeometry.Of(op, graph.TypeOf(layer.Inputs[0]), graph.TypeOf(layer.Name)), zero);

    protected override MacArithmetic? ArithmeticOf(Convolution op) => op.Integer;
}
