using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Models.Data;

namespace AccelSim.Studies.Learning;

/// <summary>How one pattern was recalled.</summary>
/// <param name="Flipped">Units that were wrong at the start.</param>
/// <param name="Wrong">Units that were wrong at the end.</param>
/// <param name="Energies">−½ Σ w·s·s at the start and after each sweep.</param>
public sealed record Recall(int Flipped, int Wrong, IReadOnlyList<double> Energies)
{
    public bool EnergyNeverRises => Energies.Zip(Energies.Skip(1)).All(pair => pair.Second <= pair.First + 1e-9 * Math.Abs(pair.First));
}

/// <summary>What a Hopfield network remembered.</summary>
/// <param name="Units">Its size.</param>
/// <param name="Patterns">How many it stores.</param>
/// <param name="Capacity">How many random patterns it could: 0.138 · units.</param>
/// <param name="Recalls">One a pattern.</param>
public sealed record HopfieldResult(int Units, int Patterns, double Capacity, IReadOnlyList<Recall> Recalls)
{
    public int Recalled => Recalls.Count(recall => recall.Wrong == 0);

    public bool EnergyNeverRises => Recalls.All(recall => recall.EnergyNeverRises);
}

/// <summary>
/// Patterns stored in a Hopfield network by Hebb's rule, w = Σ p·pᵀ ÷ U without a diagonal, and recalled from damaged copies (Hopfield, PNAS 79, 1982). Random patterns can be
/// recalled up to about 0.138·U of them (Amit, Gutfreund, Sompolinsky, Phys. Rev. Lett. 55, 1985).
/// </summary>
public static class HopfieldRecall
{
    public const double CapacityPerUnit = 0.138;

    private const int MostSweeps = 20;

    /// <param name="patterns">±1, one row of units a pattern.</param>
    /// <param name="flip">The share of units to flip before recall.</param>
    /// <param name="backend">Executes the sweeps.</param>
    /// <param name="seed">Which units are flipped.</param>
    /// <param name="progress">Told after each sweep.</param>
    /// <param name="cancellation">Stops between sweeps.</param>
    public static HopfieldResult Run(
        IReadOnlyList<float[]> patterns, double flip, IBackend backend, int seed = 1, IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (patterns.Count == 0 || !(flip >= 0 && flip <= 1))
            throw new GraphException($"There must be a pattern, and the share of flipped units in [0, 1], but there are {patterns.Count} and {flip}.");
        int units = patterns[0].Length, flipped = (int)Math.Round(flip * units);
        float[] weights = Hebb(patterns);
        var family = NetworkZoo.Find("hopfield");
        var network = family.Build(new NetworkOptions(Batch: patterns.Count, Named: new Dictionary<string, string> { ["units"] = FormattableString.Invariant($"{units}") }));
        network = network.WithData(new Dictionary<string, Tensor> { [network.Constants.Keys.Single()] = Tensor.Of(Shape.Of(units, units), weights) });
        var input = network.Inputs[0];
        var states = Tensor.Of(input.Type.Shape, Damaged(patterns, flipped, new Random(seed)));
        List<double>[] energies = [.. patterns.Select((_, i) => new List<double> { Energy(weights, Row(states, i, units)) })];
        using var executor = backend.Compile(network);
        bool moved = true;
        for (int sweep = 0; sweep < MostSweeps && moved; sweep++)
        {
            cancellation.ThrowIfCancellationRequested();
            var next = executor.Run(new Dictionary<string, Tensor> { [input.Name] = states }, cancellation: cancellation)[network.Outputs[0]].Reshape(input.Type.Shape);
            moved = !next.Float32.SequenceEqual(states.Float32);
            states = next;
            for (int i = 0; i < patterns.Count; i++)
                energies[i].Add(Energy(weights, Row(states, i, units)));
            progress?.Report(new StudyProgress("hopfield", sweep + 1, MostSweeps, FormattableString.Invariant($"energy {energies.Average(of => of[^1]):f1}")));
        }
        progress?.Report(new StudyProgress("hopfield", MostSweeps, MostSweeps));
        return new HopfieldResult(units, patterns.Count, CapacityPerUnit * units,
            [.. patterns.Select((pattern, i) => new Recall(flipped, Differences(pattern, Row(states, i, units)), energies[i]))]);
    }

    /// <summary>Random patterns of ±1.</summary>
    public static IReadOnlyList<float[]> RandomPatterns(int count, int units, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, units).Select(_ => random.Next(2) == 0 ? -1f : 1f).ToArray())];
    }

    /// <summary>The first image of each of some classes, black and white at its own median, so that about half of the units are 1.</summary>
    public static IReadOnlyList<float[]> ImagePatterns(GreyImages images, int count)
    {
        int[] first = [.. images.Labels.Select((label, i) => (label, i)).DistinctBy(pair => pair.label).Select(pair => pair.i)];
        if (count > first.Length)
            throw new GraphException($"The images have {first.Length} classes, but {count} patterns were asked for.");
        return [.. first.Take(count).Select(Binary)];

        float[] Binary(int image)
        {
            byte[] pixels = [.. Enumerable.Range(0, images.Height).SelectMany(y => images.Row(image, y).ToArray())];
            byte median = pixels.Order().ElementAt(pixels.Length / 2);
            return Array.ConvertAll(pixels, pixel => pixel > median ? 1f : -1f);
        }
    }

    /// <summary>w = Σ p·pᵀ ÷ U, [U, U], without a diagonal.</summary>
    internal static float[] Hebb(IReadOnlyList<float[]> patterns)
    {
        int units = patterns[0].Length;
        var weights = new float[units * units];
        for (int i = 0; i < units; i++)
        {
            for (int j = 0; j < units; j++)
                weights[i * units + j] = i == j ? 0 : patterns.Sum(pattern => pattern[i] * pattern[j]) / units;
        }
        return weights;
    }

    internal static double Energy(float[] weights, ReadOnlySpan<float> state)
    {
        double sum = 0;
        for (int i = 0; i < state.Length; i++)
        {
            for (int j = 0; j < state.Length; j++)
                sum -= 0.5 * weights[i * state.Length + j] * state[i] * state[j];
        }
        return sum;
    }

    private static float[] Damaged(IReadOnlyList<float[]> patterns, int flipped, Random random) => [.. patterns.SelectMany(pattern =>
    {
        float[] damaged = [.. pattern];
        int[] order = [.. Enumerable.Range(0, pattern.Length)];
        random.Shuffle(order);
        foreach (int unit in order.Take(flipped))
            damaged[unit] = -damaged[unit];
        return damaged;
    })];

    private static ReadOnlySpan<float> Row(Tensor states, int row, int units) => states.Float32.Slice(row * units, units);

    private static int Differences(float[] pattern, ReadOnlySpan<float> state)
    {
        int wrong = 0;
        for (int i = 0; i < pattern.Length; i++)
            wrong += pattern[i] == state[i] ? 0 : 1;
        return wrong;
    }
}
