using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Squared distances to fixed centres: a subtraction and a multiplication with addition for each input and centre.</summary>
internal sealed class RadialBasisLayer : FloatLayerImplementation<RadialBasis>
{
    protected override LayerWork Work(RadialBasis op, LayerGraph graph, Layer layer) => new VectorLayer(
        2 * OutputsOf(graph, layer) * ShapeOf(graph, layer.Inputs[0])[1], "a subtraction and a multiplication for each input and centre");

    protected override float[] Compute(RadialBasis op, LayerOperands operands, Shape output)
    {
        int features = operands.Inputs[0].Shape[1];
        float[] result = new float[output.Elements];
        for (int i = 0; i < result.Length; i++)
        {
            (int image, int centre) = Math.DivRem(i, output[1]);
            ReadOnlySpan<float> x = operands.Inputs[0].Float32.Slice(image * features, features);
            ReadOnlySpan<float> w = operands.Constants[0].Float32.Slice(centre * features, features);
            double sum = 0;
            for (int k = 0; k < features; k++)
                sum += (x[k] - (double)w[k]) * (x[k] - (double)w[k]);
            result[i] = (float)sum;
        }
        return result;
    }
}
