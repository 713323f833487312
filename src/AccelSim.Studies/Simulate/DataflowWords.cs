using AccelSim.Systolic;

namespace AccelSim.Studies.Simulate;

/// <summary>Dataflows by the names of the literature, and by their short ones.</summary>
public static class DataflowWords
{
    /// <summary>The short names of the command line, and of SCALE-Sim's files.</summary>
    public static IReadOnlyDictionary<string, Dataflow> Short { get; } = new Dictionary<string, Dataflow>
    {
        ["os"] = Dataflow.OutputStationary,
        ["ws"] = Dataflow.WeightStationary,
        ["is"] = Dataflow.InputStationary,
    };

    /// <summary>Such as <c>weight-stationary</c>.</summary>
    public static string Words(this Dataflow dataflow) => dataflow switch
    {
        Dataflow.OutputStationary => "output-stationary",
        Dataflow.WeightStationary => "weight-stationary",
        _ => "input-stationary",
    };
}
