namespace AccelSim.Studies.Onnx;

public enum OnnxOutcome
{
    /// <summary>Every output is within the tolerance.</summary>
    Passed,

    /// <summary>It ran, and an output differs.</summary>
    Failed,

    /// <summary>It cannot be imported or executed; the reason is told.</summary>
    Refused,
}

/// <summary>What became of one case.</summary>
/// <param name="Name">The case.</param>
/// <param name="Outcome">The verdict.</param>
/// <param name="LargestDifference">max |y − expected| over all outputs; NaN where shapes differ or nothing ran.</param>
/// <param name="Detail">Why it failed or was refused; empty when it passed.</param>
/// <param name="Notes">The importer's remarks.</param>
public sealed record OnnxCaseResult(string Name, OnnxOutcome Outcome, double LargestDifference, string Detail, IReadOnlyList<string> Notes);

/// <summary>All cases of a run.</summary>
public sealed record OnnxTestReport(string Backend, double RelativeTolerance, double AbsoluteTolerance, IReadOnlyList<OnnxCaseResult> Cases)
{
    public int Passed => Count(OnnxOutcome.Passed);

    public int Failed => Count(OnnxOutcome.Failed);

    public int Refused => Count(OnnxOutcome.Refused);

    private int Count(OnnxOutcome outcome) => Cases.Count(result => result.Outcome == outcome);
}
