using AccelSim.Graph;
using AccelSim.Graph.Passes;

namespace AccelSim.Reference;

/// <summary>
/// Post-training calibration: runs a float graph on data and chooses a range for each value. MinMax takes one pass over the data;
/// Percentile and MeanSquaredError a second one that fills a histogram.
/// </summary>
public sealed class Calibrator(IBackend backend)
{
    private const int Bins = 2048;

    /// <summary>What Percentile leaves out at each end.</summary>
    private const double Tail = 1e-4;

    /// <param name="graph">A float graph after <see cref="FloatPasses"/>, of the batches' batch.</param>
    /// <param name="batches">Inputs by name; enumerated twice unless MinMax.</param>
    /// <param name="choice">How a range is chosen.</param>
    /// <param name="source">What the data are, for reports.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public ActivationRanges Calibrate(
        LayerGraph graph,
        IReadOnlyList<IReadOnlyDictionary<string, Tensor>> batches,
        RangeChoice choice,
        string source,
        CancellationToken cancellation = default)
    {
        using var executor = backend.Compile(graph);
        var extremes = new Dictionary<string, (double Min, double Max)>();
        ForEachValue((name, values) =>
        {
            var (min, max) = extremes.GetValueOrDefault(name, (double.PositiveInfinity, double.NegativeInfinity));
            foreach (float value in values)
            {
                min = Math.Min(min, value);
                max = Math.Max(max, value);
            }
            extremes[name] = (min, max);
        });
        if (choice == RangeChoice.MinMax)
            return new ActivationRanges(extremes, choice, source);
        var histograms = extremes.ToDictionary(pair => pair.Key, pair => new Histogram(pair.Value.Min, pair.Value.Max, Bins));
        ForEachValue((name, values) => histograms[name].Add(values));
        return new ActivationRanges(
            histograms.ToDictionary(pair => pair.Key, pair => choice == RangeChoice.Percentile ? pair.Value.WithoutTails(Tail) : pair.Value.LeastSquaredError()),
            choice,
            source);

        void ForEachValue(Action<string, ReadOnlySpan<float>> visit)
        {
            foreach (var batch in batches)
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (var (name, tensor) in batch.Concat(executor.Run(batch, everyLayer: true, cancellation)))
                    visit(name, tensor.Float32);
            }
        }
    }
}
