using System.CommandLine;
using System.Globalization;
using AccelSim.Platforms;
using AccelSim.Studies.Validate;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim validate</c></summary>
internal static class ValidateCommand
{
    private const string AllKinds = "all";

    public static Command Create()
    {
        var kind = new Option<string>("--kind") { Description = "Which table: asic, fpga, mobile, gpu or all", DefaultValueFactory = _ => AllKinds };
        kind.AcceptOnlyFromAmong([.. Validation.Kinds, AllKinds]);
        var data = new Option<string?>("--data") { Description = "Folder of asic.csv, fpga.csv, mobile.csv, gpu.csv (default: shared/data/published here or above)" };
        var group = new Option<string?>("--group") { Description = "Only groups whose name contains this" };
        var rows = new Option<bool>("--rows") { Description = "Print every row, not groups alone" };
        var csv = new Option<string?>("--csv") { Description = "Also write every row to this file" };
        var json = new Option<string?>("--json") { Description = "Also write rows, groups and totals to this file (- for stdout alone)" };
        var command = new Command("validate", """
            Hold the models against published measurements of real hardware: predicted beside published, with the error, by group and in total.
            Vendors' estimates and figures quoted from memory are judged apart. Rows that no model covers are listed with the reason.

            Examples:
              accelsim validate
              accelsim validate --kind fpga --group dpu --rows
              accelsim validate --data my/measurements --csv rows.csv --json report.json
            """) { kind, data, group, rows, csv, json };
        command.SetAction((result, cancellation) => Terminal.RunAsync(async () =>
        {
            Terminal.RequireFolderOf(result.GetValue(csv));
            Terminal.RequireFolderOf(result.GetValue(json));
            string asked = result.GetValue(kind)!;
            var published = Validation.Read(Validation.FindData(result.GetValue(data)), asked == AllKinds ? Validation.Kinds : [asked]);
            var predictors = Predictors.All(PlatformCatalog.Open());
            var report = await Terminal.WithProgressAsync(progress =>
                Task.Run(() => Validation.Run(published, predictors, result.GetValue(group), progress, cancellation), cancellation));
            if (result.GetValue(csv) is { } table)
                ValidationCsv.Write(table, report);
            if (result.GetValue(json) is { } file)
                Terminal.WriteJson(file, report);
            if (result.GetValue(json) != "-")
                Print(report, result.GetValue(rows));
            return Terminal.Success;
        }));
        return command;
    }

    private static void Print(ValidationReport report, bool everyRow)
    {
        if (everyRow)
            PrintRows(report.Rows);
        var table = new Table().Border(TableBorder.Simple).AddColumns("published figures are", "group", "rows", "median error", "mean error", "rank correlation");
        foreach (int column in (int[])[2, 3, 4, 5])
            table.Columns[column].RightAligned();
        foreach (var basis in report.Totals)
        {
            foreach (var group in report.Groups.Where(group => group.Basis == basis.Basis))
                AddRow(table, group);
            AddRow(table, basis);
        }
        Terminal.Output.Write(table);
        foreach (var reason in report.NotModelled.GroupBy(row => row.Reason).OrderByDescending(rows => rows.Count()))
        {
            string where = string.Join(", ", reason.Select(row => $"{row.File} {row.Line}").Take(3));
            Terminal.Output.MarkupLineInterpolated($"[dim]not modelled, {reason.Count()} rows ({where}{(reason.Count() > 3 ? ", …" : "")}): {reason.Key}[/]");
        }
    }

    private static void PrintRows(IReadOnlyList<ValidationRow> rows)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("group", "platform", "network", "metric", "predicted", "published", "unit", "error", "basis");
        foreach (int column in (int[])[4, 5, 7])
            table.Columns[column].RightAligned();
        foreach (var row in rows.OrderBy(row => row.Basis).ThenBy(row => row.Group, StringComparer.Ordinal))
        {
            table.AddRow(
                Markup.Escape(row.Group), Markup.Escape(row.Platform), Markup.Escape(row.Network), Markup.Escape(row.Metric),
                Number(row.Predicted), Number(row.Published), Markup.Escape(row.Unit), Signed(row.Error), Word(row.Basis));
        }
        Terminal.Output.Write(table);
    }

    private static void AddRow(Table table, ValidationGroup group)
    {
        string style = group.Group == "all" ? "bold" : "default";
        table.AddRow(
            $"[{style}]{Word(group.Basis)}[/]", $"[{style}]{Markup.Escape(group.Group)}[/]", group.Rows.ToString("N0", CultureInfo.InvariantCulture),
            Percent(group.MedianAbsoluteError), Percent(group.MeanAbsoluteError),
            group.RankCorrelation is { } rank ? rank.ToString("f3", CultureInfo.InvariantCulture) : "-");
    }

    private static string Word(Basis basis) => basis switch
    {
        Basis.Measured => "measured",
        Basis.Estimate => "vendor's estimates",
        _ => "from memory",
    };

    private static string Number(double value) => value.ToString("g4", CultureInfo.InvariantCulture);

    private static string Percent(double? error) => error is { } value ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:f1} %") : "-";

    private static string Signed(double? error) => error is { } value ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:+0.0;-0.0;0.0} %") : "-";
}
