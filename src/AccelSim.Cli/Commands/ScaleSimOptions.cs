using System.CommandLine;
using AccelSim.Graph;
using AccelSim.Models.ScaleSim;
using AccelSim.Studies.Simulate;

namespace AccelSim.Cli.Commands;

/// <summary>The options of <c>accelsim simulate</c> that take SCALE-Sim's files and write its reports.</summary>
internal sealed class ScaleSimOptions
{
    private readonly Option<string?> _topology = new("--scale-topology") { Description = "A topology file (CSV) of SCALE-Sim: count it as that tool does" };
    private readonly Option<string?> _configuration = new("--scale-config") { Description = "The configuration file of SCALE-Sim that goes with it" };
    private readonly Option<string?> _form = new("--scale-input") { Description = "What the rows of the topology are: conv or gemm (default: what its header says)" };
    private readonly Option<string?> _folder = new("--out") { Description = "Folder for SCALE-Sim's three reports; one that was not written here is not overwritten" };

    public ScaleSimOptions() => _form.AcceptOnlyFromAmong("conv", "gemm");

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_topology, _configuration, _form, _folder])
            command.Options.Add(option);
    }

    public bool AreGiven(ParseResult result) =>
        ((Option<string?>[])[_topology, _configuration, _form, _folder]).Any(option => result.GetValue(option) is not null);

    public async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        string topology = result.GetValue(_topology) ?? throw new GraphException("--scale-topology is missing: name SCALE-Sim's CSV file of layers.");
        string configuration = result.GetValue(_configuration) ?? throw new GraphException("--scale-config is missing: name SCALE-Sim's configuration file (.cfg).");
        string folder = result.GetValue(_folder) ?? throw new GraphException("--out is missing: name a folder for the three reports.");
        ReportFolder.RequireOurs(folder);
        ScaleSimForm? form = result.GetValue(_form) switch { "conv" => ScaleSimForm.Convolution, "gemm" => ScaleSimForm.Gemm, _ => null };
        var study = await Terminal.WithProgressAsync(progress => Task.Run(() => ScaleSimStudy.Run(topology, configuration, form, progress, cancellation), cancellation));
        study.Save(folder);
        ScaleSimTable.Print(Terminal.Output, study);
        Terminal.Note($"wrote {string.Join(", ", ScaleSimStudy.Files)} to {folder}");
        return Terminal.Success;
    }
}
