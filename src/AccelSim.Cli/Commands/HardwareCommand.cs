using System.CommandLine;
using System.Globalization;
using AccelSim.Platforms;
using AccelSim.Studies.Hardware;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim hw</c></summary>
internal static class HardwareCommand
{
    public static Command Create()
    {
        var json = new Option<string?>("--json") { Description = "Also write it to this file (- for stdout alone)" };
        var name = new Argument<string?>("name")
        {
            Description = "A platform, technology or file to explain; without it, the list",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("hw", """
            List the platforms that --hw and --on take and the technologies behind them, or explain one: every figure with its
            source and how far it can be trusted, the area of an ASIC, the largest array that fits an FPGA.

            Examples:
              accelsim hw
              accelsim hw tpu_v1
              accelsim hw zcu102 --json -
              accelsim hw 28nm
              accelsim hw check my_array.yaml
            """) { name, json, Check() };
        command.SetAction((result, _) => Terminal.Run(() =>
        {
            Terminal.RequireFolderOf(result.GetValue(json));
            if (result.GetValue(name) is { } wanted)
                Explain(HardwareExplanation.Of(wanted), result.GetValue(json));
            else
                List(result.GetValue(json));
            return Terminal.Success;
        }));
        return command;
    }

    private static Command Check()
    {
        var file = new Argument<string>("file") { Description = "A platform, technology or energy file" };
        var check = new Command("check", "Validate a file of the hw folder; an error names its line, key, value and what is allowed.") { file };
        check.SetAction((result, _) => Terminal.Run(() =>
        {
            string path = result.GetValue(file)!;
            if (!File.Exists(path))
                throw new UnknownPlatformException($"there is no platform file '{path}'");
            HardwareDescription hardware = HardwareFile.Read(path);
            if (hardware is Technology technology)
                TechnologyCatalog.Open().Resolve(technology);
            Terminal.Output.MarkupLineInterpolated($"{hardware.Name}: a legal {hardware.Kind}{(hardware is Platform ? " platform" : "")}");
            return Terminal.Success;
        }));
        return check;
    }

    private static void List(string? json)
    {
        Platform[] platforms = [.. PlatformCatalog.Open().All().OrderBy(platform => platform.Kind).ThenBy(platform => platform.Name)];
        var catalog = TechnologyCatalog.Open();
        HardwareDescription[] technologies = [.. catalog.Names.Select(catalog.Describe)];
        if (json is not null)
        {
            Terminal.WriteJson(json, new
            {
                Platforms = platforms.Select(platform => new
                {
                    platform.Name, platform.Kind, platform.Header.Title, platform.Header.Description, platform.Header.Aliases,
                    ClockHertz = platform.ClockHertz.Value, DramBytesPerSecond = platform.Dram.BytesPerSecond.Value,
                }),
                Technologies = technologies.Select(technology => new { technology.Name, technology.Kind, technology.Header.Title, technology.Header.Description }),
            });
        }
        if (json == "-")
            return;
        var table = new Table().Border(TableBorder.Simple).AddColumns("platform", "kind", "clock", "DRAM", "what it is");
        foreach (var platform in platforms)
        {
            table.AddRow(
                platform.Name, platform.Kind,
                string.Create(CultureInfo.InvariantCulture, $"{platform.ClockHertz.Value / 1e6:f0} MHz"),
                string.Create(CultureInfo.InvariantCulture, $"{platform.Dram.BytesPerSecond.Value / 1e9:g4} GB/s"),
                Markup.Escape(platform.Header.Description));
        }
        Terminal.Output.Write(table);
        var energy = new Table().Border(TableBorder.Simple).AddColumns("energy and area", "kind", "what it is");
        foreach (var technology in technologies)
            energy.AddRow(technology.Name, technology.Kind.Replace('_', ' '), Markup.Escape(technology.Header.Description));
        Terminal.Output.Write(energy);
    }

    private static void Explain(HardwareExplanation hardware, string? json)
    {
        if (json is not null)
            Terminal.WriteJson(json, hardware);
        if (json == "-")
            return;
        Terminal.Output.MarkupLineInterpolated($"[bold]{hardware.Title}[/] ({hardware.Kind}, {hardware.File})");
        Terminal.Output.WriteLine(hardware.Description);
        var figures = new Table().Border(TableBorder.Simple).AddColumns("figure", "value", "confidence", "source");
        foreach (var figure in hardware.Figures)
            figures.AddRow(Markup.Escape(figure.Key), Markup.Escape(figure.Value), figure.Confidence, Markup.Escape(figure.Note is { } note ? $"{figure.Source} ({note})" : figure.Source));
        Terminal.Output.Write(figures);
        if (hardware.Derived.IsEmpty)
            return;
        var derived = new Table().Border(TableBorder.Simple).AddColumns("modelled from them", "value", "how");
        foreach (var figure in hardware.Derived)
            derived.AddRow(Markup.Escape(figure.What), Markup.Escape(figure.Value), Markup.Escape(figure.How));
        Terminal.Output.Write(derived);
    }
}
