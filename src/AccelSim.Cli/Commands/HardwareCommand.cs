using System.CommandLine;
using System.Globalization;
using AccelSim.Platforms;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim hw</c></summary>
internal static class HardwareCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "A platform file" };
        var check = new Command("check", "Validate a platform file; an error names its line, key, value and what is allowed.") { file };
        check.SetAction((result, _) => Terminal.Run(() =>
        {
            string path = result.GetValue(file)!;
            if (!File.Exists(path))
                throw new UnknownPlatformException($"there is no platform file '{path}'");
            var platform = PlatformFile.Read(path);
            Terminal.Output.MarkupLineInterpolated($"{platform.Name}: a legal {platform.Kind} platform");
            return Terminal.Success;
        }));
        var command = new Command("hw", "List the platforms that --hw and --on take.") { check };
        command.SetAction((_, _) => Terminal.Run(() =>
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("platform", "kind", "clock", "DRAM", "what it is");
            foreach (var platform in PlatformCatalog.Open().All().OrderBy(platform => platform.Kind).ThenBy(platform => platform.Name))
            {
                table.AddRow(
                    platform.Name, platform.Kind,
                    string.Create(CultureInfo.InvariantCulture, $"{platform.ClockHertz.Value / 1e6:f0} MHz"),
                    string.Create(CultureInfo.InvariantCulture, $"{platform.Dram.BytesPerSecond.Value / 1e9:g4} GB/s"),
                    Markup.Escape(platform.Header.Description));
            }
            Terminal.Output.Write(table);
            return Terminal.Success;
        }));
        return command;
    }
}
