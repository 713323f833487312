using System.CommandLine;
using System.Globalization;
using AccelSim.Graph;
using AccelSim.Models;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim models</c></summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Names and options as JSON" };
        var command = new Command("models", "List the networks of the zoo with their parameters, MACs and memory at their default size.") { json };
        command.SetAction((result, _) => Terminal.Run(() =>
        {
            var rows = NetworkZoo.Families.Select(family => (Family: family, Graph: family.Build(new NetworkOptions()))).ToList();
            if (result.GetValue(json))
            {
                Terminal.WriteJson("-", rows.Select(row => new
                {
                    row.Family.Name,
                    row.Family.Citation,
                    row.Family.Variants,
                    row.Family.HasWidth,
                    row.Family.Channels,
                    DefaultResolution = row.Graph.Inputs[0].Type.Shape[2],
                    row.Family.SmallestResolution,
                    row.Family.DefaultClasses,
                    row.Graph.TotalCost().Parameters,
                    row.Graph.TotalCost().Macs,
                    PeakActivationBytes = row.Graph.PeakActivationBytes(),
                }));
                return Terminal.Success;
            }
            var table = new Table().Border(TableBorder.Simple).AddColumns("network", "input", "parameters", "MACs", "peak activations", "options", "paper");
            foreach (int column in (int[])[2, 3, 4])
                table.Columns[column].RightAligned();
            foreach (var (family, graph) in rows)
            {
                var cost = graph.TotalCost();
                string options = string.Join(' ', ((string[])[family.HasWidth ? "--width" : "", "--resolution", family.Variants.Count > 0 ? $"--variant {string.Join('|', family.Variants)}" : ""]).Where(option => option.Length > 0));
                table.AddRow(family.Name, graph.Inputs[0].Type.Shape.ToString(), Count(cost.Parameters), Count(cost.Macs), Count(graph.PeakActivationBytes()) + " B", Markup.Escape(options), Markup.Escape(family.Citation));
            }
            Terminal.Output.Write(table);
            return Terminal.Success;
        }));
        return command;
    }

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
