using System.Globalization;
using AccelSim.Graph;
using CsvHelper;

namespace AccelSim.Studies.Simulate;

/// <summary>The layers of a report as CSV: a row a layer, a column a cause of stalls and a component of energy, two a level of memory, numbers in full.</summary>
public static class SimulationCsv
{
    /// <summary>The text, header included.</summary>
    public static string Text(SimulationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        StallCause[] causes = [.. report.Layers.SelectMany(layer => layer.Stalls.Keys).Distinct().Order()];
        string[] components = [.. report.Totals.Energy.Select(part => part.Component)];
        string[] levels = [.. report.Layers.SelectMany(layer => layer.Traffic.Select(traffic => traffic.Level)).Distinct()];
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture))
        {
            Record(csv,
            [
                "number", "layer", "kind", "operator", "output", "macs", "cycles", "compute", "fill_drain", .. causes.Select(cause => $"stall_{Column(TimeShares.NameOf(cause))}"),
                "utilization", "engine_use", .. levels.SelectMany(level => (string[])[$"{Column(level)}_read_bytes", $"{Column(level)}_written_bytes"]), "joules", .. components.Select(component => $"joules_{Column(component)}"), "limited_by", "limit_share", "mapping",
            ]);
            foreach (LayerReport layer in report.Layers)
            {
                Record(csv,
                [
                    layer.Number, layer.Name, layer.Kind, layer.Operator, layer.Output, layer.Macs, layer.Cycles, layer.Compute, layer.FillDrain,
                    .. causes.Select(cause => (object)layer.Stalls.GetValueOrDefault(cause)), layer.Utilization, layer.EngineUse ?? (object)"",
                    .. levels.SelectMany(level => (object[])[Sum(layer, level, traffic => traffic.ReadBytes), Sum(layer, level, traffic => traffic.WrittenBytes)]),
                    layer.Joules ?? (object)"", .. layer.Energy.Select(part => (object)part.Joules), layer.Limit, layer.LimitShare, layer.Mapping,
                ]);
            }
        }
        return text.ToString();
    }

    private static long Sum(LayerReport layer, string level, Func<Traffic, long> bytes) => layer.Traffic.Where(traffic => traffic.Level == level).Sum(bytes);

    private static string Column(string words) => words.ToLowerInvariant().Replace(' ', '_');

    private static void Record(CsvWriter csv, object[] fields)
    {
        foreach (object field in fields)
            csv.WriteField(Convert.ToString(field, CultureInfo.InvariantCulture));
        csv.NextRecord();
    }
}
