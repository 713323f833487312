using AccelSim.Graph;

namespace AccelSim.Tests.EndToEnd;

/// <summary>A backend that executes an altered copy of the graph it is given.</summary>
internal sealed class FaultyBackend(IBackend backend, Func<LayerGraph, LayerGraph> alter) : IBackend
{
    public string Name => backend.Name;

    public IExecutor Compile(LayerGraph graph) => backend.Compile(alter(graph));
}

/// <summary>The smallest faults that hardware or a kernel could have.</summary>
internal static class Faults
{
    /// <summary>Flips one bit of one weight.</summary>
    public static LayerGraph FlipWeightBit(LayerGraph graph, string layer, int index, int bit)
    {
        var constant = graph.ConstantOf(graph.LayerNamed(layer), 0)!;
        if (constant.Type.Element == ElementType.Float32)
        {
            float[] reals = constant.Value.Float32.ToArray();
            reals[index] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(reals[index]) ^ (1 << bit));
            return graph.WithData(new Dictionary<string, Tensor> { [constant.Name] = Tensor.Of(constant.Type.Shape, reals) });
        }
        sbyte[] codes = constant.Value.Int8.ToArray();
        codes[index] ^= (sbyte)(1 << bit);
        return graph.WithData(new Dictionary<string, Tensor> { [constant.Name] = Tensor.Of(constant.Type.Shape, codes) });
    }

    /// <summary>Doubles one channel's requantization by one less shift.</summary>
    public static LayerGraph ChangeMultiplier(LayerGraph graph, string layer, int channel)
    {
        var old = graph.LayerNamed(layer);
        var convolution = (Convolution)old.Operator;
        var requantization = convolution.Integer!.Requantization;
        int multiplier = requantization.Multiplier[channel];
        // A quarter more or less, and still of m bits.
        int changed = multiplier + (multiplier >> 2) < 1 << requantization.MultiplierBits ? multiplier + (multiplier >> 2) : multiplier - (multiplier >> 2);
        var faulty = old with
        {
            Operator = convolution with
            {
                Integer = convolution.Integer with { Requantization = requantization with { Multiplier = requantization.Multiplier.SetItem(channel, changed) } },
            },
        };
        return new LayerGraph(graph.Name, graph.Inputs, graph.Constants.Values, graph.Layers.Replace(old, faulty), graph.Outputs);
    }
}
