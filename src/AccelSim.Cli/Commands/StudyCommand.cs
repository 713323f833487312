using System.CommandLine;
using AccelSim.Studies.Literature;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim study</c></summary>
internal static class StudyCommand
{
    public static Command Create()
    {
        var topic = new Argument<string?>("topic")
        {
            Description = $"One of {string.Join(", ", LiteratureStudy.All.Select(study => study.Topic))} (default: all)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = new Option<string?>("--json") { Description = "Also write the results to this file (- for stdout alone)" };
        var command = new Command("study", $"""
            Count or model again what the literature says about networks, and say what is measured and whether it holds.

            Topics:
            {string.Join('\n', LiteratureStudy.All.Select(study => $"  {study.Topic}: {study.Question}"))}

            Examples:
              accelsim study
              accelsim study memory
              accelsim study separable --json separable.json
            """) { topic, json };
        command.SetAction((result, _) => Terminal.Run(() =>
        {
            Terminal.RequireFolderOf(result.GetValue(json));
            var studies = result.GetValue(topic) is { } asked ? [LiteratureStudy.Find(asked)] : LiteratureStudy.All;
            var results = studies.Select(study => study.Run()).ToList();
            if (result.GetValue(json) is { } file)
                Terminal.WriteJson(file, results);
            if (result.GetValue(json) != "-")
                results.ForEach(Print);
            return Terminal.Success;
        }));
        return command;
    }

    private static void Print(StudyResult result)
    {
        Terminal.Output.MarkupLineInterpolated($"[bold]{result.Topic}[/]: {result.Question}");
        Terminal.Output.MarkupLineInterpolated($"[dim]measured: {result.Measure}[/]");
        Terminal.Output.MarkupLineInterpolated($"[dim]source: {result.Source}[/]");
        foreach (var shown in result.Tables)
        {
            var table = new Table().Border(TableBorder.Simple).Title(Markup.Escape(shown.Title)).AddColumns([.. shown.Columns.Select(column => Markup.Escape(column))]);
            for (int column = 1; column < shown.Columns.Count; column++)
                table.Columns[column].RightAligned();
            foreach (var row in shown.Rows)
                table.AddRow([.. row.Select(cell => Markup.Escape(cell))]);
            Terminal.Output.Write(table);
        }
        foreach (var finding in result.Findings)
            Terminal.Output.MarkupLineInterpolated($"{(finding.Holds ? "holds" : "does not hold")}: {finding.Claim} ({finding.Evidence})");
        Terminal.Output.WriteLine();
    }
}
