using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Elementwise product on the vector unit: one lane operation an element.</summary>
internal sealed class MultiplyLayer : LayerImplementation<Multiply>
{
    protected override LayerWork Work(Multiply op, LayerGraph graph, Layer layer) =>
        new VectorLayer(graph.TypeOf(layer.Name).Shape.Elements, "one multiplication an element");

    protected override LayerExecution Prepare(Multiply op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        Requantization arithmetic = op.Integer!;
        (int zeroA, int zeroB) = (ZeroPointOf(graph, layer.Inputs[0]), ZeroPointOf(graph, layer.Inputs[1]));
        // Elements of the first operand that meet one element of the second.
        int spread = checked((int)(graph.TypeOf(layer.Inputs[0]).Shape.Elements / graph.TypeOf(layer.Inputs[1]).Shape.Elements));
        return (inputs, _) =>
        {
            ReadOnlySpan<sbyte> a = inputs[0].Int8;
            ReadOnlySpan<sbyte> b = inputs[1].Int8;
            sbyte[] output = new sbyte[a.Length];
            for (int i = 0; i < output.Length; i++)
            {
                int product = (a[i] - zeroA) * (b[i / spread] - zeroB);
                output[i] = FixedPoint.Requantize(
                    product, arithmetic.Multiplier[0], arithmetic.Shift[0], arithmetic.Output.ZeroPoint, arithmetic.Low, arithmetic.High);
            }
            return Tensor.Of(inputs[0].Shape, output);
        };
    }
}
