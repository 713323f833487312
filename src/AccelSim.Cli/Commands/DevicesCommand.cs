using System.CommandLine;
using System.Globalization;
using AccelSim.Gpu;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim devices</c></summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        var json = new Option<string?>("--json") { Description = "Also write the list to this file (- for stdout alone)" };
        var command = new Command("devices", "List the devices that --device chooses from.") { json };
        command.SetAction((result, _) => Terminal.Run(() =>
        {
            var list = GpuDevices.List();
            if (result.GetValue(json) is { } file)
                Terminal.WriteJson(file, list);
            if (result.GetValue(json) == "-")
                return Terminal.Success;
            var table = new Table().Border(TableBorder.Simple).AddColumns("id", "device", "kind", "memory", "units", "warp", "driver");
            foreach (var device in list.Devices)
            {
                table.AddRow(
                    device.Id, Markup.Escape(device.Name), device.Kind.ToString(),
                    device.MemoryBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):f1} GiB") : "",
                    device.Multiprocessors.ToString(CultureInfo.InvariantCulture), device.WarpSize.ToString(CultureInfo.InvariantCulture), Markup.Escape(device.Driver));
            }
            Terminal.Output.Write(table);
            foreach (string hint in list.Hints)
                Terminal.Output.MarkupLineInterpolated($"[yellow]note:[/] {hint}");
            return Terminal.Success;
        }));
        return command;
    }
}
