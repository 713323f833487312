namespace AccelSim.Studies.Literature;

/// <summary>A table of a study: what its columns are, and its rows as text.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Headings with units.</param>
/// <param name="Rows">As many cells as there are columns.</param>
public sealed record StudyTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>What the literature says, and whether it holds by our figures.</summary>
/// <param name="Claim">The statement.</param>
/// <param name="Holds">Whether it does.</param>
/// <param name="Evidence">The figures that decide.</param>
public sealed record Finding(string Claim, bool Holds, string Evidence);

/// <summary>What a study found.</summary>
/// <param name="Topic">Its name on the command line.</param>
/// <param name="Question">What it answers.</param>
/// <param name="Source">Where the claim is made.</param>
/// <param name="Measure">What is counted or modelled, in words.</param>
/// <param name="Tables">The figures.</param>
/// <param name="Findings">What follows from them.</param>
public sealed record StudyResult(
    string Topic, string Question, string Source, string Measure, IReadOnlyList<StudyTable> Tables, IReadOnlyList<Finding> Findings);
