namespace AccelSim.Studies;

/// <summary>How far one task of a study is.</summary>
/// <param name="Task">What goes on, such as <c>rtl int8</c>.</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all.</param>
/// <param name="Detail">Something to read beside the bar, such as a loss.</param>
public sealed record StudyProgress(string Task, double Done, double Total, string? Detail = null);
