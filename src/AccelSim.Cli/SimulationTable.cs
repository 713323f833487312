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
    /// <summary>Narrower terminals have no room for how each layer is mapped.</summary>
    private const int WideEnough = 150;

    /// <summary>Parts of the time below this are not listed.</summary>
    private const double Worthwhile = 0.001;

    public static void Print(IAnsiConsole console, SimulationReport report)
    {
        Header(console, report);
        StallCause[] causes = [.. report.Totals.Stalls.Where(stall => stall.Value > 0).Select(stall => stall.Key)];
        string[] levels = [.. report.Totals.Traffic.Select(traffic => traffic.Level).OrderBy(level => level == "DRAM" ? 0 : 1)];
        bool wide = console.Profile.Width >= WideEnough;
        var table = new Table().Border(TableBorder.Simple);
        Column("", right: true);
        Column("layer");
        Column("kind");
        Column("output");
        Column("cycles", right: true);
        Column("compute", right: true);
        Column("fill,\ndrain", right: true);
        foreach (StallCause cause in causes)
            Column($"wait for\n{Word(cause)}", right: true);
        Column("util.", right: true);
        foreach (string level in levels)
            Column($"{level},\nKiB", right: true);
        Column("most of its time");
        if (wide)
            table.AddColumn(new TableColumn("mapping").PadLeft(1).PadRight(0));
        foreach (LayerReport layer in report.Layers)
        {
            var cells = new List<string>
            {
                Count(layer.Number), Markup.Escape(layer.Name), Markup.Escape(layer.Kind), Markup.Escape(layer.Output), Count(layer.Cycles), Blank(layer.Compute), Blank(layer.FillDrain),
            };
            cells.AddRange(causes.Select(cause => Blank(layer.Stalls.GetValueOrDefault(cause))));
            cells.Add(layer.Macs == 0 ? "" : Percent(layer.Utilization));
            cells.AddRange(levels.Select(level => Kibibytes(layer.Traffic.Where(traffic => traffic.Level == level).Sum(traffic => traffic.ReadBytes + traffic.WrittenBytes))));
            cells.Add(Markup.Escape(layer.Cycles == 0 ? "" : LimitOf(layer)));
            if (wide)
                cells.Add(Markup.Escape(Short(layer.Mapping)));
            table.AddRow([.. cells]);
        }
        table.AddEmptyRow();
        var totals = report.Totals;
        var sums = new List<string> { "", "total", "", "", Count(totals.Cycles), Count(totals.Compute), Blank(totals.FillDrain) };
        sums.AddRange(causes.Select(cause => Count(totals.Stalls[cause])));
        sums.Add(Percent(totals.Utilization));
        sums.AddRange(levels.Select(level => Kibibytes(totals.Traffic.Where(traffic => traffic.Level == level).Sum(traffic => traffic.ReadBytes + traffic.WrittenBytes))));
        table.AddRow([.. sums.Concat(Enumerable.Repeat("", wide ? 2 : 1)).Select(text => text.Length == 0 ? "" : $"[bold]{text}[/]")]);
        console.Write(table);
        Footer(console, report, wide);

        void Column(string title, bool right = false) => table.AddColumn(new TableColumn(Markup.Escape(title))
        {
            NoWrap = true, Padding = new Spectre.Console.Padding(1, 0), Alignment = right ? Justify.Right : Justify.Left,
        });
    }

    public static void Header(IAnsiConsole console, SimulationReport report)
    {
        string what = report.IsTraining ? "a training step" : "inference";
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"[bold]{report.Network}[/], batch {report.Batch}, {what} in {report.Precision}, on [bold]{report.Platform}[/]: {report.Engine} at {report.ClockHz / 1e6:0.#} MHz; {report.Memories}");
        if (report.Note.Length > 0)
            console.MarkupLineInterpolated($"[dim]{report.Note}[/]");
    }

    private static void Footer(IAnsiConsole console, SimulationReport report, bool wide)
    {
        var totals = report.Totals;
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"latency [bold]{Amounts.Seconds(totals.LatencySeconds)}[/]{(report.Batch > 1 ? " a batch" : "")}, [bold]{totals.ImagesPerSecond:#,0.##}[/] images/s, {totals.Macs:N0} MACs, {Percent(totals.Utilization)} of the array's peak; all figures {CompareCommand.ProvenanceWord(report.Provenance)}");
        console.MarkupLine(ByCause(totals));
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
                $"  {number++}. [bold]{hint.Text}[/]: {Amounts.Seconds(hint.SecondsPerImageBefore)} → [bold]{Amounts.Seconds(hint.SecondsPerImageAfter)}[/] an image, {Percent(hint.Gain)} less{Batch(hint)}.");
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture,
                $"     Layer {hint.LayerNumber} ({hint.Layer}) {Spends(hint.Wait)} {Percent(hint.WaitShare)} of its time: {Amounts.Seconds(hint.LayerSecondsBefore)} → {Amounts.Seconds(hint.LayerSecondsAfter)}.");
        }
        if (!wide)
            console.MarkupLine("[dim]--layer NUMBER shows how a layer is mapped; so does a wider terminal[/]");
    }

    /// <summary>What takes most of a layer's time, and for a product how much of the array works meanwhile.</summary>
    public static string LimitOf(LayerReport layer) => layer is { Limit: "compute", EngineUse: { } use }
        ? $"{layer.Limit} {Percent(layer.LimitShare)}, {Percent(use)} of array"
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

    private static string Batch(Hint hint) => hint.Kind == "batch"
        ? $"; a batch takes {Amounts.Seconds(hint.BatchSecondsAfter)} instead of {Amounts.Seconds(hint.BatchSecondsBefore)}"
        : "";

    private static string ByCause(SimulationTotals totals)
    {
        var parts = new List<(string Part, long Cycles)> { ("compute", totals.Compute), ("fill and drain", totals.FillDrain) };
        parts.AddRange(totals.Stalls.Select(stall => ($"waiting for {Word(stall.Key)}", stall.Value)));
        return $"time: {string.Join(", ", parts.Where(part => part.Cycles >= totals.Cycles * Worthwhile).OrderByDescending(part => part.Cycles).Select(part => $"{Percent((double)part.Cycles / totals.Cycles)} {part.Part}"))}";
    }

    public static string Word(StallCause cause) => cause switch
    {
        StallCause.DramBandwidth => "DRAM bandwidth",
        StallCause.DramLatency => "DRAM latency",
        StallCause.BankConflict => "banks",
        StallCause.Dependency => "layer before",
        StallCause.VectorUnit => "vector unit",
        _ => "overhead",
    };

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");

    public static string Kibibytes(long bytes) => bytes == 0 ? "" : bytes < 10 * 1024 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#}") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:#,0}");

    private static string Blank(long value) => value == 0 ? "" : Count(value);
}
