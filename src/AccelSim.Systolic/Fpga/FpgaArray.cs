using System.Collections.Immutable;
using AccelSim.Systolic.Memory;

namespace AccelSim.Systolic.Fpga;

/// <summary>An array on an FPGA: what it uses, its clock and its memories.</summary>
/// <param name="Array">The array; weight-stationary, pipelined.</param>
/// <param name="Use">What it uses, the memories that any array needs included; what is left of block memory is room for activations and weights.</param>
/// <param name="Fill">The fullest of multipliers and look-up tables, 0 to 1.</param>
/// <param name="LimitedBy">The primitive of which more would allow a larger array, or what else ended the search.</param>
public sealed record FpgaArray(ArrayConfiguration Array, FpgaUse Use, double Fill, string LimitedBy)
{
    private const int LongestSide = 512;

    // A wider array than this starves on most layers: its short side has too few operands.
    private const int LargestAspect = 2;

    // Two sets of sums, one draining while the other fills, each as long as the shallowest block is deep.
    private const int AccumulatorDepth = 1024;

    private const int CodeBits = 8;

    private const int SumBits = 32;

    /// <summary>Finds the array with the most processing elements, of those the squarest.</summary>
    /// <param name="name">Name of the configuration.</param>
    /// <param name="budget">What there is.</param>
    /// <param name="clockHz">Clock that accelerators on the device reach; <see cref="FpgaClock"/> says what remains of it.</param>
    /// <param name="dramBytesPerSecond">Bandwidth of the board's memory.</param>
    /// <exception cref="ArrayConfigurationException">Not even one processing element fits; the message says what is missing.</exception>
    public static FpgaArray Largest(string name, FpgaBudget budget, double clockHz, double dramBytesPerSecond)
    {
        ArgumentNullException.ThrowIfNull(budget);
        var memories = new MinimalMemories(budget.Primitives.Block);
        int step = budget.MacsPerMultiplier;
        (int Rows, int Columns) best = default;
        for (int rows = 1; rows <= LongestSide; rows++)
        {
            // Two MACs of a slice share the input, so they are neighbours in a row.
            for (int columns = step; columns <= LongestSide; columns += step)
            {
                if (Math.Max(rows, columns) > LargestAspect * Math.Min(rows, columns))
                    continue;
                if (UseOf(rows, columns, budget, memories).Missing(budget).Count > 0)
                    break;
                if (IsBetter((rows, columns), best))
                    best = (rows, columns);
            }
        }
        if (best == default)
            throw new ArrayConfigurationException($"No array fits '{name}': a single processing element lacks {string.Join(" and ", UseOf(1, step, budget, memories).Missing(budget))}.");
        return At(name, best.Rows, best.Columns, budget, clockHz, dramBytesPerSecond, memories);
    }

    /// <summary>An array of these sides, with its clock and the memories that are left for it.</summary>
    /// <inheritdoc cref="Largest"/>
    /// <param name="rows">Rows, 1 to 512.</param>
    /// <param name="columns">Columns, 1 to 512.</param>
    /// <exception cref="ArrayConfigurationException">It does not fit; the message says of what there is too little.</exception>
    public static FpgaArray Of(string name, int rows, int columns, FpgaBudget budget, double clockHz, double dramBytesPerSecond)
    {
        ArgumentNullException.ThrowIfNull(budget);
        if (rows is < 1 or > LongestSide || columns is < 1 or > LongestSide)
            throw new ArrayConfigurationException(FormattableString.Invariant($"An array of {rows}×{columns} on '{name}': allowed are sides of 1 to {LongestSide}."));
        var memories = new MinimalMemories(budget.Primitives.Block);
        FpgaUse use = UseOf(rows, columns, budget, memories);
        if (use.Missing(budget) is { Count: > 0 } missing)
        {
            throw new ArrayConfigurationException(FormattableString.Invariant(
                $"An array of {rows}×{columns} does not fit '{name}': too few {string.Join(" and ", missing)}. It would use {use.Describe(budget)}, and {100 * budget.Fill:0} % of each may be used."));
        }
        return At(name, rows, columns, budget, clockHz, dramBytesPerSecond, memories);
    }

    /// <summary>What an array of these sides would use of a device, whether or not it fits.</summary>
    public static FpgaUse UseOf(int rows, int columns, FpgaBudget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        return UseOf(rows, columns, budget, new MinimalMemories(budget.Primitives.Block));
    }

    private static bool IsBetter((int Rows, int Columns) candidate, (int Rows, int Columns) best)
    {
        (int size, int bestSize) = (candidate.Rows * candidate.Columns, best.Rows * best.Columns);
        return size > bestSize || (size == bestSize && Math.Abs(candidate.Rows - candidate.Columns) < Math.Abs(best.Rows - best.Columns));
    }

    private static FpgaUse UseOf(int rows, int columns, FpgaBudget budget, MinimalMemories memories)
    {
        FpgaPrimitives primitives = budget.Primitives;
        long macs = (long)rows * columns;
        long requantizers = primitives.SharesRequantizer ? 1 : columns;
        bool logic = budget.MultipliesInLogic;
        long multipliers = (macs + budget.MacsPerMultiplier - 1) / budget.MacsPerMultiplier;
        double lutsPerMac = logic ? primitives.LogicLutsPerMac : primitives.LutsPerMac;
        return new FpgaUse(
            logic ? 0 : multipliers + (primitives.Requantizer.Dsps * requantizers),
            primitives.FixedLuts + (long)Math.Ceiling(macs * lutsPerMac) + (requantizers * (logic ? primitives.Requantizer.LogicLuts : primitives.Requantizer.Luts)),
            (long)Math.Ceiling(macs * primitives.RegistersPerMac) + (requantizers * primitives.Requantizer.Registers),
            memories.Of(rows, columns));
    }

    private static FpgaArray At(string name, int rows, int columns, FpgaBudget budget, double clockHz, double dramBytesPerSecond, MinimalMemories memories)
    {
        FpgaUse use = UseOf(rows, columns, budget, memories);
        (long activations, long weights) = memories.Fill(rows, columns, budget, use);
        double fill = use.FillOf(budget);
        int lanes = budget.Primitives.SharesRequantizer ? 1 : columns;
        var array = new ArrayConfiguration(
            name,
            rows,
            columns,
            Dataflow.WeightStationary,
            FoldSchedule.Pipelined,
            FpgaClock.At(clockHz, fill),
            lanes,
            MemoryHierarchy.Split(activations, weights, new Dram(dramBytesPerSecond), accumulatorBytes: AccumulatorDepth * (long)columns * sizeof(int)));
        array.Validate();
        return new FpgaArray(array, use, fill, Limit(rows, columns, budget, memories));
    }

    // What would not suffice for one more row and column.
    private static string Limit(int rows, int columns, FpgaBudget budget, MinimalMemories memories)
    {
        if (rows >= LongestSide || columns >= LongestSide)
            return "the longest side that is searched";
        IReadOnlyList<string> missing = UseOf(rows + 1, columns + budget.MacsPerMultiplier, budget, memories).Missing(budget);
        return missing.Count > 0 ? string.Join(" and ", missing) : $"the aspect of at most {LargestAspect}";
    }

    /// <summary>The memories that an array needs at least: one word of inputs a row, one of weights and one of sums a column each cycle.</summary>
    private sealed class MinimalMemories(MemoryPrimitive block)
    {
        // Double-buffered: two memories, each as deep as the shallowest shape.
        private readonly int _depth = 2 * block.Shapes.Min(shape => shape.Depth);
        private readonly ImmutableArray<long> _codes = block.CountsFor(2 * block.Shapes.Min(shape => shape.Depth), LongestSide * CodeBits);
        private readonly ImmutableArray<long> _sums = block.CountsFor(AccumulatorDepth, LongestSide * SumBits);

        public long Of(int rows, int columns) => _codes[Math.Min(rows, LongestSide) * CodeBits] + _codes[Math.Min(columns, LongestSide) * CodeBits] + _sums[Math.Min(columns, LongestSide) * SumBits];

        // What blocks are left deepen activations and weights in turn, a whole row of blocks at a time; large blocks as well.
        public (long Activations, long Weights) Fill(int rows, int columns, FpgaBudget budget, FpgaUse use)
        {
            long left = (long)(budget.BlockRams * block.PerReportedBlock * budget.Fill) - use.BlockPrimitives;
            (long moreActivations, long moreWeights) = Layers(left, _codes[rows * CodeBits], _codes[columns * CodeBits]);
            long activations = _depth * (1 + moreActivations) * rows, weights = _depth * (1 + moreWeights) * columns;
            if (budget.Primitives.Large is { } large && budget.LargeRams > 0)
            {
                MemoryShape shape = large.Shapes[0];
                long Blocks(int lanes) => ((lanes * CodeBits) + shape.Width - 1) / shape.Width;
                (long a, long w) = Layers((long)(budget.LargeRams * budget.Fill), Blocks(rows), Blocks(columns));
                activations += a * shape.Depth * rows;
                weights += w * shape.Depth * columns;
            }
            return (activations, weights);
        }

        // As many of both as there are blocks for, then one more of either.
        private static (long First, long Second) Layers(long blocks, long first, long second)
        {
            if (blocks <= 0)
                return (0, 0);
            long both = blocks / (first + second);
            long rest = blocks - (both * (first + second));
            return (both + (rest >= first ? 1 : 0), both + (rest < first && rest >= second ? 1 : 0));
        }
    }
}
