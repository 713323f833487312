using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Functional;
using AccelSim.Systolic.Mapping;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>
/// Each input pixel times the whole kernel on the array, one filter a tap and output channel, and then an addition of every such sum to the output
/// where it falls. So the array multiplies no zeros that a stride would have put between the pixels.
/// </summary>
internal sealed class TransposedConvolutionLayer : LayerImplementation<TransposedConvolution>
{
    protected override LayerWork Work(TransposedConvolution op, LayerGraph graph, Layer layer)
    {
        MatrixWork work = WorkOf(op, graph, layer);
        return new MatrixLayer(work, [layer.Inputs[0]], layer.Constants)
        {
            Finish = new VectorLayer((long)work.Groups * work.Filters * work.Pixels + OutputsOf(graph, layer), "each sum is added to the output where it falls"),
            SumsOverlap = true,
        };
    }

    protected override LayerExecution Prepare(TransposedConvolution op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        (TensorType input, TensorType output) = (graph.TypeOf(layer.Inputs[0]), graph.TypeOf(layer.Name));
        MatrixWork work = WorkOf(op, graph, layer);
        var pixels = new PatchGeometry(
            input.Channels, op.Groups, input.Image, input.Image, Size2.Square(1), Size2.Square(1), Size2.Square(1), Padding.None);
        var product = new FoldedProduct<float>(MappingChoice.Choose(work, array), new PatchMatrix<float>(pixels, 0));
        var overlap = new OverlapAdd(op, input, output);
        return (operands, cancellation) =>
        {
            float[] weights = FiltersByDepth(operands.Constants[0].Float32, work);
            float[] sums = new float[checked(work.Groups * work.Filters * work.Pixels)];
            product.Run(
                () => operands.Inputs[0].Float32, () => weights, (channel, first, some) => some.CopyTo(sums.AsSpan(channel * work.Pixels + first)), cancellation);
            return Tensor.Of(output.Shape, overlap.Add(sums, operands.Constant(1), cancellation));
        };
    }

    private static MatrixWork WorkOf(TransposedConvolution op, LayerGraph graph, Layer layer)
    {
        Shape input = ShapeOf(graph, layer.Inputs[0]);
        Shape weight = ShapeOf(graph, layer.Constants[0]);
        return new MatrixWork(
            op.Groups, checked((int)(input.Elements / input[1])), input[1] / op.Groups, checked((int)(weight.Elements / weight[0])));
    }

    // [I, O ÷ groups · taps] to a row of a group's inputs for each of its filters.
    private static float[] FiltersByDepth(ReadOnlySpan<float> weight, MatrixWork work)
    {
        float[] result = new float[weight.Length];
        int at = 0;
        for (int group = 0; group < work.Groups; group++)
        {
            for (int filter = 0; filter < work.Filters; filter++)
            {
                for (int k = 0; k < work.Depth; k++)
                    result[at++] = weight[(group * work.Depth + k) * work.Filters + filter];
            }
        }
        return result;
    }
}
