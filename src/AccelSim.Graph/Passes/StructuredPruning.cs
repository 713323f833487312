namespace AccelSim.Graph.Passes;

/// <summary>
/// n:m pruning: of every m weights that follow each other in a filter (channel, kernel row, kernel column) the n of largest magnitude are kept and the
/// others become real 0 (Mishra et al., "Accelerating Sparse Deep Neural Networks", 2021). Without training afterwards accuracy falls; that is the user's to measure.
/// </summary>
public static class StructuredPruning
{
    /// <summary>Prunes convolutions without groups and fully connected layers whose filters have at least <paramref name="of"/> weights, floats or codes.</summary>
    /// <param name="graph">A graph with weights.</param>
    /// <param name="kept">n, at least 1.</param>
    /// <param name="of">m, more than n.</param>
    /// <exception cref="GraphException">A layer to prune has no weights.</exception>
    /// <exception cref="ArgumentOutOfRangeException">n is not below m, or below 1.</exception>
    public static LayerGraph Apply(LayerGraph graph, int kept, int of)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfLessThan(kept, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(kept, of);
        var pruned = new Dictionary<string, Tensor>();
        foreach (Layer layer in graph.Layers)
        {
            if (ZeroPoints(layer.Operator) is not { } zeroPointOf || !graph.Constants.TryGetValue(layer.Constants[0], out Constant? weight))
                continue;
            int filters = weight.Type.Shape[0];
            int depth = checked((int)(weight.Type.Shape.Elements / filters));
            if (depth >= of)
                pruned[weight.Name] = Prune(weight.Value, filters, depth, zeroPointOf, kept, of);
        }
        return graph.WithData(pruned);
    }

    // The code of real 0 in each filter, or null for a layer that is not pruned.
    private static Func<int, int>? ZeroPoints(Operator @operator) => @operator switch
    {
        Convolution { Groups: 1, Integer: var integer } => filter => integer?.WeightZeroPointOf(filter) ?? 0,
        FullyConnected { Integer: var integer } => filter => integer?.WeightZeroPointOf(filter) ?? 0,
        _ => null,
    };

    private static Tensor Prune(Tensor weight, int filters, int depth, Func<int, int> zeroPointOf, int kept, int of)
    {
        if (weight.Element == ElementType.Float32)
        {
            float[] reals = weight.Float32.ToArray();
            ForEachDropped((filter, k) => Math.Abs(reals[filter * depth + k]), at => reals[at] = 0);
            return Tensor.Of(weight.Shape, reals);
        }
        sbyte[] codes = weight.Int8.ToArray();
        ForEachDropped((filter, k) => Math.Abs(codes[filter * depth + k] - zeroPointOf(filter)), at => codes[at] = (sbyte)zeroPointOf(at / depth));
        return Tensor.Of(weight.Shape, codes);

        void ForEachDropped(Func<int, int, float> magnitude, Action<int> drop)
        {
            for (int filter = 0; filter < filters; filter++)
            {
                for (int block = 0; block < depth; block += of)
                {
                    // A tie keeps the earlier weight.
                    foreach (int k in Enumerable.Range(block, Math.Min(of, depth - block)).OrderByDescending(k => magnitude(filter, k)).ThenBy(k => k).Skip(kept))
                        drop(filter * depth + k);
                }
            }
        }
    }
}
