using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Graph.Training;

namespace AccelSim.Studies.Simulate;

/// <summary>
/// A network as it is timed: folded, fused and in int8, or as a step of training. Time, traffic and energy depend on shapes and types alone, so a network without
/// weights gets the cheapest that pass every check, and one range stands for all activations.
/// </summary>
public static class TimedNetwork
{
    private const double Range = 8;

    /// <summary>The int8 graph; a quantized one is as it is.</summary>
    /// <exception cref="GraphException">A layer cannot be quantized.</exception>
    public static LayerGraph Quantized(LayerGraph network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.IsQuantized)
            return network;
        LayerGraph folded = FloatPasses.Run(network);
        var ranges = folded.Inputs.Select(input => input.Name).Concat(folded.Layers.Select(layer => layer.Name)).ToDictionary(name => name, _ => (-Range, Range));
        return new Quantizer(new ActivationRanges(ranges, RangeChoice.MinMax, "none: timing only")).Apply(folded);
    }

    /// <summary>A step of training in float32: forward, loss, backward, update.</summary>
    /// <exception cref="GraphException">The network cannot be trained.</exception>
    public static LayerGraph TrainingStepOf(LayerGraph network) => TrainingStep.Of(WithAnyWeights(network), new TrainingStepOptions()).Graph;

    // One weight of each output is 1 and the others are 0: no accumulator overflows, however deep.
    private static LayerGraph WithAnyWeights(LayerGraph network) => network.HasWeights
        ? network
        : network.WithData(network.Constants.Values.Where(constant => constant.Data is null).ToDictionary(constant => constant.Name, constant => OneEach(constant.Type.Shape)));

    private static Tensor OneEach(Shape shape)
    {
        float[] values = new float[shape.Elements];
        int step = checked((int)(shape.Elements / Math.Max(1, shape.Rank == 0 ? 1 : shape[0])));
        for (int i = 0; i < values.Length; i += Math.Max(1, step))
            values[i] = 1;
        return Tensor.Of(shape, values);
    }
}
