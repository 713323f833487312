using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Between two elements along an axis: two multiplications and an addition a result.</summary>
internal sealed class InterpolateLayer : FloatLayerImplementation<Interpolate>
{
    protected override LayerWork Work(Interpolate op, LayerGraph graph, Layer layer) =>
        new VectorLayer(3 * OutputsOf(graph, layer), "two multiplications and one addition an element") { ElementsRead = 2 * OutputsOf(graph, layer) };

    protected override float[] Compute(Interpolate op, LayerOperands operands, Shape output)
    {
        ReadOnlySpan<float> input = operands.Inputs[0].Float32;
        float[] result = new float[output.Elements];
        (_, int length, int inner) = Axes.Around(output, op.Axis);
        int extent = operands.Inputs[0].Shape[op.Axis];
        for (int i = 0; i < result.Length; i++)
        {
            (int row, int within) = Math.DivRem(i, inner);
            (int outer, int position) = Math.DivRem(row, length);
            double low = input[(outer * extent + op.Low[position]) * inner + within];
            double high = input[(outer * extent + op.High[position]) * inner + within];
            result[i] = (float)(low * (1 - op.Fraction[position]) + high * op.Fraction[position]);
        }
        return result;
    }
}
