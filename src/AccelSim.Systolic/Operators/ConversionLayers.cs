using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Reals to codes: a product with 1 ÷ scale and a rounding an element.</summary>
internal sealed class QuantizeLayer : LayerImplementation<Quantize>
{
    protected override LayerWork Work(Quantize op, LayerGraph graph, Layer layer) =>
        new VectorLayer(2 * OutputsOf(graph, layer), "one multiplication and one rounding an element");

    protected override LayerExecution Prepare(Quantize op, LayerGraph graph, Layer layer, ArrayConfiguration array) => (operands, _) =>
    {
        ReadOnlySpan<float> reals = operands.Inputs[0].Float32;
        sbyte[] codes = new sbyte[reals.Length];
        for (int i = 0; i < codes.Length; i++)
            codes[i] = op.Code(reals[i]);
        return Tensor.Of(operands.Inputs[0].Shape, codes);
    };
}

/// <summary>Codes to reals: a subtraction and a multiplication an element.</summary>
internal sealed class DequantizeLayer : LayerImplementation<Dequantize>
{
    protected override LayerWork Work(Dequantize op, LayerGraph graph, Layer layer) =>
        new VectorLayer(2 * OutputsOf(graph, layer), "one subtraction and one multiplication an element");

    protected override LayerExecution Prepare(Dequantize op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        Quantization quantization = graph.TypeOf(layer.Inputs[0]).Quantization!.Value;
        return (operands, _) =>
        {
            ReadOnlySpan<sbyte> codes = operands.Inputs[0].Int8;
            float[] reals = new float[codes.Length];
            for (int i = 0; i < reals.Length; i++)
                reals[i] = Dequantize.Real(codes[i], quantization);
            return Tensor.Of(operands.Inputs[0].Shape, reals);
        };
    }
}
