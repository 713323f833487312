using System.Globalization;
using System.Text.RegularExpressions;
using AccelSim.Cli.Commands;
using AccelSim.Graph;
using AccelSim.Studies.Simulate;
using Spectre.Console;

namespace AccelSim.Cli;

/// <summary>A simulated network: a row a layer, totals, and what would help most.</summary>
internal static class SimulationTable
{
    /// <summary>Parts of the time below this are not listed.</summary>
    private const double Worthwhile = 0.001;

    public static void Print(IAnsiConsole console, SimulationReport report)
    {
        Header(console, report);
        StallCause[] causes = [.. report.Totals.Stalls.Where(stall => stall.Value > 0).Select(stall => stall.Key)];
        string[] levels = [.. report.Totals.Traffic.Select(traffic => traffic.Level).OrderBy(level => level == "DRAM" ? 0 : 1)];
        var table = new TextTable();
        table.Column("", right: true);
        table.Column("layer");
        table.Column("kind", rank: 1);
        table.Column("output", rank: 7);
        table.Column("cycles", right: true);
        table.Column("compute", right: true, rank: 4);
        table.Column("fill,\ndrain", right: true, rank: 4);
        foreach (StallCause cause in causes)
            table.Column($"wait for\n{Word(cause)}", right: true, rank: 2);
        table.Column("util.", right: true, rank: 3);
        foreach (string level in levels)
            table.Column($"{level},\nKiB", right: true, rank: level == "DRAM" ? 5 : 6);
        bool energy = report.Totals.Energy.Count > 0;
        if (energy)
            table.Column("energy,\nµJ", right: true, rank: 3);
        table.Column("most of its time");
        table.Column("mapping", rank: 8);
        foreach (LayerReport layer in report.Layers)
        {
            table.Row(
            [
                Count(layer.Number), layer.Name, layer.Kind, layer.Output, Count(layer.Cycles), Blank(layer.Compute), Blank(layer.FillDrain),
                .. causes.Select(cause => Blank(layer.Stalls.GetValueOrDefault(cause))), layer.Macs == 0 ? "" : Percent(layer.Utilization),
                .. levels.Select(level => Kibibytes(BytesAt(layer.Traffic, level))), .. energy ? (string[])[Microjoules(layer.Joules!.Value)] : [], layer.Cycles == 0 ? "" : LimitOf(layer), Short(layer.Mapping),
            ]);
        }
        table.Row();
        var totals = report.Totals;
        table.Row(
        [
            "", "total", "", "", Count(totals.Cycles), Count(totals.Compute), Blank(totals.FillDrain), .. causes.Select(cause => Count(totals.Stalls[cause])), Percent(totals.Utilization),
            .. levels.Select(level => Kibibytes(BytesAt(totals.Traffic, level))), .. energy ? (string[])[Microjoules(totals.Energy.Sum(part => part.Joules))] : [], "", "",
        ]);
        table.Print(console, limitWidth: !Console.IsOutputRedirected);
        Footer(console, report);
    }

    public static void Header(IAnsiConsole console, SimulationReport report)
    {
        string what = report.IsTraining ? "a training step" : "inference";
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"[bold]{report.Network}[/], batch {report.Batch}, {what} in {report.Precision}, on [bold]{report.Platform}[/]: {report.Engine} at {report.ClockHz / 1e6:0.#} MHz; {report.Memories}");
        if (report.Note.Length > 0)
            console.MarkupLineInterpolated($"[dim]{report.Note}[/]");
    }

    private static void Footer(IAnsiConsole console, SimulationReport report)
    {
        var totals = report.Totals;
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"latency [bold]{Amounts.Seconds(totals.LatencySeconds)}[/]{(report.Batch > 1 ? " a batch" : "")}, [bold]{totals.ImagesPerSecond:#,0.##}[/] images/s, {totals.Macs:N0} MACs, {Percent(totals.Utilization)} of the engine's peak; all figures {CompareCommand.ProvenanceWord(report.Provenance)}");
        console.MarkupLine(ByCause(totals));
        console.MarkupLineInterpolated($"{ByComponent(report)}");
        if (report.Grouped is { } grouped)
        {
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture,
                $"depthwise and grouped layers: {grouped.Layers} of {report.Layers.Count}, {Percent((double)grouped.Macs / totals.Macs)} of the MACs and {Percent((double)grouped.Cycles / totals.Cycles)} of the cycles, {Count(grouped.Cycles)} as mapped; all {string.Join(", ", grouped.Ways.Select(way => $"{way.Mapping} {Count(way.Cycles)}"))} (--layer compares them for one layer)");
        }
        if (report.Hints.Count == 0)
        {
            console.MarkupLine("No change that was tried saves 1 % or more.");
            return;
        }
        console.MarkupLine("What would help most, each change alone and simulated:");
        int number = 1;
        foreach (Hint hint in report.Hints)
        {
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture,
                $"  {number++}. Layer {hint.LayerNumber} ({hint.Layer}) {Spends(hint.Wait)} {Percent(hint.WaitShare)} of its time: [bold]{hint.Text}[/] {Removes(hint)}.");
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture,
                $"     The layer {Amounts.Seconds(hint.LayerSecondsBefore)} → {Amounts.Seconds(hint.LayerSecondsAfter)}, all layers {Amounts.Seconds(hint.SecondsPerImageBefore)} → [bold]{Amounts.Seconds(hint.SecondsPerImageAfter)}[/] an image, {Percent(hint.Gain)} less{Batch(hint)}.");
        }
    }

    private static long BytesAt(IReadOnlyList<Traffic> traffic, string level) => traffic.Where(part => part.Level == level).Sum(part => part.ReadBytes + part.WrittenBytes);

    /// <summary>What takes most of a layer's time, and for a product how much of the array works meanwhile.</summary>
    public static string LimitOf(LayerReport layer) => layer is { Limit: "compute", EngineUse: { } use }
        ? $"{layer.Limit} {Percent(layer.LimitShare)}, {Percent(use)} of peak"
        : $"{layer.Limit} {Percent(layer.LimitShare)}";

    /// <summary>What was chosen, without what it was chosen against and what stands in other columns.</summary>
    public static string Short(string mapping)
    {
        string chosen = mapping.Split("; ")[0].Replace(", as asked", "", StringComparison.Ordinal);
        // What does the work, and its precision, before the colon.
        int colon = chosen.IndexOf(": ", StringComparison.Ordinal);
        return Regex.Replace(colon < 0 ? chosen : chosen[(colon + 2)..], @", \d+ cycles\)", ")");
    }

    private static string Spends(string part) => part switch
    {
        "compute" => "computes",
        "fill and drain" => "fills and drains",
        _ => $"waits for {part}",
    };

    // What is left of the wait, as a part of it.
    private static string Removes(Hint hint) => (hint.WaitSecondsAfter / hint.WaitSecondsBefore) switch
    {
        < 0.005 => "would remove it",
        var left => $"would leave {Percent(left)} of that",
    };

    private static string Batch(Hint hint) => hint.Kind == "batch"
        ? $"; a batch takes {Amounts.Seconds(hint.BatchSecondsAfter)} instead of {Amounts.Seconds(hint.BatchSecondsBefore)}"
        : "";

    private static string ByCause(SimulationTotals totals)
    {
        var parts = new List<(string Part, long Cycles)> { ("compute", totals.Compute), ("fill and drain", totals.FillDrain) };
        parts.AddRange(totals.Stalls.Select(stall => (stall.Key == StallCause.Launch ? "overhead between layers" : $"waiting for {Word(stall.Key)}", stall.Value)));
        return $"time: {string.Join(", ", parts.Where(part => part.Cycles >= totals.Cycles * Worthwhile).OrderByDescending(part => part.Cycles).Select(part => $"{Percent((double)part.Cycles / totals.Cycles)} {part.Part}"))}";
    }

    private static string ByComponent(SimulationReport report)
    {
        var totals = report.Totals;
        if (totals.ImagesPerJoule is not { } imagesPerJoule)
            return $"energy: not known, {report.EnergyNote}";
        double joules = totals.Energy.Sum(part => part.Joules);
        string parts = string.Join(", ", totals.Energy.Where(part => part.Joules >= joules * Worthwhile).OrderByDescending(part => part.Joules).Select(part => $"{Percent(part.Joules / joules)} {part.Component}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"energy: {Amounts.Joules(1 / imagesPerJoule)} an image, {imagesPerJoule:#,0.##} images/J, {joules / totals.LatencySeconds:g3} W: {parts}; modelled with {report.EnergyNote}");
    }

    public static string Microjoules(double joules) => joules == 0 ? "" : (1e6 * joules).ToString(joules < 1e-5 ? "0.##" : "#,0", CultureInfo.InvariantCulture);

    public static string Word(StallCause cause) => cause switch
    {
        StallCause.DramBandwidth => "DRAM bandwidth",
        StallCause.DramLatency => "DRAM latency",
        StallCause.BankConflict => "banks",
        StallCause.Dependency => "first tile",
        StallCause.VectorUnit => "vector unit",
        _ => "overhead",
    };

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");

    public static string Kibibytes(long bytes) => bytes == 0 ? "" : bytes < 10 * 1024 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#}") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:#,0}");

    private static string Blank(long value) => value == 0 ? "" : Count(value);
}
