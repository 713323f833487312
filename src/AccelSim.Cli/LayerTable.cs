using System.Globalization;
using AccelSim.Studies.Simulate;
using Spectre.Console;

namespace AccelSim.Cli;

/// <summary>One layer in depth.</summary>
internal static class LayerTable
{
    public static void Print(IAnsiConsole console, SimulationReport report, LayerStudy study)
    {
        SimulationTable.Header(console, report);
        LayerReport layer = study.Layer;
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"layer {layer.Number} of {report.Layers.Count}: [bold]{layer.Name}[/], {layer.Operator}, output {layer.Output}, {layer.Macs:N0} MACs");
        console.MarkupLineInterpolated($"operands: {string.Join("; ", study.Shapes)}");
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"cycles: [bold]{layer.Cycles:N0}[/] ({SimulationTable.Percent((double)layer.Cycles / Math.Max(1, report.Totals.Cycles))} of the network, {Amounts.Seconds(layer.Cycles / report.ClockHz)}): {string.Join(", ", Parts(layer))}; limited by {SimulationTable.LimitOf(layer)}");
        if (layer.Macs > 0)
            console.MarkupLineInterpolated($"utilization: {SimulationTable.Percent(layer.Utilization)} of the engine's peak");
        console.MarkupLineInterpolated($"mapping: {layer.Mapping}");
        if (layer.Joules is > 0 and var joules)
            console.MarkupLineInterpolated($"energy: {Amounts.Joules(joules)}: {string.Join(", ", layer.Energy.Where(part => part.Joules >= joules / 1000).OrderByDescending(part => part.Joules).Select(part => $"{SimulationTable.Percent(part.Joules / joules)} {part.Component}"))}; modelled with {report.EnergyNote}");
        if (layer.Traffic.Count > 0)
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("traffic", "read, KiB", "written, KiB", "bytes a cycle", "bytes a MAC");
            foreach (var column in table.Columns.Skip(1))
                column.RightAligned();
            foreach (var traffic in layer.Traffic)
            {
                double bytes = traffic.ReadBytes + traffic.WrittenBytes;
                table.AddRow(
                    Markup.Escape(traffic.Level), SimulationTable.Kibibytes(traffic.ReadBytes), SimulationTable.Kibibytes(traffic.WrittenBytes),
                    Real(bytes / Math.Max(1, layer.Cycles)), layer.Macs == 0 ? "" : Real(bytes / layer.Macs));
            }
            console.Write(table);
        }
        if (study.Mappings.Count < 2)
            return;
        var ways = new Table().Border(TableBorder.Simple).AddColumns("other ways to map it", "cycles", "compute", "fill, drain", "waits", "util.", "");
        foreach (int column in (int[])[1, 2, 3, 4, 5])
            ways.Columns[column].RightAligned();
        foreach (LayerAlternative way in study.Mappings)
        {
            ways.AddRow(
                Markup.Escape(way.Mapping), SimulationTable.Count(way.Cycles), SimulationTable.Count(way.Compute), SimulationTable.Count(way.FillDrain), SimulationTable.Count(way.Stalls),
                SimulationTable.Percent(way.Utilization), Markup.Escape(SimulationTable.Short(way.Note)));
        }
        console.Write(ways);
    }

    private static IEnumerable<string> Parts(LayerReport layer)
    {
        if (layer.Compute > 0)
            yield return $"{SimulationTable.Count(layer.Compute)} compute";
        if (layer.FillDrain > 0)
            yield return $"{SimulationTable.Count(layer.FillDrain)} fill and drain";
        foreach (var (cause, cycles) in layer.Stalls.OrderBy(stall => stall.Key))
            yield return $"{SimulationTable.Count(cycles)} waiting for {SimulationTable.Word(cause)}";
    }

    private static string Real(double value) => value.ToString(value < 10 ? "0.###" : "#,0", CultureInfo.InvariantCulture);
}
