namespace AccelSim.Studies;

/// <summary>How far one task of a study is.</summary>
/// <param name="Task">What goes on, such as <c>RTL block3</c>.</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all.</param>
public sealed record StudyProgress(string Task, double Done, double Total);
