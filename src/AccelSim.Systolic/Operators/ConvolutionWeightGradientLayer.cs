using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Functional;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Systolic.Operators;

/// <summary>
/// The gradient of a convolution's weights as one product a group that sums over output pixels: the outputs' gradients stand where the forward
/// layer has its weights, and the taps of the kernel where it has its pixels.
/// </summary>
internal sealed class ConvolutionWeightGradientLayer : LayerImplementation<ConvolutionWeightGradient>
{
    protected override LayerWork Work(ConvolutionWeightGradient op, LayerGraph graph, Layer layer) =>
        new MatrixLayer(WorkOf(op, graph, layer), [layer.Inputs[0]], [layer.Inputs[1]]);

    protected override LayerExecution Prepare(ConvolutionWeightGradient op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        (TensorType x, TensorType dy, Shape output) = (graph.TypeOf(layer.Inputs[0]), graph.TypeOf(layer.Inputs[1]), ShapeOf(graph, layer.Name));
        MatrixWork work = WorkOf(op, graph, layer);
        var geometry = new PatchGeometry(x.Channels, op.Groups, x.Image, dy.Image, op.Kernel, op.Stride, op.Dilation ?? Size2.Square(1), op.Padding);
        var product = new FoldedProduct<float>(MappingChoice.Choose(work, array), new PatchTranspose(geometry, work.Depth));
        return (operands, cancellation) =>
        {
            float[] gradients = ChannelsFirst(operands.Inputs[1]);
            float[] result = new float[output.Elements];
            product.Run(
                () => operands.Inputs[0].Float32, () => gradients, (channel, first, sums) => sums.CopyTo(result.AsSpan(channel * work.Pixels + first)), cancellation);
            return Tensor.Of(output, result);
        };
    }

    private static MatrixWork WorkOf(ConvolutionWeightGradient op, LayerGraph graph, Layer layer)
    {
        Shape dy = ShapeOf(graph, layer.Inputs[1]);
        Shape output = ShapeOf(graph, layer.Name);
        return new MatrixWork(
            op.Groups, checked((int)(output.Elements / output[0])), checked((int)(dy.Elements / dy[1])), output[0] / op.Groups);
    }

    // [N, O, H, W] to [O, N, H, W].
    private static float[] ChannelsFirst(Tensor gradient)
    {
        Shape shape = gradient.Shape;
        int pixels = shape[2] * shape[3];
        float[] result = new float[shape.Elements];
        for (int image = 0; image < shape[0]; image++)
        {
            for (int channel = 0; channel < shape[1]; channel++)
                gradient.Float32.Slice((image * shape[1] + channel) * pixels, pixels).CopyTo(result.AsSpan((channel * shape[0] + image) * pixels));
        }
        return result;
    }
}
