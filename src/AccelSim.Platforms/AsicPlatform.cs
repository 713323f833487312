using System.Collections.Immutable;

namespace AccelSim.Platforms;

/// <summary>Which operand of a systolic array stays in place.</summary>
public enum StationaryOperand
{
    /// <summary>Each processing element keeps one output until it is complete.</summary>
    Output,

    /// <summary>Each processing element keeps one weight while inputs stream past.</summary>
    Weight,

    /// <summary>Each processing element keeps one input while weights stream past.</summary>
    Input,
}

/// <summary>How one fold follows another in the array.</summary>
public enum FoldOverlap
{
    /// <summary>A fold begins when the one before has left the array: one register for the stationary operand.</summary>
    Serial,

    /// <summary>The next stationary operands load, or the last outputs drain, while the array computes: two registers.</summary>
    Pipelined,
}

/// <summary>What a memory may hold.</summary>
public enum MemoryContent
{
    /// <summary>Layer inputs and outputs.</summary>
    Activations,

    /// <summary>Weights.</summary>
    Weights,

    /// <summary>Partial sums.</summary>
    Accumulators,
}

/// <summary>A fixed accelerator built around one systolic array.</summary>
/// <param name="Header">Names, prose and sources.</param>
/// <param name="ClockHertz">Clock of the array.</param>
/// <param name="ProcessNanometres">Name of the process node, or null.</param>
/// <param name="PowerWatts">Thermal design power, or null.</param>
/// <param name="Array">The systolic array.</param>
/// <param name="VectorLanes">int8 elements that the unit for pooling, addition and tables does a cycle.</param>
/// <param name="Memories">On-chip memories, in the order of the file.</param>
/// <param name="Memory">The memory off the chip.</param>
/// <param name="Calibration">Constants that were fitted to measurements.</param>
public sealed record AsicPlatform(
    PlatformHeader Header,
    Figure<double> ClockHertz,
    Figure<double>? ProcessNanometres,
    Figure<double>? PowerWatts,
    SystolicArray Array,
    Figure<long> VectorLanes,
    ImmutableArray<OnChipMemory> Memories,
    OffChipMemory Memory,
    Calibration Calibration)
    : Platform(Header, ClockHertz, ProcessNanometres, PowerWatts)
{
    /// <summary>What the file says of energy and area, or null.</summary>
    public EnergyProfile? Energy { get; init; }

    /// <inheritdoc/>
    public override string Kind => "asic";

    /// <inheritdoc/>
    public override OffChipMemory Dram => Memory;

    /// <summary>Several arrays like the one described; null is one.</summary>
    public IdenticalArrays? Arrays { get; init; }

    /// <summary>The engine for depthwise layers beside the array, or null.</summary>
    public DepthwiseUnit? DepthwiseEngine { get; init; }

    /// <summary>Whether a depthwise layer may run tile by tile with the pointwise layer behind it; null is no.</summary>
    public Figure<bool>? FuseDepthwise { get; init; }

    /// <summary>The structured sparsity of weights that the array makes use of, or null.</summary>
    public StructuredSparsity? Sparsity { get; init; }
}

/// <summary>The array of an accelerator.</summary>
/// <param name="Rows">Rows of processing elements.</param>
/// <param name="Columns">Columns of processing elements.</param>
/// <param name="Stationary">The operand that stays in place.</param>
/// <param name="Overlap">How one fold follows another.</param>
public sealed record SystolicArray(
    Figure<long> Rows,
    Figure<long> Columns,
    Figure<StationaryOperand> Stationary,
    Figure<FoldOverlap> Overlap)
{
    /// <summary>How grouped layers lie on it; null is whatever takes least time.</summary>
    public Figure<GroupedLayers>? Grouped { get; init; }
}

/// <summary>One on-chip memory.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Holds">What it may hold.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="DoubleBuffered">Whether half of it fills while the other half is read.</param>
public sealed record OnChipMemory(
    string Name,
    ImmutableArray<MemoryContent> Holds,
    Figure<double> SizeBytes,
    Figure<bool> DoubleBuffered)
{
    /// <summary>Whether it is a queue that fills behind what is read; null is no.</summary>
    public Figure<bool>? Fifo { get; init; }

    /// <summary>Banks, which work at the same time; null is one.</summary>
    public Figure<long>? Banks { get; init; }

    /// <summary>Bytes that a port of a bank moves a cycle, or null where it is not known.</summary>
    public Figure<double>? BankWidthBytes { get; init; }

    /// <summary>Ports of a bank; null is one.</summary>
    public Figure<long>? Ports { get; init; }

    /// <summary>Energy of reading a byte in pJ, or null where it is not known.</summary>
    public Figure<double>? ReadPicojoulesPerByte { get; init; }

    /// <summary>Energy of writing a byte in pJ, or null where it is not known.</summary>
    public Figure<double>? WritePicojoulesPerByte { get; init; }
}
