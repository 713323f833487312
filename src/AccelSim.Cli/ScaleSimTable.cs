using System.Globalization;
using AccelSim.Studies.Simulate;
using Spectre.Console;

namespace AccelSim.Cli;

/// <summary>The layers of a SCALE-Sim run, a row each; the channels of a depthwise layer are one row.</summary>
internal static class ScaleSimTable
{
    public static void Print(IAnsiConsole console, ScaleSimStudy study)
    {
        var array = study.Configuration;
        string memory = array.WordsPerCycle is { } words ? FormattableString.Invariant($"{words} words a cycle for each memory") : "no limit of bandwidth";
        var table = new Table().Border(TableBorder.Simple).Title(Markup.Escape(FormattableString.Invariant(
            $"{Path.GetFileName(study.Topology)} on {array.Rows}×{array.Columns} {array.Dataflow.Words()}, {memory}; counted as SCALE-Sim does")));
        table.AddColumns("layer", "cycles", "of them stalls", "utilization", "mapping", "SRAM reads", "SRAM writes", "DRAM reads", "DRAM writes");
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        for (int i = 0; i < study.Layers.Count;)
        {
            int alike = study.Layers.Skip(i).TakeWhile(name => name == study.Layers[i]).Count();
            var report = study.Reports[i];
            table.AddRow(
                Markup.Escape(alike == 1 ? study.Layers[i] : $"{study.Layers[i]}, {alike} channels, each"),
                Count(report.TotalCycles), Count(report.StallCycles), Percent(report.OverallUtilization), Percent(report.MappingEfficiency),
                Count(report.SramInputs.Count + report.SramFilters.Count), Count(report.SramOutputs.Count),
                Count(report.DramInputs.Count + report.DramFilters.Count), Count(report.DramOutputs.Count));
            i += alike;
        }
        console.Write(table);
        long total = study.Reports.Sum(report => report.TotalCycles), stalls = study.Reports.Sum(report => report.StallCycles);
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{study.Reports.Count} layers, [bold]{total:N0}[/] cycles, {stalls:N0} of them stalls");
        if (array.WordsPerCycle is not null)
            console.MarkupLineInterpolated($"[dim]stalls are AccelSim's own and not SCALE-Sim's: docs/scale-sim.md says why they differ[/]");
    }

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:f1} %");
}
