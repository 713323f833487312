namespace AccelSim.Systolic.RegisterLevel;

/// <summary>The values of one fold.</summary>
/// <param name="Rows">Rows in use, r.</param>
/// <param name="Columns">Columns in use, c.</param>
/// <param name="Steps">Vectors that stream through, T.</param>
/// <param name="Left">What enters from the left: [T × r], row-major.</param>
/// <param name="Top">What enters from the top: [r × c] stationary values, or [T × c] for an output-stationary array.</param>
public sealed record FoldOperands(int Rows, int Columns, int Steps, int[] Left, int[] Top);

/// <summary>What the register-level array did. Every count is of accesses and operations as they happened.</summary>
/// <param name="Cycles">Cycles until the last result left the array.</param>
/// <param name="Macs">Products of two operands of the layer, the zeros of a block-diagonal fold among them; idle elements do none.</param>
/// <param name="Results">For each fold the values that left the bottom edge: [T × c] partial sums, or [r × c] outputs of an output-stationary array.</param>
/// <param name="LeftReads">Values read at the left edge.</param>
/// <param name="TopReads">Values read at the top edge.</param>
/// <param name="BottomWrites">Values written at the bottom edge.</param>
public sealed record ArrayRun(long Cycles, long Macs, IReadOnlyList<int[]> Results, long LeftReads, long TopReads, long BottomWrites);
