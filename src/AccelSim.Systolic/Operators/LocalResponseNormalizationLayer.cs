using AccelSim.Graph;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>Each element divided by a power of the squares around it in its pixel: a square, the sum, the power, the product.</summary>
internal sealed class LocalResponseNormalizationLayer : FloatLayerImplementation<LocalResponseNormalization>
{
    protected override LayerWork Work(LocalResponseNormalization op, LayerGraph graph, Layer layer)
    {
        // A square, the additions, scale and bias, the power, a product.
        long each = 1L + op.Size + 2 + LaneOperations.Power + 1;
        return new VectorLayer(each * OutputsOf(graph, layer), $"{each} operations an element: a square, {op.Size} additions, a power");
    }

    protected override float[] Compute(LocalResponseNormalization op, LayerOperands operands, Shape output)
    {
        ReadOnlySpan<float> input = operands.Inputs[0].Float32;
        float[] result = new float[input.Length];
        (_, int channels, int pixels) = Axes.Around(output, 1);
        for (int i = 0; i < result.Length; i++)
        {
            (int plane, int pixel) = Math.DivRem(i, pixels);
            (int image, int channel) = Math.DivRem(plane, channels);
            (int first, int last) = op.Window(channel, channels);
            double sum = 0;
            for (int neighbour = first; neighbour <= last; neighbour++)
            {
                double value = input[(image * channels + neighbour) * pixels + pixel];
                sum += value * value;
            }
            result[i] = (float)(input[i] / Math.Pow(op.Bias + op.Alpha / op.Size * sum, op.Beta));
        }
        return result;
    }
}
