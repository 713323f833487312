namespace AccelSim.Systolic.ScaleSim;

/// <summary>What a SCALE-Sim configuration file says of the accelerator. A word is a byte.</summary>
/// <param name="Name">Its <c>run_name</c>.</param>
/// <param name="Rows"><c>ArrayHeight</c>.</param>
/// <param name="Columns"><c>ArrayWidth</c>.</param>
/// <param name="InputWords">Words of the memory for inputs, <c>IfmapSramSzkB</c> × 1024.</param>
/// <param name="FilterWords">Words of the memory for weights.</param>
/// <param name="OutputWords">Words of the memory for outputs.</param>
/// <param name="Dataflow">The operand that stays in place.</param>
/// <param name="WordsPerCycle">
/// <c>USER</c>: words a cycle between DRAM and each of the three memories. <c>CALC</c>: null, the run never waits and the bandwidth that it would need is told.
/// </param>
public sealed record ScaleSimConfiguration(
    string Name, int Rows, int Columns, long InputWords, long FilterWords, long OutputWords, Dataflow Dataflow, int? WordsPerCycle)
{
    /// <summary>The longest side of an array that a file may ask for.</summary>
    public const int LongestSide = 65536;

    /// <summary>Largest memory that a file may ask for, in kB of 1024 words.</summary>
    public const int LargestMemory = 1 << 21;

    /// <summary>The fastest DRAM that a file may ask for, in words a cycle.</summary>
    public const int FastestDram = 1 << 20;
}
