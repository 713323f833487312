namespace AccelSim.Systolic.ScaleSim;

/// <summary>Reads or writes of a memory: the cycles of the first and the last, and how many.</summary>
public readonly record struct ScaleSimAccess(long Start, long Stop, long Count);

/// <summary>What SCALE-Sim's three reports say of one layer.</summary>
/// <remarks>Percentages are 0 to 100; bandwidths are words a cycle.</remarks>
public sealed record ScaleSimLayerReport
{
    /// <summary>The index of the last cycle, one less than there are; stalls included.</summary>
    public required long TotalCycles { get; init; }

    /// <summary>Ours. 0 with <c>CALC</c>.</summary>
    public required long StallCycles { get; init; }

    /// <summary>MACs ÷ (total cycles × processing elements).</summary>
    public required double OverallUtilization { get; init; }

    /// <summary>Processing elements in use, the average of the folds.</summary>
    public required double MappingEfficiency { get; init; }

    /// <summary>MACs ÷ (cycles × processing elements) while stall-free, the average of the folds.</summary>
    public required double ComputeUtilization { get; init; }

    public required ScaleSimAccess SramInputs { get; init; }

    public required ScaleSimAccess SramFilters { get; init; }

    public required ScaleSimAccess SramOutputs { get; init; }

    public required ScaleSimAccess DramInputs { get; init; }

    public required ScaleSimAccess DramFilters { get; init; }

    public required ScaleSimAccess DramOutputs { get; init; }
}
