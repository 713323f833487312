using AccelSim.Studies.Simulate;
using Spectre.Console;

namespace AccelSim.Cli;

/// <summary>The energy of a simulated network: a row a layer, a column a component.</summary>
internal static class EnergyTable
{
    /// <summary>Prints a report whose energy is known.</summary>
    public static void Print(IAnsiConsole console, SimulationReport report)
    {
        console.MarkupLineInterpolated($"energy in µJ{(report.Batch > 1 ? ", of a batch" : "")}, modelled with {report.EnergyNote}");
        string[] components = [.. report.Totals.Energy.Select(part => part.Component)];
        var table = new TextTable();
        table.Column("", right: true);
        table.Column("layer");
        foreach (string component in components)
            table.Column(component, right: true);
        table.Column("all", right: true);
        foreach (LayerReport layer in report.Layers)
            table.Row([SimulationTable.Count(layer.Number), layer.Name, .. Row(layer.Energy)]);
        table.Row();
        table.Row(["", "total", .. Row(report.Totals.Energy)]);
        table.Print(console, limitWidth: false);
    }

    private static IEnumerable<string> Row(IReadOnlyList<ComponentEnergy> energy) =>
        [.. energy.Select(part => SimulationTable.Microjoules(part.Joules)), SimulationTable.Microjoules(energy.Sum(part => part.Joules))];
}
