using System.Collections.Immutable;

namespace AccelSim.Graph.Training;

/// <summary>
/// With the statistics of the batch (Ioffe and Szegedy, ICML 2015, algorithm 1): the biased variance normalizes, the unbiased one enters the moving statistics. Where a
/// graph is only differentiated, with the moving statistics as in inference.
/// </summary>
internal sealed class BatchNormalizationExpansion : TrainingExpansion<BatchNormalization>
{
    protected override string Expand(BatchNormalization op, LayerExpansion layer)
    {
        string x = layer.X(0);
        var shape = layer.ShapeOf(x);
        var perChannel = Shape.Of([.. shape.Select((extent, dimension) => dimension == 1 ? extent : 1)]);
        string mean, variance, centred;
        if (layer.Statistics is { } statistics)
        {
            ImmutableArray<int> axes = [.. Enumerable.Range(0, shape.Rank).Where(axis => axis != 1)];
            long count = shape.Elements / shape[1];
            if (count < 2)
                throw new GraphException($"Layer '{layer.Layer.Name}' normalizes a batch of one value a channel, which has no variance: train with a larger batch.");
            mean = layer.Mean(x, axes);
            centred = layer.Minus(x, mean);
            variance = layer.Mean(layer.Times(centred, centred), axes);
            Update(statistics, 2, mean, 1);
            Update(statistics, 3, variance, count / (count - 1.0));
        }
        else
        {
            (mean, variance) = (Channels(2), Channels(3));
            centred = layer.Minus(x, mean);
        }
        string deviation = layer.Function(ActivationKind.Sqrt, layer.Scaled(variance, 1, op.Epsilon));
        return layer.Plus(layer.Times(layer.Over(centred, deviation), Channels(0)), Channels(1));

        string Channels(int constant) => layer.Reshaped(layer.ConstantAt(constant)!, perChannel);

        void Update(StatisticsUpdates statistics, int constant, string batch, double correction)
        {
            string old = layer.ConstantAt(constant)!;
            string share = layer.Scaled(layer.Reshaped(batch, layer.ShapeOf(old)), statistics.Momentum * correction);
            statistics.New[old] = layer.Plus(layer.Scaled(old, 1 - statistics.Momentum), share);
        }
    }
}
