namespace AccelSim.Graph;

/// <summary>Where a figure comes from. A report never prints one as another.</summary>
public enum Provenance
{
    /// <summary>A closed form said so.</summary>
    Modelled,

    /// <summary>A register-level or RTL simulation counted it.</summary>
    CycleAccurate,

    /// <summary>A real device ran it.</summary>
    Measured,
}

/// <summary>Why a datapath waited.</summary>
public enum StallCause
{
    DramBandwidth,
    DramLatency,
    BankConflict,
    Dependency,
    VectorUnit,
    Launch,
}

/// <summary>Bytes that crossed one level of memory.</summary>
public readonly record struct Traffic(string Level, long ReadBytes, long WrittenBytes);

/// <summary>The time of one layer on one backend, the same record for all.</summary>
public sealed record LayerTiming
{
    public required string Layer { get; init; }

    /// <summary>Cycles in which the datapath did useful work, edge effects included.</summary>
    public required long Compute { get; init; }

    /// <summary>Cycles of filling and draining pipelines and arrays.</summary>
    public long FillDrain { get; init; }

    /// <summary>Cycles lost, by cause.</summary>
    public IReadOnlyDictionary<StallCause, long> Stalls { get; init; } = new Dictionary<StallCause, long>();

    /// <summary>Cycles of these that another unit's layer runs at the same time and counts, so that they add nothing to the network's.</summary>
    public long Hidden { get; init; }

    public long Total => Compute + FillDrain + Stalls.Values.Sum() - Hidden;

    public required double ClockHz { get; init; }

    public required long Macs { get; init; }

    /// <summary>The datapath's peak.</summary>
    public required long MacsPerCycle { get; init; }

    /// <summary>Operations of the vector unit, for a layer that runs there.</summary>
    public long VectorOperations { get; init; }

    /// <summary>The vector unit's peak; 0 where the layer does not run there.</summary>
    public long VectorOperationsPerCycle { get; init; }

    /// <summary>
    /// What the layer reaches of the peak of the unit that does it, hidden cycles included: MACs ÷ (cycles × MACs per cycle), and for a layer of the vector
    /// unit operations ÷ (cycles × operations per cycle).
    /// </summary>
    public double Utilization =>
        Total + Hidden == 0 ? 0
        : VectorOperationsPerCycle > 0 ? VectorOperations / ((double)(Total + Hidden) * VectorOperationsPerCycle)
        : Macs / ((double)(Total + Hidden) * MacsPerCycle);

    public IReadOnlyList<Traffic> Traffic { get; init; } = [];

    public required Provenance Provenance { get; init; }

    /// <summary>How the layer was mapped and why, or what limits it.</summary>
    public string Note { get; init; } = "";

    public double Seconds => Total / ClockHz;
}
