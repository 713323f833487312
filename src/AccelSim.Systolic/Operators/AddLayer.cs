using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Residual add on the vector unit: one lane operation an element.</summary>
internal sealed class AddLayer : LayerImplementation<Add>
{
    protected override LayerWork Work(Add op, LayerGraph graph, Layer layer) =>
        new VectorLayer(graph.TypeOf(layer.Name).Shape.Elements, "one addition an element");

    protected override LayerExecution Prepare(Add op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        AddArithmetic arithmetic = op.Integer!;
        (int zeroA, int zeroB) = (ZeroPointOf(graph, layer.Inputs[0]), ZeroPointOf(graph, layer.Inputs[1]));
        return (inputs, _) =>
        {
            ReadOnlySpan<sbyte> a = inputs[0].Int8;
            ReadOnlySpan<sbyte> b = inputs[1].Int8;
            sbyte[] output = new sbyte[a.Length];
            for (int i = 0; i < output.Length; i++)
            {
                long sum = (long)(a[i] - zeroA) * arithmetic.MultiplierA + (long)(b[i] - zeroB) * arithmetic.MultiplierB;
                output[i] = FixedPoint.Saturate(FixedPoint.RoundShift(sum, arithmetic.Shift), arithmetic.Output.ZeroPoint, arithmetic.Low, arithmetic.High);
            }
            return Tensor.Of(inputs[0].Shape, output);
        };
    }
}
