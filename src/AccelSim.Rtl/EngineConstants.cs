using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Graph.Passes;

namespace AccelSim.Rtl;

/// <summary>
/// The integer constants of one engine. Nothing is derived but the two exact rewritings of numerics.md: weights less
/// their zero point, and the bias with the input's zero point folded in, bias[c] − z_x·Σ(w − z_w).
/// </summary>
/// <param name="Weights">w − z_w in the order of the weight tensor: output channel outermost.</param>
/// <param name="Bias">Folded, one a channel.</param>
/// <param name="InputZeroPoint">z_x, also the padding value.</param>
/// <param name="Table">256 entries, code −128 first; null without a table.</param>
internal sealed record EngineConstants(
    short[] Weights,
    int[] Bias,
    Requantization Requantization,
    int InputZeroPoint,
    ImmutableArray<sbyte>? Table)
{
    /// <exception cref="RtlException">The layer is not quantized, or an accumulator could leave 32 bits; the message gives the bound.</exception>
    /// <exception cref="GraphException">The weights have not been set.</exception>
    public static EngineConstants Of(LayerGraph graph, Layer layer, Layer? table)
    {
        var integer = (layer.Operator as Convolution)?.Integer ?? (layer.Operator as FullyConnected)?.Integer;
        if (integer is null || graph.TypeOf(layer.Inputs[0]).Quantization is not { } input)
            throw new RtlException($"Layer '{layer.Name}' of '{graph.Name}' is not quantized: hardware is generated from the int8 graph.");
        var weight = graph.Constants[layer.Constants[0]].Value;
        var bias = graph.Constants[layer.Constants[1]].Value.Int32;
        int filter = (int)(weight.Shape.Elements / weight.Shape[0]);
        var centred = new short[weight.Shape.Elements];
        int[] folded = new int[weight.Shape[0]];
        for (int c = 0; c < folded.Length; c++)
        {
            int zero = integer.WeightZeroPointOf(c);
            RequireBound(layer, weight.Int8.Slice(c * filter, filter), bias[c], input.ZeroPoint, c, zero);
            int sum = 0;
            for (int i = c * filter; i < (c + 1) * filter; i++)
            {
                centred[i] = (short)(weight.Int8[i] - zero);
                sum += centred[i];
            }
            // Wraps as the 32-bit adders do; the accumulator's proven bound makes the total right.
            folded[c] = unchecked(bias[c] - input.ZeroPoint * sum);
        }
        var entries = table is null ? (ImmutableArray<sbyte>?)null : ((Activation)table.Operator).Integer!.Entries;
        return new EngineConstants(centred, folded, integer.Requantization, input.ZeroPoint, entries);
    }

    /// <summary>An importer has proven it; a graph that somebody wrote has not.</summary>
    private static void RequireBound(Layer layer, ReadOnlySpan<sbyte> weights, int bias, int inputZero, int channel, int weightZero)
    {
        try
        {
            AccumulatorBound.Check(weights, bias, inputZero, channel, weightZero);
        }
        catch (GraphException error)
        {
            throw new RtlException($"Layer '{layer.Name}': {error.Message}");
        }
    }
}
