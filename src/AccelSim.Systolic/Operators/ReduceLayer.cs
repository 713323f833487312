using AccelSim.Graph;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>Sum, mean or extreme over some axes: one operation an element, and for a mean one multiplication a result.</summary>
internal sealed class ReduceLayer : FloatLayerImplementation<Reduce>
{
    protected override LayerWork Work(Reduce op, LayerGraph graph, Layer layer)
    {
        bool mean = op.Kind == ReduceKind.Mean;
        return new VectorLayer(
            ShapeOf(graph, layer.Inputs[0]).Elements + (mean ? OutputsOf(graph, layer) : 0),
            mean ? "one addition an element and one multiplication a result" : "one operation an element");
    }

    protected override float[] Compute(Reduce op, LayerOperands operands, Shape output)
    {
        Tensor input = operands.Inputs[0];
        ReadOnlySpan<float> elements = input.Float32;
        double[] results = new double[output.Elements];
        Array.Fill(results, op.Kind switch
        {
            ReduceKind.Maximum => double.NegativeInfinity,
            ReduceKind.Minimum => double.PositiveInfinity,
            _ => 0,
        });
        // The result with its reduced dimensions kept, repeated over the input: where each element goes.
        int[] places = AddressGenerator.Repeat(
            Shape.Of([.. input.Shape.Select((extent, dimension) => op.Axes.Contains(dimension) ? 1 : extent)]), input.Shape).Addresses();
        for (int i = 0; i < places.Length; i++)
        {
            ref double result = ref results[places[i]];
            result = op.Kind switch
            {
                ReduceKind.Maximum => Math.Max(result, elements[i]),
                ReduceKind.Minimum => Math.Min(result, elements[i]),
                _ => result + elements[i],
            };
        }
        double divisor = op.Kind == ReduceKind.Mean ? (double)elements.Length / results.Length : 1;
        return Array.ConvertAll(results, result => (float)(result / divisor));
    }
}
