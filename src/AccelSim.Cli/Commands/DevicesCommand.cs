using System.CommandLine;
using System.Globalization;
using AccelSim.Gpu;
using AccelSim.Studies;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim devices</c></summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        var json = new Option<string?>("--json") { Description = "Also write the list to this file (- for stdout alone)" };
        var ptx = new Option<string?>("--ptx")
        {
            Description = $"Instead compile every kernel for a CUDA target that need not be here ({string.Join(", ", CudaTarget.All.Select(target => target.Name))}) and list registers, shared memory and occupancy",
        };
        ptx.AcceptOnlyFromAmong([.. CudaTarget.All.Select(target => target.Name)]);
        var command = new Command("devices", """
            List the devices that --device chooses from, or what the kernels take of a CUDA device.

            Examples:
              accelsim devices
              accelsim devices --ptx sm_90
            """) { ptx, json };
        command.SetAction((result, cancellation) => result.GetValue(ptx) is { } target
            ? Terminal.RunAsync(() => Ptx(target, result.GetValue(json), cancellation))
            : List(result.GetValue(json)));
        return command;
    }

    private static async Task<int> Ptx(string name, string? json, CancellationToken cancellation)
    {
        var target = CudaTarget.Of(name);
        Terminal.RequireFolderOf(json);
        var rows = await Terminal.WithProgressAsync(progress => Task.Run(
            () => PtxTable.Of(target, new Progress<(int Done, int All)>(at => progress.Report(new StudyProgress("ptx", at.Done, at.All))), cancellation), cancellation));
        if (json is not null)
            Terminal.WriteJson(json, new { Target = target, Kernels = rows });
        if (json == "-")
            return Terminal.Success;
        var table = new Table().Border(TableBorder.Simple).AddColumns("kernel", "threads", "registers", "shared", "groups", "occupancy", "limit", "v4 loads", "v4 stores", "dp4a", "barriers");
        foreach (int column in Enumerable.Range(1, 10).Where(column => column != 6))
            table.Columns[column].RightAligned();
        foreach (var row in rows)
        {
            table.AddRow(
                Markup.Escape(row.Kernel), Text(row.Threads), Text(row.Listing.Registers), Text(row.Listing.SharedBytes), Text(row.Occupancy.Groups),
                string.Create(CultureInfo.InvariantCulture, $"{100 * row.Occupancy.Share:f0} %"), row.Occupancy.Limit, Text(row.Listing.VectorLoads), Text(row.Listing.VectorStores),
                Text(row.Listing.DotProducts), Text(row.Listing.Barriers));
        }
        Terminal.Output.Write(table);
        Terminal.Output.MarkupLineInterpolated($"[dim]{target.Name}, modelled: registers are the most that are alive at one instruction of the PTX (ptxas allocates anew), shared memory in bytes a group, groups resident on a multiprocessor, occupancy by the limits of the CUDA C++ Programming Guide.[/]");
        return Terminal.Success;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Task<int> List(string? json) => Terminal.Run(() =>
    {
        var list = GpuDevices.List();
        if (json is not null)
            Terminal.WriteJson(json, list);
        if (json == "-")
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
    });
}
