using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>A function of one element from a table of 256 entries: one look-up an element.</summary>
internal sealed class ActivationLayer : LayerImplementation<Activation>
{
    protected override LayerWork Work(Activation op, LayerGraph graph, Layer layer) =>
        new VectorLayer(graph.TypeOf(layer.Name).Shape.Elements, "one table look-up an element");

    protected override LayerExecution Prepare(Activation op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        sbyte[] table = [.. op.Integer!.Entries];
        return (inputs, _) =>
        {
            ReadOnlySpan<sbyte> input = inputs[0].Int8;
            sbyte[] output = new sbyte[input.Length];
            for (int i = 0; i < output.Length; i++)
                output[i] = table[input[i] - sbyte.MinValue];
            return Tensor.Of(inputs[0].Shape, output);
        };
    }
}
