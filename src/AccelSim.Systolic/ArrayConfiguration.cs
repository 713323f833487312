using AccelSim.Systolic.Mapping;
using AccelSim.Systolic.Memory;

namespace AccelSim.Systolic;

/// <summary>Which operand of a systolic array stays in place.</summary>
public enum Dataflow
{
    /// <summary>Each element keeps one output; inputs enter from the left, weights from the top.</summary>
    OutputStationary,

    /// <summary>Each element keeps one weight; inputs enter from the left, partial sums move down.</summary>
    WeightStationary,

    /// <summary>Each element keeps one input; weights enter from the left, partial sums move down.</summary>
    InputStationary,
}

/// <summary>How one fold follows another.</summary>
public enum FoldSchedule
{
    /// <summary>One register for the stationary operand: a fold begins when the one before has left the array.</summary>
    Serial,

    /// <summary>Two registers: the next stationary operands load, or the last outputs drain, while the array computes.</summary>
    Pipelined,
}

/// <summary>How the groups of a grouped (or depthwise) convolution share the array.</summary>
public enum GroupMapping
{
    /// <summary>Whichever takes fewest cycles; the layer's note says which, and what the others would have taken.</summary>
    Auto,

    /// <summary>One group a fold.</summary>
    OneGroupAFold,

    /// <summary>As many groups as fit side by side across rows and columns: a block-diagonal fold. One where no two fit.</summary>
    GroupsAcrossColumns,

    /// <summary>
    /// Neighbouring output pixels side by side, each with the kernel shifted to its place, with as many groups as then fit; where no two pixels fit, as
    /// <see cref="GroupsAcrossColumns"/>.
    /// </summary>
    PixelsAcrossColumns,

    /// <summary>On the <see cref="DepthwiseEngine"/> beside the array. A layer that is not depthwise, or an array without one, does as with <see cref="Auto"/>.</summary>
    DepthwiseEngine,
}

/// <summary>A systolic array with its vector unit and memories.</summary>
/// <param name="Name">For tables and messages.</param>
/// <param name="Rows">Rows of processing elements, 1 to 4096.</param>
/// <param name="Columns">Columns of processing elements, 1 to 4096.</param>
/// <param name="Dataflow">The operand that stays in place.</param>
/// <param name="Schedule">How one fold follows another.</param>
/// <param name="ClockHz">Clock of array and vector unit.</param>
/// <param name="VectorLanes">int8 elements that the vector unit does a cycle; it also requantizes the array's outputs.</param>
/// <param name="Memory">On-chip and off-chip memory.</param>
/// <param name="Groups">How groups share the array.</param>
public sealed record ArrayConfiguration(
    string Name,
    int Rows,
    int Columns,
    Dataflow Dataflow,
    FoldSchedule Schedule,
    double ClockHz,
    int VectorLanes,
    MemoryHierarchy Memory,
    GroupMapping Groups = GroupMapping.Auto)
{
    private const int LongestSide = 4096;
    private const int MostArrays = 1024;
    private const int MostLanes = 65536;
    private const int LongestBlock = 64;

    /// <summary>Identical arrays that share the memories and the vector unit, 1 to 1024.</summary>
    public int Arrays { get; init; } = 1;

    /// <summary>What several arrays divide among them.</summary>
    public ArraySharing Sharing { get; init; }

    /// <summary>The engine for depthwise layers beside the arrays, or null.</summary>
    public DepthwiseEngine? Depthwise { get; init; }

    /// <summary>The structured sparsity that weights of layers without groups have and the arrays make use of, or null.</summary>
    public WeightSparsity? Sparsity { get; init; }

    /// <summary>Whether a depthwise layer may run tile by tile with the pointwise layer behind it, so that what is between them stays on the chip.</summary>
    public bool FuseDepthwise { get; init; }

    /// <summary>The peak of all arrays, with every weight in its place and without the depthwise engine.</summary>
    public long MacsPerCycle => (long)Rows * Columns * Arrays;

    /// <summary>Bytes that DRAM moves in one cycle of the array, at its efficiency.</summary>
    public double DramBytesPerCycle => Memory.Dram.BytesPerSecond * Memory.Dram.Efficiency / ClockHz;

    /// <summary>Partial sums that the accumulators below one column hold while the other half drains.</summary>
    public int LongestStream => (int)Math.Clamp(Memory.AccumulatorRoom / (sizeof(int) * (long)Columns), 1, int.MaxValue);

    /// <summary>Rows, columns and dataflow in short, such as <c>16×16 weight-stationary</c>.</summary>
    public string Describe() => $"{(Arrays == 1 ? "" : $"{Arrays} of ")}{Rows}×{Columns} {DataflowName}";

    internal string DataflowName => Dataflow switch
    {
        Dataflow.OutputStationary => "output-stationary",
        Dataflow.WeightStationary => "weight-stationary",
        _ => "input-stationary",
    };

    /// <summary>Checks every number.</summary>
    /// <exception cref="ArrayConfigurationException">A number is out of range; the message names it and what is allowed.</exception>
    public void Validate()
    {
        Require(Rows is >= 1 and <= LongestSide, "rows", Rows, $"1 to {LongestSide}");
        Require(Columns is >= 1 and <= LongestSide, "columns", Columns, $"1 to {LongestSide}");
        Require(VectorLanes >= 1, "vector lanes", VectorLanes, "1 or more");
        Require(ClockHz > 0 && double.IsFinite(ClockHz), "clock in Hz", ClockHz, "more than 0");
        Require(Arrays is >= 1 and <= MostArrays, "arrays", Arrays, $"1 to {MostArrays}");
        if (Depthwise is { } engine)
        {
            Require(engine.Channels is >= 1 and <= MostLanes, "channels of its depthwise engine", engine.Channels, $"1 to {MostLanes}");
            Require(engine.Taps is >= 1 and <= MostLanes, "taps of its depthwise engine", engine.Taps, $"1 to {MostLanes}");
        }
        if (Sparsity is { } sparsity)
        {
            Require(sparsity.Of is >= 2 and <= LongestBlock, "weights in a block of its sparsity", sparsity.Of, $"2 to {LongestBlock}");
            Require(sparsity.Kept >= 1 && sparsity.Kept < sparsity.Of, "weights kept of a block of its sparsity", sparsity.Kept, $"1 to {sparsity.Of - 1}");
        }
        ValidateMemory();
    }

    private void ValidateMemory()
    {
        foreach (MemoryLevel level in Memory.Levels)
        {
            Require(level.Holds != MemoryContents.None, $"'{level.Name}' kinds of value", 0, "activations, weights or partial sums");
            Require(level.Bytes >= 0, $"'{level.Name}' bytes", level.Bytes, "0 or more");
            Require(level.Banks >= 1, $"'{level.Name}' banks", level.Banks, "1 or more");
            Require(level.Ports >= 1, $"'{level.Name}' ports", level.Ports, "1 or more");
            Require(level.WidthBytes is null or > 0, $"'{level.Name}' width in bytes", level.WidthBytes ?? 0, "more than 0");
        }
        if (Memory.Levels.Select(level => level.Name).Append("DRAM").GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArrayConfigurationException($"The array '{Name}' has two memories called '{twice.Key}'; give each a name of its own, for reports.");
        long leastSums = sizeof(int) * (long)Columns;
        Require(Memory.AccumulatorRoom >= leastSums, "bytes of partial sums in use at one time", Memory.AccumulatorRoom, $"{leastSums} or more, one int32 a column");
        Dram dram = Memory.Dram;
        Require(dram.BytesPerSecond > 0, "DRAM bytes a second", dram.BytesPerSecond, "more than 0");
        Require(dram.LatencySeconds >= 0 && double.IsFinite(dram.LatencySeconds), "DRAM latency in seconds", dram.LatencySeconds, "0 or more");
        Require(dram.BurstBytes >= 1, "DRAM burst bytes", dram.BurstBytes, "1 or more");
        Require(dram.Efficiency is > 0 and <= 1, "DRAM efficiency", dram.Efficiency, "more than 0, at most 1");
    }

    private void Require(bool legal, string what, double value, string allowed)
    {
        if (!legal)
            throw new ArrayConfigurationException(FormattableString.Invariant($"The array '{Name}' has {what} {value}; allowed: {allowed}."));
    }
}

/// <summary>An array cannot be as it was described.</summary>
public sealed class ArrayConfigurationException(string message) : Exception(message);
