using AccelSim.Graph;
using AccelSim.Systolic;

namespace AccelSim.Studies.Simulate;

/// <summary>
/// Tries every change of a machine, simulates it, and keeps the three with the largest gain in time for an image. Of an amount the least is searched for that gives the gain
/// (bisection over whole quanta; what is reported was simulated).
/// </summary>
internal sealed class HintSearch
{
    /// <summary>Less than this part of the time is no hint.</summary>
    private const double LeastGain = 0.01;

    /// <summary>The least amount keeps this part of the gain.</summary>
    private const double KeptGain = 0.99;

    /// <summary>A least amount of more than this part of what was tried saves nothing worth an odd number.</summary>
    private const double MostOfIt = 0.95;

    private const int Most = 3;

    private readonly Simulation _simulation;
    private readonly Trial _before;

    private HintSearch(Simulation simulation, Machine machine, IReadOnlyList<LayerTiming> timings)
    {
        _simulation = simulation;
        _before = new Trial(machine, simulation.Batch, timings);
    }

    /// <summary>The best changes, the largest gain first.</summary>
    public static IReadOnlyList<Hint> Run(
        Simulation simulation, Machine machine, IReadOnlyList<LayerTiming> timings, IProgress<StudyProgress>? progress, CancellationToken cancellation)
    {
        var search = new HintSearch(simulation, machine, timings);
        if (search._before.SecondsPerImage == 0)
            return [];
        Change[] changes = [.. machine.Changes(), Batch];
        var found = new List<(Change Change, Trial Trial)>();
        for (int i = 0; i < changes.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new StudyProgress("what would help", i, changes.Length, changes[i].Kind));
            if (search.Try(changes[i]) is { } trial && search.GainOf(trial) >= LeastGain)
                found.Add((changes[i], trial));
        }
        progress?.Report(new StudyProgress("what would help", changes.Length, changes.Length));
        return
        [
            .. found.GroupBy(each => each.Change.Kind)
                .Select(kind => kind.MaxBy(each => search.GainOf(each.Trial)))
                .OrderByDescending(each => search.GainOf(each.Trial))
                .Take(Most)
                .Select(each => search.Explain(each.Change, search.Least(each.Change, each.Trial, cancellation))),
        ];
    }

    /// <summary>More images at once: weights come once for all of them.</summary>
    private static Change Batch { get; } = new BatchChange([2, 4, 8]);

    private double GainOf(Trial trial) => 1 - trial.SecondsPerImage / _before.SecondsPerImage;

    private Trial? Try(Change change)
    {
        try
        {
            return change switch
            {
                Swap swap => Simulate(swap.Machine, _simulation.Batch, null),
                Knob knob => Enough([.. knob.Factors.Select(factor => Simulate(knob.With(knob.Amount * factor), _simulation.Batch, knob.Amount * factor))]),
                BatchChange batch => Enough([.. batch.Factors.Select(factor => Simulate(_before.Machine, checked(_simulation.Batch * factor), _simulation.Batch * factor))]),
                _ => throw new InvalidOperationException($"no trial of {change}"),
            };
        }
        catch (Exception error) when (error is GraphException or ArrayConfigurationException or OverflowException)
        {
            // A change that cannot be is no hint: a side that is too long, a network of one batch only.
            return null;
        }
    }

    // The first steps are the cheap ones. More need not be better: another amount is another plan, and none may gain.
    private Trial Enough(Trial[] trials)
    {
        double most = trials.Max(GainOf);
        return trials.First(trial => GainOf(trial) >= (most > 0 ? most / 2 : most));
    }

    private Trial Least(Change change, Trial trial, CancellationToken cancellation)
    {
        if (change is not Knob { Quantum: > 0 } knob)
            return trial;
        double wanted = KeptGain * GainOf(trial);
        // Quanta on top of what there is.
        long all = (long)Math.Ceiling((trial.Amount!.Value - knob.Amount) / knob.Quantum), enough = all, few = 0;
        Trial least = trial;
        while (enough - few > 1)
        {
            cancellation.ThrowIfCancellationRequested();
            long middle = few + (enough - few) / 2;
            Trial tried = Simulate(knob.With(knob.Amount + middle * knob.Quantum), _simulation.Batch, knob.Amount + middle * knob.Quantum);
            if (GainOf(tried) >= wanted)
                (enough, least) = (middle, tried);
            else
                few = middle;
        }
        // Where every bit helps, the round amount is the better advice.
        return enough >= MostOfIt * all ? trial : least;
    }

    private Trial Simulate(Machine machine, int batch, double? amount) => new(machine, batch, machine.Time(_simulation.GraphOf(batch))) { Amount = amount };

    private Hint Explain(Change change, Trial after)
    {
        // Each layer for one image, since the batch may differ.
        int most = Enumerable.Range(0, _before.Timings.Count).MaxBy(i => _before.Seconds(i) - after.Seconds(i));
        LayerTiming old = _before.Timings[most], changed = after.Timings[most];
        var (part, before, left) = TimeShares.Of(old).Zip(TimeShares.Of(changed), (was, now) =>
            (was.Part, Before: was.Cycles / old.ClockHz / _before.Batch, After: now.Cycles / changed.ClockHz / after.Batch)).MaxBy(part => part.Before - part.After);
        return new Hint(
            change.Kind, TextOf(change, after), (change as Knob)?.Amount ?? (change is BatchChange ? _before.Batch : null), after.Amount, old.Layer, most + 1, part,
            (double)TimeShares.Of(old).First(each => each.Part == part).Cycles / old.Total, before, left, _before.Seconds(most), after.Seconds(most),
            _before.SecondsPerImage, after.SecondsPerImage, _before.BatchSeconds, after.BatchSeconds, after.Batch, after.Machine);
    }

    private string TextOf(Change change, Trial after) => change switch
    {
        Swap swap => swap.Text,
        Knob knob => $"{knob.Format(after.Amount!.Value - knob.Amount)} more {knob.Kind} ({knob.Format(knob.Amount)} → {knob.Format(after.Amount.Value)})",
        _ => FormattableString.Invariant($"a batch of {after.Batch} instead of {_before.Batch}"),
    };

    private sealed record BatchChange(IReadOnlyList<int> Factors) : Change("batch");

    private sealed record Trial(Machine Machine, int Batch, IReadOnlyList<LayerTiming> Timings)
    {
        public double? Amount { get; init; }

        public double BatchSeconds { get; } = Timings.Sum(timing => timing.Seconds);

        public double SecondsPerImage => BatchSeconds / Batch;

        public double Seconds(int layer) => Timings[layer].Seconds / Batch;
    }
}
