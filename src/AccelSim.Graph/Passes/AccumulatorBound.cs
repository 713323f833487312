namespace AccelSim.Graph.Passes;

/// <summary>
/// Proves that an int32 accumulator cannot overflow, whatever the input codes are and in whatever order the products are summed:
/// Σ |w − z_w|·max|x| + |bias| stays below 2³¹, both for x − z_x (the definition) and for plain x with the bias that hardware folds
/// z_x into (numerics.md, "Two identities that hardware uses").
/// </summary>
public static class AccumulatorBound
{
    /// <exception cref="GraphException">The bound does not hold; the message gives it.</exception>
    public static void Check(ReadOnlySpan<sbyte> weights, int bias, int inputZeroPoint, int channel, int weightZeroPoint = 0)
    {
        long magnitude = 0, sum = 0;
        foreach (sbyte weight in weights)
        {
            int centredWeight = weight - weightZeroPoint;
            magnitude += Math.Abs(centredWeight);
            sum += centredWeight;
        }
        long centred = magnitude * Math.Max(127 - inputZeroPoint, inputZeroPoint + 128) + Math.Abs((long)bias);
        long folded = magnitude * 128 + Math.Abs(bias - inputZeroPoint * sum);
        long bound = Math.Max(centred, folded);
        if (bound > int.MaxValue)
            throw new GraphException($"the accumulator of output channel {channel} could reach {bound}, beyond int32: split the layer's {weights.Length} inputs or shrink its bias.");
    }
}
