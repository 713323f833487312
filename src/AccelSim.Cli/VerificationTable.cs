using System.Globalization;
using AccelSim.Graph;
using AccelSim.Studies.Verify;
using Spectre.Console;

namespace AccelSim.Cli;

/// <summary>A verification report for a terminal.</summary>
internal static class VerificationTable
{
    /// <summary>Up to as many images, each one's class is printed.</summary>
    private const int MostClasses = 8;

    public static void Print(IAnsiConsole console, VerificationReport report, IReadOnlyList<string>? classNames = null)
    {
        console.MarkupLineInterpolated($"[bold]{report.Network}[/], weights {report.Weights}");
        console.MarkupLineInterpolated($"calibrated on {report.Calibration}; run on {report.Samples}; simulated platform {report.Platform}");
        console.Write(Layers(report));
        console.MarkupLine("[dim]largest difference: in int8 codes, in float32; RTL folding: depthwise channels × taps, pointwise inputs × outputs at once; array cycles are modelled, RTL cycles counted by Verilator[/]");
        console.Write(EndToEnd(report, classNames));
        PrintVerdict(console, report);
    }

    private static Table Layers(VerificationReport report)
    {
        var backends = report.Layers.SelectMany(layer => layer.Comparisons).Select(Column).Distinct().ToList();
        var table = new Table().Border(TableBorder.Simple).AddColumns("layer", "output", "SQNR\ndB");
        table.Columns[0].NoWrap();
        foreach (var (backend, precision) in backends)
            AddRight(table, $"{backend.Replace(' ', '\n')}\n{(precision == ElementType.Int8 ? "int8\ndiffer" : "float32\nrel. err.")}");
        AddRight(table, "compared");
        AddRight(table, "largest\ndiffer-\nence");
        AddRight(table, "array\ncycles");
        AddRight(table, "RTL\nfolding");
        AddRight(table, "RTL cycles\npredicted,\ncounted");
        table.Columns[2].RightAligned();
        foreach (var layer in report.Layers)
        {
            var cells = new List<string>
            {
                layer.Agrees ? Markup.Escape(layer.Layer) : $"[red]{Markup.Escape(layer.Layer)}[/]",
                Output(layer.Output),
                layer.SignalToNoiseDecibels is { } noise ? noise.ToString("f1", CultureInfo.InvariantCulture) : "",
            };
            cells.AddRange(backends.Select(backend => layer.Comparisons.FirstOrDefault(comparison => Column(comparison) == backend) is { } comparison ? Cell(comparison) : ""));
            cells.Add(Count(layer.Comparisons.Sum(comparison => comparison.Compared)));
            cells.Add(LargestDifference(layer));
            cells.Add(layer.Simulated is { } timing ? Count(timing.Total) : "");
            cells.Add(layer.Rtl?.Folding.Replace("dw ", "", StringComparison.Ordinal).Replace("pw ", "", StringComparison.Ordinal) ?? "");
            cells.Add(layer.Rtl is { } rtl ? RtlCell(rtl) : "");
            table.AddRow([.. cells]);
        }
        return table;
    }

    private static void AddRight(Table table, string header) => table.AddColumn(new TableColumn(Markup.Escape(header)).RightAligned());

    /// <summary>The shape of one image's value.</summary>
    private static string Output(string shape) => shape[(shape.IndexOf('×', StringComparison.Ordinal) + 1)..];

    private static string RtlCell(RtlCycles cycles) => cycles.Agrees
        ? $"{Count(cycles.PredictedFrame)} = {Count(cycles.MeasuredFrame)}"
        : $"[red]{Count(cycles.PredictedFrame)} ≠ {Count(cycles.MeasuredFrame)}[/]";

    /// <summary>In codes over the int8 backends, in reals over the float32 ones.</summary>
    private static string LargestDifference(LayerVerdict layer)
    {
        double codes = layer.Comparisons.Where(comparison => comparison.Precision == ElementType.Int8).Select(comparison => comparison.LargestDifference).DefaultIfEmpty(0).Max();
        double reals = layer.Comparisons.Where(comparison => comparison.Precision == ElementType.Float32).Select(comparison => comparison.LargestDifference).DefaultIfEmpty(0).Max();
        return string.Create(CultureInfo.InvariantCulture, $"{codes:f0}, {Short(reals)}");
    }

    private static (string Backend, ElementType Precision) Column(BackendComparison comparison) => (comparison.Backend, comparison.Precision);

    private static string Cell(BackendComparison comparison)
    {
        string text = comparison.Precision == ElementType.Int8
            ? Count(comparison.Mismatches)
            : comparison.Mismatches > 0 ? $"{Count(comparison.Mismatches)} not finite" : Short(comparison.RelativeError);
        return comparison.Agrees ? text : $"[red]{text}[/]";
    }

    private static Table EndToEnd(VerificationReport report, IReadOnlyList<string>? classNames)
    {
        var table = new Table().Border(TableBorder.Simple).Title("end to end").AddColumns("backend", "graph", "top-1 correct", "same top-1 as reference", "same top-1 as float", "wall s (measured here)");
        for (int column = 2; column < 6; column++)
            table.Columns[column].RightAligned();
        bool few = report.EndToEnd.All(row => row.Images <= MostClasses);
        if (few)
            table.AddColumn("top-1 class");
        foreach (var row in report.EndToEnd)
        {
            List<string> cells =
            [
                Markup.Escape(row.Backend), row.Precision.ToString().ToLowerInvariant(),
                row.Correct is { } correct ? Share(correct, row.Images) : "no labels",
                Share(row.SameAsReference, row.Images), row.SameAsFloat is { } same ? Share(same, row.Images) : "no float graph",
                row.Seconds.ToString("f2", CultureInfo.InvariantCulture),
            ];
            if (few)
                cells.Add(Markup.Escape(string.Join(", ", row.Classes.Select(Named))));
            table.AddRow([.. cells]);
        }
        return table;

        string Named(int index) => string.Create(CultureInfo.InvariantCulture, $"{index}{(index < classNames?.Count ? $" {classNames[index]}" : "")}");
    }

    private static void PrintVerdict(IAnsiConsole console, VerificationReport report)
    {
        foreach (string reason in report.NotRun)
            console.MarkupLineInterpolated($"[red]not run:[/] {reason}");
        var rtl = report.Layers.Where(layer => layer.Rtl is not null).Select(layer => layer.Rtl!).ToList();
        if (rtl.Count > 0)
        {
            console.MarkupLineInterpolated(
                $"{rtl.Count} blocks ran as Verilog in Verilator (cycle-accurate), {rtl.Count(block => block.BuildFromCache)} from cached builds; cycles as predicted in {rtl.Count(block => block.Agrees)}.");
        }
        else if (report.RtlAsked)
        {
            console.MarkupLine("The network has no depthwise-separable block, so no Verilog ran.");
        }
        if (report.DepthwiseWithoutRtl.Count > 0)
        {
            console.MarkupLineInterpolated(
                $"[yellow]no Verilog yet[/] for {report.DepthwiseWithoutRtl.Count} depthwise layers, which are in no depthwise-separable block: {string.Join(", ", report.DepthwiseWithoutRtl)}");
        }
        var disagreeing = report.Disagreeing.ToList();
        if (disagreeing.Count > 0)
        {
            var first = disagreeing[0];
            string who = string.Join(", ", first.Comparisons.Where(comparison => !comparison.Agrees).Select(comparison => comparison.Backend).Concat(first.Rtl is { Agrees: false } ? ["rtl cycles"] : []).Distinct());
            console.MarkupLineInterpolated($"[red bold]DISAGREE[/]: {disagreeing.Count} of {report.Layers.Count} layers, first '{first.Layer}' ({who})");
        }
        else
        {
            console.MarkupLineInterpolated(report.NotRun.Count == 0
                ? $"[green bold]AGREE[/]: {report.Layers.Count} layers, {report.Layers.Sum(layer => layer.Comparisons.Sum(comparison => comparison.Compared)):N0} elements compared, int8 equal to the byte, float32 within 1e-5"
                : (FormattableString)$"[red bold]INCOMPLETE[/]: what ran agreed, but {report.NotRun.Count} of what was asked for did not run");
        }
    }

    private static string Short(double value) => value.ToString("0e-0", CultureInfo.InvariantCulture);

    private static string Share(int part, int whole) => string.Create(CultureInfo.InvariantCulture, $"{part}/{whole} ({100.0 * part / whole:f1} %)");

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
