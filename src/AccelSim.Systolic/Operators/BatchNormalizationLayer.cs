using AccelSim.Graph;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>Batch normalization that no pass has folded: a factor and an offset a channel, then a multiplication and an addition an element.</summary>
internal sealed class BatchNormalizationLayer : FloatLayerImplementation<BatchNormalization>
{
    protected override LayerWork Work(BatchNormalization op, LayerGraph graph, Layer layer) => new VectorLayer(
        2 * OutputsOf(graph, layer) + graph.TypeOf(layer.Name).Channels * (LaneOperations.SquareRoot + LaneOperations.Reciprocal + 4L),
        "one multiplication and one addition an element, and a factor and an offset a channel");

    protected override float[] Compute(BatchNormalization op, LayerOperands operands, Shape output)
    {
        ReadOnlySpan<float> input = operands.Inputs[0].Float32;
        int channels = output[1];
        int pixels = input.Length / output[0] / channels;
        (float low, float high) = (op.Clamp.Low(), op.Clamp.High());
        float[] result = new float[input.Length];
        for (int plane = 0; plane < output[0] * channels; plane++)
        {
            int channel = plane % channels;
            double factor = operands.Constants[0].Float32[channel] / Math.Sqrt(operands.Constants[3].Float32[channel] + op.Epsilon);
            (double mean, double offset) = (operands.Constants[2].Float32[channel], operands.Constants[1].Float32[channel]);
            for (int i = plane * pixels; i < (plane + 1) * pixels; i++)
                result[i] = Math.Min(Math.Max((float)(factor * (input[i] - mean) + offset), low), high);
        }
        return result;
    }
}
