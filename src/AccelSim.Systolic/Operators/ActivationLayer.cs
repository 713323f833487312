using AccelSim.Graph;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>A function of one element: of codes by a table of 256 entries, one look-up an element; of reals as <see cref="LaneOperations"/> says.</summary>
internal sealed class ActivationLayer : VectorLayerImplementation<Activation>
{
    protected override LayerWork Work(Activation op, LayerGraph graph, Layer layer)
    {
        long outputs = OutputsOf(graph, layer);
        int each = LaneOperations.Of(op.Kind);
        return op.IsInteger ? new VectorLayer(outputs, "one table look-up an element") : new VectorLayer(each * outputs, $"{each} operations an element for {op.Describe()}");
    }

    protected override LayerExecution PrepareCodes(Activation op, LayerGraph graph, Layer layer)
    {
        sbyte[] table = [.. op.Integer!.Entries];
        return (operands, _) =>
        {
            ReadOnlySpan<sbyte> input = operands.Inputs[0].Int8;
            sbyte[] output = new sbyte[input.Length];
            for (int i = 0; i < output.Length; i++)
                output[i] = table[input[i] - sbyte.MinValue];
            return Tensor.Of(operands.Inputs[0].Shape, output);
        };
    }

    protected override LayerExecution PrepareReals(Activation op, LayerGraph graph, Layer layer) => (operands, _) =>
    {
        ReadOnlySpan<float> input = operands.Inputs[0].Float32;
        float[] output = new float[input.Length];
        for (int i = 0; i < output.Length; i++)
            output[i] = (float)op.Kind.Evaluate(input[i], op.Alpha, op.Beta);
        return Tensor.Of(operands.Inputs[0].Shape, output);
    };
}
