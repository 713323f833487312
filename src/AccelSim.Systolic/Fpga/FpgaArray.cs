using AccelSim.Systolic.Memory;

namespace AccelSim.Systolic;

/// <summary>The primitives of an FPGA that an array may use.</summary>
/// <param name="Dsps">Multiplier slices.</param>
/// <param name="Int8MacsPerDsp">int8 MACs that one slice does a cycle: 2 where two share an operand (DSP48E2, Xilinx WP486), else 1.</param>
/// <param name="Luts">Look-up tables.</param>
/// <param name="BlockRams">Block memories.</param>
/// <param name="BlockRamBits">Bits of one block memory.</param>
/// <param name="LargeRamBytes">Bytes of large block memories (UltraRAM), which add room for activations and weights.</param>
public sealed record FpgaBudget(long Dsps, int Int8MacsPerDsp, long Luts, long BlockRams, double BlockRamBits, double LargeRamBytes = 0);

/// <summary>What an array costs on an FPGA, and how much of the device it may fill.</summary>
/// <param name="LutsPerMac">Look-up tables of one processing element.</param>
/// <param name="DspsPerColumn">Multiplier slices of the requantizer below each column.</param>
/// <param name="FixedLuts">Look-up tables of control and memory interface.</param>
/// <param name="Fill">The part of each primitive that may be used, 0 to 1.</param>
public sealed record FpgaArrayCosts(double LutsPerMac, int DspsPerColumn, long FixedLuts, double Fill)
{
    /// <summary>
    /// One MAC a slice, the accumulator's adder in look-up tables: 64 LUTs each and 2 slices a requantizer, counted by Yosys 0.23 synth_xilinx.
    /// </summary>
    public static FpgaArrayCosts Plain { get; } = new(LutsPerMac: 64, DspsPerColumn: 2, FixedLuts: 5000, Fill: 0.8);

    /// <summary>
    /// Two MACs a slice, the adders in the slices: 20 LUTs a MAC, everything included, as in the vendor's DPU B4096
    /// (40,865 LUTs for 2,048 MACs a cycle, PG338 v1.2 Table 9).
    /// </summary>
    public static FpgaArrayCosts Packed { get; } = new(LutsPerMac: 20, DspsPerColumn: 2, FixedLuts: 0, Fill: 0.8);

    /// <summary>The costs that go with a number of MACs a slice.</summary>
    public static FpgaArrayCosts For(int int8MacsPerDsp) => int8MacsPerDsp > 1 ? Packed : Plain;
}

/// <summary>The largest array that fits an FPGA, and what it uses.</summary>
/// <param name="Array">The array; weight-stationary, pipelined.</param>
/// <param name="Dsps">Multiplier slices in use.</param>
/// <param name="Luts">Look-up tables in use.</param>
/// <param name="BlockRams">Block memories in use for the banks that the array needs; the rest are room for activations and weights.</param>
/// <param name="LimitedBy">The primitive of which more would allow a larger array.</param>
public sealed record FpgaArray(ArrayConfiguration Array, long Dsps, long Luts, long BlockRams, string LimitedBy)
{
    private const int LongestSide = 512;

    // A wider array than this starves on most layers: its short side has too few operands.
    private const int LargestAspect = 2;

    // A block memory has a port of 64 data bits: eight int8 operands, or two int32 sums.
    private const int PortBits = 64;

    /// <summary>Finds the array with the most processing elements, of those the squarest.</summary>
    /// <param name="name">Name of the configuration.</param>
    /// <param name="budget">What there is.</param>
    /// <param name="costs">What a part of the array costs.</param>
    /// <param name="clockHz">Clock of the array.</param>
    /// <param name="dramBytesPerSecond">Bandwidth of the board's memory.</param>
    /// <exception cref="ArrayConfigurationException">Not even one processing element fits; the message says what is missing.</exception>
    public static FpgaArray Largest(string name, FpgaBudget budget, FpgaArrayCosts costs, double clockHz, double dramBytesPerSecond)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(costs);
        (int Rows, int Columns) best = default;
        for (int rows = 1; rows <= LongestSide; rows++)
        {
            // Two MACs of a slice share the input, so they are neighbours in a row.
            for (int columns = budget.Int8MacsPerDsp; columns <= LongestSide; columns += budget.Int8MacsPerDsp)
            {
                if (Math.Max(rows, columns) > LargestAspect * Math.Min(rows, columns))
                    continue;
                if (Missing(rows, columns, budget, costs).Count > 0)
                    break;
                if (IsBetter((rows, columns), best))
                    best = (rows, columns);
            }
        }
        if (best == default)
            throw new ArrayConfigurationException($"No array fits '{name}': a single processing element lacks {string.Join(" and ", Missing(1, budget.Int8MacsPerDsp, budget, costs))}.");
        return At(name, best.Rows, best.Columns, budget, costs, clockHz, dramBytesPerSecond);
    }

    private static bool IsBetter((int Rows, int Columns) candidate, (int Rows, int Columns) best)
    {
        (int size, int bestSize) = (candidate.Rows * candidate.Columns, best.Rows * best.Columns);
        return size > bestSize || (size == bestSize && Math.Abs(candidate.Rows - candidate.Columns) < Math.Abs(best.Rows - best.Columns));
    }

    private static FpgaArray At(string name, int rows, int columns, FpgaBudget budget, FpgaArrayCosts costs, double clockHz, double dramBytesPerSecond)
    {
        double room = (budget.BlockRams * costs.Fill - BlockRamsFor(rows, columns)) * budget.BlockRamBits / 8 + budget.LargeRamBytes * costs.Fill;
        // The banks for activations and weights hold data too; accumulators do not.
        room += (BlockRamsFor(rows, columns) - Banks(columns, 32)) * budget.BlockRamBits / 8;
        long accumulators = (long)(Banks(columns, 32) * budget.BlockRamBits / 8);
        long half = Math.Max(1, (long)room / 2);
        var array = new ArrayConfiguration(
            name,
            rows,
            columns,
            Dataflow.WeightStationary,
            FoldSchedule.Pipelined,
            clockHz,
            columns,
            MemoryHierarchy.Split(half, half, new Dram(dramBytesPerSecond), accumulatorBytes: accumulators));
        array.Validate();
        // What would not suffice for one more row and column.
        List<string> limits = Missing(rows + 1, columns + budget.Int8MacsPerDsp, budget, costs);
        return new FpgaArray(
            array,
            DspsFor(rows, columns, budget, costs),
            LutsFor(rows, columns, costs),
            BlockRamsFor(rows, columns),
            limits.Count > 0 ? string.Join(" and ", limits) : "the longest side that is searched");
    }

    private static List<string> Missing(int rows, int columns, FpgaBudget budget, FpgaArrayCosts costs)
    {
        var missing = new List<string>();
        if (DspsFor(rows, columns, budget, costs) > budget.Dsps * costs.Fill)
            missing.Add("DSP slices");
        if (LutsFor(rows, columns, costs) > budget.Luts * costs.Fill)
            missing.Add("LUTs");
        if (BlockRamsFor(rows, columns) > budget.BlockRams * costs.Fill)
            missing.Add("block RAMs");
        return missing;
    }

    private static long DspsFor(int rows, int columns, FpgaBudget budget, FpgaArrayCosts costs) =>
        ((long)rows * columns + budget.Int8MacsPerDsp - 1) / budget.Int8MacsPerDsp + (long)costs.DspsPerColumn * columns;

    private static long LutsFor(int rows, int columns, FpgaArrayCosts costs) => costs.FixedLuts + (long)Math.Ceiling(rows * columns * costs.LutsPerMac);

    // An input a row, a weight and a partial sum a column each cycle.
    private static long BlockRamsFor(int rows, int columns) => Banks(rows, 8) + Banks(columns, 8) + Banks(columns, 32);

    // Double-buffered: twice the ports.
    private static long Banks(int lanes, int bits) => 2 * ((lanes * (long)bits + PortBits - 1) / PortBits);
}
