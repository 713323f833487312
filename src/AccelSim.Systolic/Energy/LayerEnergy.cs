using System.Collections.Immutable;

namespace AccelSim.Systolic.Energy;

/// <summary>Energy of one memory level.</summary>
/// <param name="Level">Its name.</param>
/// <param name="Joules">Reads and writes together.</param>
public readonly record struct LevelEnergy(string Level, double Joules);

/// <summary>The energy of one layer by component, in joules, for the graph's batch. Modelled.</summary>
public sealed record LayerEnergy
{
    public required string Layer { get; init; }

    /// <summary>Products and sums.</summary>
    public double Mac { get; init; }

    /// <summary>Registers of the processing elements: pipeline registers, and a register file where there is one.</summary>
    public double Registers { get; init; }

    /// <summary>Wires: from element to element, and from the memories to the array and back.</summary>
    public double Network { get; init; }

    /// <summary>On-chip memories, in the order of the platform.</summary>
    public ImmutableArray<LevelEnergy> Memories { get; init; } = [];

    /// <summary>Requantization and everything else that is not a MAC.</summary>
    public double Vector { get; init; }

    /// <summary>The memory off the chip, its interface included.</summary>
    public double Dram { get; init; }

    /// <summary>Clock tree and control, in every cycle whether or not there is work.</summary>
    public double Clock { get; init; }

    public double Leakage { get; init; }

    /// <summary>All on-chip memories.</summary>
    public double Sram => Memories.Sum(level => level.Joules);

    /// <summary>Everything but DRAM: what a measurement of the chip shows.</summary>
    public double Chip => Mac + Registers + Network + Sram + Vector + Clock + Leakage;

    public double Total => Chip + Dram;

    /// <summary>The components with their names, in the order in which a table shows them.</summary>
    public IEnumerable<(string Component, double Joules)> Components()
    {
        yield return ("MAC", Mac);
        yield return ("registers", Registers);
        yield return ("network", Network);
        foreach (LevelEnergy level in Memories)
            yield return (level.Level, level.Joules);
        yield return ("vector unit", Vector);
        yield return ("DRAM", Dram);
        yield return ("clock", Clock);
        yield return ("leakage", Leakage);
    }

    /// <summary>Two layers together.</summary>
    public static LayerEnergy Sum(string name, IEnumerable<LayerEnergy> layers)
    {
        LayerEnergy[] all = [.. layers];
        return new LayerEnergy
        {
            Layer = name,
            Mac = all.Sum(layer => layer.Mac),
            Registers = all.Sum(layer => layer.Registers),
            Network = all.Sum(layer => layer.Network),
            Memories = [.. all.SelectMany(layer => layer.Memories).GroupBy(level => level.Level).Select(level => new LevelEnergy(level.Key, level.Sum(entry => entry.Joules)))],
            Vector = all.Sum(layer => layer.Vector),
            Dram = all.Sum(layer => layer.Dram),
            Clock = all.Sum(layer => layer.Clock),
            Leakage = all.Sum(layer => layer.Leakage),
        };
    }
}

/// <summary>The energy of a network, modelled.</summary>
/// <param name="Layers">By layer, in the graph's order.</param>
/// <param name="Batch">Images at once.</param>
/// <param name="Seconds">Time of the batch.</param>
public sealed record NetworkEnergy(ImmutableArray<LayerEnergy> Layers, int Batch, double Seconds)
{
    /// <summary>All layers together, by component.</summary>
    public LayerEnergy Total { get; } = LayerEnergy.Sum("total", Layers);

    public double JoulesPerInference => Total.Total / Batch;

    /// <summary>Without DRAM.</summary>
    public double ChipJoulesPerInference => Total.Chip / Batch;

    public double InferencesPerJoule => Batch / Total.Total;

    /// <summary>Energy ÷ time, DRAM included.</summary>
    public double AverageWatts => Total.Total / Seconds;

    /// <summary>Energy ÷ time of the chip without DRAM.</summary>
    public double ChipWatts => Total.Chip / Seconds;

    /// <summary>Energy ÷ energy of the MACs alone: 5 to 50 in measured chips.</summary>
    public double TimesMacEnergy => Total.Total / Total.Mac;
}
