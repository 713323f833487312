using AccelSim.Rtl.Rendering;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl;

/// <summary>
/// Unbounded proofs (IC3/PDR) of the two cells on which every stream rests; and a mutant of each, so that an empty proof cannot pass.
/// </summary>
public sealed class FormalTests : IDisposable
{
    private static readonly ExternalTool Abc = new("berkeley-abc", "berkeley-abc");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private const string SkidBuffer = "-chparam UseFifo 0", Fifo = "-chparam UseFifo 1 -chparam Depth 3";

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SkidBuffer)]
    [InlineData(Fifo)]
    public async Task Nothing_is_lost_doubled_reordered_or_changed_while_it_waits(string parameters) =>
        Assert.Contains("Property proved.", await Check(parameters, "pdr", text => text));

    [Theory]
    [InlineData(SkidBuffer, "valid_i || spare_valid_q", "valid_i")]
    [InlineData(SkidBuffer, "spare_valid_q ? spare_q : data_i", "data_i")]
    [InlineData(Fifo, "assign ready_o = (count_q != Full)", "assign ready_o = 1'b1")]
    [InlineData(Fifo, "read_addr_q == LastAddr", "read_addr_q == '0")]
    public async Task A_mutant_is_refuted(string parameters, string right, string wrong) =>
        Assert.Contains("was asserted in frame", await Check(parameters, "bmc3 -F 40", text => text.Replace(right, wrong, StringComparison.Ordinal)));

    private async Task<string> Check(string parameters, string engine, Func<string, string> edit)
    {
        RequiredTools.Require(ExternalTool.Yosys, Abc);
        foreach (var cell in HardwareSources.Cells())
            await File.WriteAllTextAsync(_folder[cell.Name], edit(cell.Text), Cancellation);
        File.Copy(Path.Combine(SharedData.RepositoryRoot, "templates", "verilog", "formal", "queue_formal.sv"), _folder["queue_formal.sv"]);
        string script = $"read_verilog -formal -sv -defer queue_formal.sv fifo.sv skid_buffer.sv; hierarchy -top queue_formal {parameters}; "
            + "prep -top queue_formal -flatten -nordff; chformal -cover -remove; memory_nordff; memory_map; async2sync; dffunmap; "
            + "setundef -anyseq -undriven; opt -full; techmap; opt -fast; dffunmap; abc -g AND -fast; opt_clean; write_aiger -zinit -I -B q.aig";
        await ExternalTool.Yosys.RequireSuccessAsync(["-q", "-p", script], _folder.Path, Patience, cancellation: Cancellation);
        return (await Abc.RunAsync(["-c", $"read_aiger q.aig; fold; strash; {engine}"], _folder.Path, Patience, cancellation: Cancellation)).Output;
    }
}
