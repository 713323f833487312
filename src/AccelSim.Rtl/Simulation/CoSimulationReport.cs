namespace AccelSim.Rtl.Simulation;

/// <summary>A byte that differed.</summary>
/// <param name="Frame">Index in the batch.</param>
/// <param name="Expected">The golden code.</param>
/// <param name="Got">What the hardware gave.</param>
public sealed record Mismatch(int Frame, int Channel, int Row, int Column, int Expected, int Got);

/// <summary>The comparison of one value of the block.</summary>
/// <param name="Layer">The value's name, which is its layer's.</param>
/// <param name="Elements">Bytes that arrived and were compared.</param>
/// <param name="Mismatches">How many of them differed.</param>
/// <param name="First">The first that did.</param>
public sealed record LayerCheck(string Layer, long Elements, long Mismatches, Mismatch? First);

/// <summary>What a co-simulation found.</summary>
/// <param name="Passed">Every byte arrived, in time, and was equal, and nothing more came.</param>
/// <param name="Verdict">PASS, or FAIL with the reason.</param>
/// <param name="Measured">Cycles that the simulation counted, or null where a frame did not end.</param>
/// <param name="Predicted">The cycle model's figure for the same frames without stalls.</param>
/// <param name="Unstalled">Whether source and sink never stalled, so that measured and predicted must be equal.</param>
/// <param name="FromCache">Whether the simulation had been built before.</param>
public sealed record CoSimulationReport(
    bool Passed,
    string Verdict,
    LayerCheck Depthwise,
    LayerCheck Pointwise,
    BlockCycles? Measured,
    BlockCycles Predicted,
    bool Unstalled,
    bool FromCache)
{
    /// <summary>False only where an unstalled run was measured and the model said something else.</summary>
    public bool CyclesAsPredicted => !Unstalled || Measured is null
        || (Measured.FirstOutput == Predicted.FirstOutput && Measured.FrameEnds.SequenceEqual(Predicted.FrameEnds));
}
