using AccelSim.Graph;

namespace AccelSim.Studies.Onnx;

/// <summary>How far an output may be from what a float simulation of integer arithmetic expects.</summary>
/// <param name="Absolute">The absolute tolerance.</param>
/// <param name="SameTop">Whether the largest element must be the same one.</param>
public readonly record struct OutputTolerance(double Absolute, bool SameTop)
{
    /// <summary>Steps of the last quantized tensor: ours rounds half up on exact integers, simulations round floats half to even.</summary>
    private const int QuantizationSteps = 2;

    private const double AfterSoftmax = 0.02;

    /// <summary>
    /// The tolerance of an output: <paramref name="absolute"/> where only float layers lead to it, else two steps of the last quantized tensor
    /// before it, one step where the output is integers itself, and 0.02 behind a softmax; the largest element must stay.
    /// </summary>
    public static OutputTolerance Of(LayerGraph graph, string output, double absolute)
    {
        bool integers = graph.Layers.Any(layer => layer.Operator.IsInteger && layer.Operator is not Literal);
        if (!integers)
            return new OutputTolerance(absolute, false);
        bool softmax = false;
        var names = graph.Layers.Select(layer => layer.Name).ToHashSet();
        while (names.Contains(output) && graph.LayerNamed(output) is var layer)
        {
            if (graph.TypeOf(output).Element == ElementType.Int8)
                return new OutputTolerance(1, false);
            if (layer.Operator is Dequantize)
                return new OutputTolerance(Math.Max(absolute, softmax ? AfterSoftmax : QuantizationSteps * graph.TypeOf(layer.Inputs[0]).Quantization!.Value.Scale), true);
            softmax |= layer.Operator is Softmax;
            if (layer.Inputs.IsEmpty)
                break;
            output = layer.Inputs[0];
        }
        return new OutputTolerance(softmax ? Math.Max(absolute, AfterSoftmax) : absolute, true);
    }
}
