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
        var json = new Option<bool>("--json") { Description = "Names, options with their values, and counts as JSON" };
        var command = new Command("models", """
            List the networks of the zoo with their parameters, MACs and memory at their defaults, and the options that each has.

            Examples:
              accelsim models
              accelsim models --json
              accelsim show resnet50 --option stride=1x1 --option shortcut=c
            """) { json };
        command.SetAction((result, _) => Terminal.Run(() =>
        {
            var rows = NetworkZoo.Families.Select(family => (Family: family, Graph: family.Build(new NetworkOptions()))).ToList();
            if (result.GetValue(json))
                Terminal.WriteJson("-", rows.Select(row => Summary(row.Family, row.Graph)));
            else
                Print(rows);
            return Terminal.Success;
        }));
        return command;
    }

    private static void Print(IEnumerable<(NetworkFamily Family, LayerGraph Graph)> rows)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("network", "input", "parameters", "MACs", "peak activations", "options", "paper");
        foreach (int column in (int[])[2, 3, 4])
            table.Columns[column].RightAligned();
        foreach (var (family, graph) in rows)
        {
            var cost = graph.TotalCost();
            table.AddRow(
                family.Name, graph.Inputs[0].Type.Shape.ToString(), Count(cost.Parameters), Count(cost.Macs), Count(graph.PeakActivationBytes()) + " B",
                Markup.Escape(string.Join(' ', family.Options.Select(Usage))), Markup.Escape(family.Citation));
        }
        Terminal.Output.Write(table);
    }

    /// <summary>For example <c>--option stride=3x3|1x1</c>, the default first, <c>--option hidden=128</c>, or <c>--width 1</c>.</summary>
    private static string Usage(NetworkOption option) =>
        string.Join(' ', NetworkArguments.Words(option, option is ChoiceOption choice ? string.Join('|', choice.Values) : option.Default));

    private static object Summary(NetworkFamily family, LayerGraph graph)
    {
        var cost = graph.TotalCost();
        var input = graph.Inputs[0].Type.Shape;
        var options = family.Options;
        var (resolution, classes) = (Find<IntegerOption>(NetworkOption.Resolution), Find<IntegerOption>(NetworkOption.Classes));
        return new
        {
            name = family.Name,
            citation = family.Citation,
            input = input.ToArray(),
            options = options.Select(Describe),
            variants = Find<ChoiceOption>(NetworkOption.Variant) is { } variant ? [.. variant.Values] : Array.Empty<string>(),
            has_width = options.Any(option => option.Name == NetworkOption.Width),
            channels = input[1],
            default_resolution = resolution?.Preset,
            smallest_resolution = resolution?.Smallest,
            default_classes = classes?.Preset,
            parameters = cost.Parameters,
            macs = cost.Macs,
            weighted_layers = graph.WeightedLayers(),
            activation_bytes = cost.OutputBytes,
            peak_activation_bytes = graph.PeakActivationBytes(),
        };

        T? Find<T>(string name) where T : NetworkOption => options.OfType<T>().FirstOrDefault(option => option.Name == name);
    }

    private static object Describe(NetworkOption option)
    {
        // What a script puts in place of {value}.
        var arguments = NetworkArguments.Words(option, "{value}");
        return option switch
        {
            ChoiceOption choice => new { name = option.Name, meaning = option.Meaning, kind = "choice", values = choice.Values, @default = choice.Default, arguments },
            IntegerOption range => new { name = option.Name, meaning = option.Meaning, kind = "integer", smallest = range.Smallest, largest = range.Largest, published = range.Published, @default = range.Preset, arguments },
            NumberOption range => new { name = option.Name, meaning = option.Meaning, kind = "number", smallest = range.Smallest, largest = range.Largest, published = range.Published, @default = range.Preset, arguments },
            _ => new { name = option.Name, meaning = option.Meaning, kind = "sizes", allowed = option.Allowed, published = option.Published, @default = option.Default, arguments },
        };
    }

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
