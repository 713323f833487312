using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Functional;
using AccelSim.Systolic.Mapping;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>
/// A product of two activations: the first streams as inputs do, the second takes the place of weights. One product a matrix of the leading dimensions,
/// but a single one where all rows meet the same second operand.
/// </summary>
internal sealed class MatrixProductLayer : LayerImplementation<MatrixProduct>
{
    protected override LayerWork Work(MatrixProduct op, LayerGraph graph, Layer layer) =>
        new MatrixLayer(WorkOf(op, ShapeOf(graph, layer.Inputs[0]), ShapeOf(graph, layer.Inputs[1]), ShapeOf(graph, layer.Name)), [layer.Inputs[0]], [layer.Inputs[1]]);

    protected override LayerExecution Prepare(MatrixProduct op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        (Shape a, Shape b, Shape output) = (ShapeOf(graph, layer.Inputs[0]), ShapeOf(graph, layer.Inputs[1]), ShapeOf(graph, layer.Name));
        MatrixWork work = WorkOf(op, a, b, output);
        int rows = a[op.TransposeA ? ^1 : ^2];
        (int pixelStride, int depthStride) = op.TransposeA ? (1, rows) : (work.Depth, 1);
        var inputs = new BatchedMatrix<float>(Starts(a, output, work.Groups), work.Depth, pixelStride, depthStride);
        var product = new FoldedProduct<float>(MappingChoice.Choose(work, array), inputs);
        int[] starts = Starts(b, output, work.Groups);
        return (operands, cancellation) =>
        {
            float[] weights = FiltersByDepth(operands.Inputs[1].Float32, starts, work, op.TransposeB);
            float[] result = new float[output.Elements];
            product.Run(() => operands.Inputs[0].Float32, () => weights, Store, cancellation);
            return Tensor.Of(output, result);

            void Store(int channel, int first, ReadOnlySpan<float> sums)
            {
                (int group, int filter) = Math.DivRem(channel, work.Filters);
                for (int i = 0; i < sums.Length; i++)
                    result[(group * work.Pixels + first + i) * work.Filters + filter] = sums[i];
            }
        };
    }

    private static MatrixWork WorkOf(MatrixProduct op, Shape a, Shape b, Shape output)
    {
        (int rows, int columns) = (output[^2], output[^1]);
        int matrices = checked((int)(output.Elements / rows / columns));
        bool oneSecond = MatrixProduct.Leading(b).Elements == 1 && !op.TransposeA;
        return oneSecond
            ? new MatrixWork(1, checked(matrices * rows), op.Inner(a), columns)
            : new MatrixWork(matrices, rows, op.Inner(a), columns);
    }

    // Where each group's matrix begins in an operand that may be repeated.
    private static int[] Starts(Shape operand, Shape output, int groups)
    {
        if (groups == 1)
            return [0];
        int matrix = operand[^1] * operand[^2];
        return Array.ConvertAll(AddressGenerator.Repeat(MatrixProduct.Leading(operand), MatrixProduct.Leading(output)).Addresses(), index => index * matrix);
    }

    private static float[] FiltersByDepth(ReadOnlySpan<float> operand, int[] starts, MatrixWork work, bool isTransposed)
    {
        float[] weights = new float[checked(work.Groups * work.Filters * work.Depth)];
        int at = 0;
        foreach (int start in starts)
        {
            for (int filter = 0; filter < work.Filters; filter++)
            {
                for (int k = 0; k < work.Depth; k++)
                    weights[at++] = operand[start + (isTransposed ? filter * work.Depth + k : k * work.Filters + filter)];
            }
        }
        return weights;
    }
}
