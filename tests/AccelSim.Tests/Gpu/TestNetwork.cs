using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;

namespace AccelSim.Tests.Gpu;

/// <summary>MobileNetV3-Small at 32×32 with seeded weights: ten operators, residual adds, squeeze-and-excite, 5×5 depthwise.</summary>
internal static class TestNetwork
{
    public static LayerGraph Unfused(int batch = 1) =>
        NetworkZoo.Find("mobilenet_v3_small").Build(new NetworkOptions(Width: 0.35, Resolution: 32, Classes: 10, Batch: batch)).WithSeededWeights(7);

    public static LayerGraph Folded(int batch = 1) => FloatPasses.Run(Unfused(batch));

    public static Dictionary<string, Tensor> Images(LayerGraph graph, int seed = 1)
    {
        var random = new RandomTensors(seed);
        return graph.Inputs.ToDictionary(
            input => input.Name, input => input.Type.Element == ElementType.Int8 ? random.Codes(input.Type.Shape) : random.Floats(input.Type.Shape));
    }

    /// <summary>The int8 graph, calibrated on the values that a float run gave.</summary>
    public static LayerGraph Quantized(LayerGraph folded, IReadOnlyDictionary<string, Tensor> values)
    {
        var ranges = values.ToDictionary(value => value.Key, value => ((double)Least(value.Value), (double)Greatest(value.Value)));
        return new Quantizer(new ActivationRanges(ranges, RangeChoice.MinMax, "random images")).Apply(folded);

        static float Least(Tensor tensor) => tensor.Float32.ToArray().Min();
        static float Greatest(Tensor tensor) => tensor.Float32.ToArray().Max();
    }

    /// <summary>One layer of a graph as a graph of its own.</summary>
    public static LayerGraph Alone(LayerGraph graph, Layer layer) => new(
        layer.Name,
        layer.Inputs.Distinct().Select(value => new GraphInput(value, graph.TypeOf(value))),
        layer.Constants.Select(name => graph.Constants[name]),
        [layer],
        [layer.Name]);
}
