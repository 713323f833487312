using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Mean of an image: one addition an element and one requantization a result.</summary>
internal sealed class GlobalAveragePoolLayer : LayerImplementation<GlobalAveragePool>
{
    protected override LayerWork Work(GlobalAveragePool op, LayerGraph graph, Layer layer) => new VectorLayer(
        graph.TypeOf(layer.Inputs[0]).Shape.Elements + graph.TypeOf(layer.Name).Shape.Elements, "one addition an element and one requantization a channel");

    protected override LayerExecution Prepare(GlobalAveragePool op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        TensorType input = graph.TypeOf(layer.Inputs[0]);
        var windows = new Windows(input, graph.TypeOf(layer.Name), input.Image, Size2.Square(1), Padding.None);
        Requantization arithmetic = op.Integer!;
        int zero = input.Quantization!.Value.ZeroPoint;
        return (inputs, _) => windows.Pool(inputs[0], (plane, window) => FixedPoint.Requantize(
            windows.Sum(plane, window, zero), arithmetic.Multiplier[0], arithmetic.Shift[0], arithmetic.Output.ZeroPoint, arithmetic.Low, arithmetic.High));
    }
}
