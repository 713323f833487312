using System.Globalization;
using System.Text;

namespace AccelSim.Systolic.ScaleSim;

/// <summary>The three report files of SCALE-Sim as it writes them: names, columns, a comma at the end of each row, numbers as Python prints them.</summary>
public static class ScaleSimReports
{
    /// <summary>File name and text of each report; the layers count from 0.</summary>
    public static IReadOnlyList<(string Name, string Text)> Of(IReadOnlyList<ScaleSimLayerReport> layers) =>
    [
        ("COMPUTE_REPORT.csv", Table(
            ["Total Cycles", "Stall Cycles", "Overall Util %", "Mapping Efficiency %", "Compute Util %"],
            layers.Select(layer => (string[])
            [
                Whole(layer.TotalCycles), Whole(layer.StallCycles), Real(layer.OverallUtilization), Real(layer.MappingEfficiency), Real(layer.ComputeUtilization),
            ]))),
        ("BANDWIDTH_REPORT.csv", Table(
            ["Avg IFMAP SRAM BW", "Avg FILTER SRAM BW", "Avg OFMAP SRAM BW", "Avg IFMAP DRAM BW", "Avg FILTER DRAM BW", "Avg OFMAP DRAM BW"],
            layers.Select(layer => (string[])
            [
                .. ((ScaleSimAccess[])[layer.SramInputs, layer.SramFilters, layer.SramOutputs]).Select(access => Real(Ratio(access.Count, layer.TotalCycles))),
                .. ((ScaleSimAccess[])[layer.DramInputs, layer.DramFilters, layer.DramOutputs]).Select(access => Real(Ratio(access.Count, access.Stop - access.Start + 1))),
            ]))),
        ("DETAILED_ACCESS_REPORT.csv", Table(
            [.. Columns("SRAM"), .. Columns("DRAM")],
            layers.Select(layer => (string[])
            [
                .. ((ScaleSimAccess[])[layer.SramInputs, layer.SramFilters, layer.SramOutputs, layer.DramInputs, layer.DramFilters, layer.DramOutputs])
                    .SelectMany(access => (string[])[Real(access.Start), Real(access.Stop), Whole(access.Count)]),
            ]))),
    ];

    private static IEnumerable<string> Columns(string memory) => ((string[])["IFMAP", "Filter", "OFMAP"]).SelectMany(operand => (string[])
        [$"{memory} {operand} Start Cycle", $"{memory} {operand} Stop Cycle", $"{memory} {operand} {(operand == "OFMAP" ? "Writes" : "Reads")}"]);

    private static string Table(string[] columns, IEnumerable<string[]> rows)
    {
        var text = new StringBuilder().Append("LayerID, ").AppendJoin(", ", columns).Append(",\n");
        int layer = 0;
        foreach (string[] row in rows)
            text.Append(CultureInfo.InvariantCulture, $"{layer++}, ").AppendJoin(", ", row).Append(",\n");
        return text.ToString();
    }

    private static double Ratio(long count, long cycles) => cycles == 0 ? 0 : (double)count / cycles;

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    // As Python's str: the shortest digits that read back, .0 where there is no fraction, an exponent below 1e-4.
    private static string Real(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('E', StringComparison.Ordinal) ? text.Replace('E', 'e') : text.Contains('.', StringComparison.Ordinal) ? text : $"{text}.0";
    }
}
