using System.CommandLine;
using AccelSim.Graph;
using AccelSim.Models.ScaleSim;
using AccelSim.Studies.Simulate;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim simulate</c></summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var topology = new Option<string?>("--scale-topology") { Description = "A topology file (CSV) of SCALE-Sim: count it as that tool does" };
        var configuration = new Option<string?>("--scale-config") { Description = "The configuration file of SCALE-Sim that goes with it" };
        var form = new Option<string?>("--scale-input") { Description = "What the rows of the topology are: conv or gemm (default: what its header says)" };
        form.AcceptOnlyFromAmong("conv", "gemm");
        var folder = new Option<string?>("--out") { Description = "Folder for the three reports of SCALE-Sim; one that was not written here is not overwritten" };
        var command = new Command("simulate", """
            Count the layers of a SCALE-Sim topology as that tool does, and write its three reports.

            Examples:
              accelsim simulate --scale-topology resnet18.csv --scale-config scale.cfg --out reports
              accelsim simulate --scale-topology attention.csv --scale-config scale.cfg --scale-input gemm --out reports
            """) { topology, configuration, form, folder };
        command.SetAction((result, cancellation) => Terminal.RunAsync(async () =>
        {
            string topologyFile = result.GetValue(topology) ?? throw new GraphException("--scale-topology is missing: name SCALE-Sim's CSV file of layers.");
            string configurationFile = result.GetValue(configuration) ?? throw new GraphException("--scale-config is missing: name SCALE-Sim's configuration file (.cfg).");
            string target = result.GetValue(folder) ?? throw new GraphException("--out is missing: name a folder for the three reports.");
            ReportFolder.RequireOurs(target);
            ScaleSimForm? rows = result.GetValue(form) switch { "conv" => ScaleSimForm.Convolution, "gemm" => ScaleSimForm.Gemm, _ => null };
            var study = await Terminal.WithProgressAsync(progress => Task.Run(() => ScaleSimStudy.Run(topologyFile, configurationFile, rows, progress, cancellation), cancellation));
            study.Save(target);
            ScaleSimTable.Print(Terminal.Output, study);
            Terminal.Note($"wrote {string.Join(", ", ScaleSimStudy.Files)} to {target}");
            return Terminal.Success;
        }));
        return command;
    }
}
