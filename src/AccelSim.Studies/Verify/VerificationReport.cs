using AccelSim.Graph;

namespace AccelSim.Studies.Verify;

/// <summary>One backend's values of one layer against the reference's.</summary>
/// <param name="Backend">For example <c>gpu opencl:0</c>.</param>
/// <param name="Precision">int8 (equal to the byte) or float32 (within <see cref="Verifier.FloatTolerance"/>).</param>
/// <param name="Compared">Elements.</param>
/// <param name="Mismatches">Elements that are not equal (int8) or not finite (float32).</param>
/// <param name="LargestDifference">In codes for int8, in reals for float32.</param>
/// <param name="RelativeError">‖out − ref‖₂ ÷ ‖ref‖₂ for float32, 0 for int8.</param>
public sealed record BackendComparison(
    string Backend, ElementType Precision, long Compared, long Mismatches, double LargestDifference, double RelativeError)
{
    /// <summary>Nothing compared is no agreement.</summary>
    public bool Agrees => Compared > 0 && Mismatches == 0 && RelativeError <= Verifier.FloatTolerance;
}

/// <summary>The Verilog of the block that ends in a layer: clock cycles as the model predicts and as Verilator counts them.</summary>
public sealed record RtlCycles(string Block, string Folding, long PredictedFirstOutput, long MeasuredFirstOutput, long PredictedFrame, long MeasuredFrame, bool BuildFromCache)
{
    public bool Agrees => PredictedFirstOutput == MeasuredFirstOutput && PredictedFrame == MeasuredFrame;
}

/// <summary>A row of the report.</summary>
public sealed record LayerVerdict(
    string Layer,
    string Operator,
    string Output,
    long Macs,
    double? SignalToNoiseDecibels,
    IReadOnlyList<BackendComparison> Comparisons,
    LayerTiming? Simulated,
    RtlCycles? Rtl)
{
    public bool Agrees => Comparisons.All(comparison => comparison.Agrees) && Rtl is null or { Agrees: true };
}

/// <summary>Classes that a backend gives, end to end.</summary>
/// <param name="Backend">Which.</param>
/// <param name="Precision">Which graph it ran.</param>
/// <param name="Classes">The top-1 class of each image.</param>
/// <param name="Correct">Images whose top-1 is their label; null without labels.</param>
/// <param name="SameAsReference">Images whose top-1 is the reference's in the same precision.</param>
/// <param name="SameAsFloat">Images whose top-1 is the float reference's; null for a network that has no float graph.</param>
/// <param name="Seconds">Measured wall time on this machine of all batches, transfers included; not a prediction of anything.</param>
public sealed record EndToEnd(
    string Backend, ElementType Precision, IReadOnlyList<int> Classes, int? Correct, int SameAsReference, int? SameAsFloat, double Seconds)
{
    public int Images => Classes.Count;
}

/// <summary>What a verification found.</summary>
public sealed record VerificationReport(
    string Network,
    string Weights,
    string Calibration,
    string Samples,
    string Platform,
    IReadOnlyList<LayerVerdict> Layers,
    IReadOnlyList<EndToEnd> EndToEnd,
    bool RtlAsked,
    IReadOnlyList<string> DepthwiseWithoutRtl,
    IReadOnlyList<string> NotRun)
{
    /// <summary>Layers in which some backend differs, in order.</summary>
    public IEnumerable<LayerVerdict> Disagreeing => Layers.Where(layer => !layer.Agrees);

    /// <summary>True when everything that was asked for ran and agreed.</summary>
    public bool Agrees => Layers.All(layer => layer.Agrees) && NotRun.Count == 0;
}
