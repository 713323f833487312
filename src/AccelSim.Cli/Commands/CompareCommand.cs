using System.CommandLine;
using System.Globalization;
using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;
using AccelSim.Studies.Networks;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim compare</c></summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var network = new Argument<string>("network") { Description = NetworkArguments.NetworkHelp };
        var on = new Option<string[]>("--on")
        {
            Description = "Platforms, comma-separated: names (accelsim hw lists them) or files",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => ["h100,jetson-agx-orin,zcu102,alveo-u250,tpu_v1,edge_tpu"],
        };
        var arguments = new NetworkArguments();
        var batch = new Option<int>("--batch") { Description = "Images at once", DefaultValueFactory = _ => 1 };
        var training = new Option<bool>("--training") { Description = "A training step (forward, loss, backward, update) instead of inference" };
        var json = new Option<string?>("--json") { Description = "Also write the comparison to this file (- for stdout alone)" };
        var command = new Command("compare", """
            Set latency, throughput and utilization of one network on several platforms side by side, each figure marked
            measured, cycle-accurate or modelled.

            Examples:
              accelsim compare mobilenet_v1 --on h100,zcu102,tpu_v1
              accelsim compare resnet18 --batch 8 --on a100,edge_tpu --json result.json
              accelsim compare resnet50 --batch 32 --training --on a100,generic_128x128
            """) { network, on, batch, training, json };
        arguments.AddTo(command);
        command.SetAction((result, _) => Terminal.Run(() =>
        {
            var graph = PreparedNetwork.Structure(result.GetValue(network)!, arguments.Read(result, result.GetValue(batch)), arguments.Dimensions(result));
            var catalog = PlatformCatalog.Open();
            var names = result.GetValue(on)!.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            Terminal.RequireFolderOf(result.GetValue(json));
            Platform[] platforms = [.. names.Select(catalog.Find)];
            if (platforms.Length == 0)
                throw new UnknownPlatformException("--on names no platform (accelsim hw lists them)");
            var report = result.GetValue(training) ? Comparison.RunTraining(graph, platforms) : Comparison.Run(graph, platforms);
            if (result.GetValue(json) is { } file)
                Terminal.WriteJson(file, report);
            if (result.GetValue(json) != "-")
                Print(report);
            // A design that a platform cannot hold is an answer; a platform without any is a request that was not met.
            return platforms.All(platform => report.Rows.Any(row => row.Platform == platform.Name)) ? Terminal.Success : Terminal.BadRequest;
        }));
        return command;
    }

    private static void Print(ComparisonReport report)
    {
        var table = new Table().Border(TableBorder.Simple).Title(Markup.Escape(FormattableString.Invariant(
            $"{report.Network}, batch {report.Batch}: {report.Macs:N0} MACs, {report.Parameters:N0} parameters")));
        table.AddColumns("platform", "design", "latency", "images/s", "utilization", "limited by", "figures are");
        foreach (int column in (int[])[2, 3, 4])
            table.Columns[column].RightAligned();
        foreach (var row in report.Rows)
        {
            table.AddRow(
                row.Platform, Markup.Escape(row.Design), Milliseconds(row.LatencySeconds),
                row.ImagesPerSecond.ToString(row.ImagesPerSecond < 100 ? "g3" : "N0", CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"{100 * row.Utilization:f1} %"),
                Markup.Escape(row.LimitedBy), ProvenanceWord(row.Provenance));
        }
        Terminal.Output.Write(table);
        foreach (var row in report.Rows.Where(row => row.Note.Length > 0))
            Terminal.Output.MarkupLineInterpolated($"[dim]{row.Platform}, {row.Design}: {row.Note}[/]");
        foreach (var refusal in report.Refusals)
            Terminal.Output.MarkupLineInterpolated($"[yellow]{refusal.Platform}:[/] {refusal.Reason}");
    }

    internal static string ProvenanceWord(Provenance provenance) => provenance switch
    {
        Provenance.Measured => "measured",
        Provenance.CycleAccurate => "cycle-accurate",
        _ => "modelled",
    };

    private static string Milliseconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{1e3 * seconds:g4} ms");
}
