using AccelSim.Graph;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>Softmax in three passes over a row: the largest, the exponentials and their sum, the quotients.</summary>
internal sealed class SoftmaxLayer : FloatLayerImplementation<Softmax>
{
    // A comparison, a subtraction, the exponential, an addition, a multiplication.
    private const int EachElement = LaneOperations.Exponential + 4;

    protected override LayerWork Work(Softmax op, LayerGraph graph, Layer layer)
    {
        Shape shape = ShapeOf(graph, layer.Name);
        long rows = shape.Elements / shape[op.AxisOf(shape)];
        return new VectorLayer(
            EachElement * shape.Elements + LaneOperations.Reciprocal * rows, $"{EachElement} operations an element in three passes, and one reciprocal a row");
    }

    protected override float[] Compute(Softmax op, LayerOperands operands, Shape output)
    {
        ReadOnlySpan<float> input = operands.Inputs[0].Float32;
        float[] result = new float[input.Length];
        (int outer, int length, int inner) = Axes.Around(output, op.AxisOf(output));
        for (int row = 0; row < outer * inner; row++)
        {
            int first = row / inner * length * inner + row % inner;
            float largest = input[first];
            for (int i = 0; i < length; i++)
                largest = Math.Max(largest, input[first + i * inner]);
            double sum = 0;
            for (int i = 0; i < length; i++)
            {
                float exponential = (float)Math.Exp((double)input[first + i * inner] - largest);
                result[first + i * inner] = exponential;
                sum += exponential;
            }
            for (int i = 0; i < length; i++)
                result[first + i * inner] = (float)(result[first + i * inner] / sum);
        }
        return result;
    }
}
