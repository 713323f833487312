namespace AccelSim.Platforms;

/// <summary>How far a figure may be trusted.</summary>
public enum Confidence
{
    /// <summary>Read in the named document.</summary>
    Verified,

    /// <summary>Believed to be in the named document, but not read again; check before quoting.</summary>
    Memory,

    /// <summary>Chosen by the author of the file; no document says so.</summary>
    Assumption,
}

/// <summary>Where a figure comes from: an entry of the <c>sources</c> table of a platform file.</summary>
/// <param name="Key">The name by which figures of the file refer to the source.</param>
/// <param name="Text">The document, table and page, or the reason for an assumption.</param>
/// <param name="Confidence">How far the source may be trusted.</param>
public sealed record Source(string Key, string Text, Confidence Confidence);
