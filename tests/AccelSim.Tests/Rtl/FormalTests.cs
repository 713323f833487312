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

    /// <summary>No answer of the control port is lost, invented, or changed while it waits; nothing is loaded before it was selected.</summary>
    [Fact]
    public async Task The_control_port_keeps_to_AXI4_Lite() =>
        Assert.Contains("Property proved.", await Check("", "pdr", text => text, "control_port_formal", ["control_port"]));

    [Theory]
    [InlineData("assign s_axil_awready = !aw_full_q", "assign s_axil_awready = 1'b1")]
    [InlineData("aw_full_q && w_full_q && (!s_axil_bvalid || s_axil_bready)", "aw_full_q && w_full_q")]
    [InlineData("assign s_axil_arready = !s_axil_rvalid || s_axil_rready", "assign s_axil_arready = 1'b1")]
    [InlineData("attempt && any_selected_q && !busy", "attempt && !busy")]
    public async Task A_mutant_of_the_control_port_is_refuted(string right, string wrong) =>
        Assert.Contains("was asserted in frame", await Check("", "bmc3 -F 40", text => Mutant(text, right, wrong), "control_port_formal", ["control_port"]));

    private static string Mutant(string text, string right, string wrong) => text.Replace(right, wrong, StringComparison.Ordinal);

    private async Task<string> Check(string parameters, string engine, Func<string, string> edit, string harness = "queue_formal", string[]? cells = null)
    {
        RequiredTools.Require(ExternalTool.Yosys, Abc);
        foreach (var cell in HardwareSources.Cells())
            await File.WriteAllTextAsync(_folder[cell.Name], edit(cell.Text), Cancellation);
        File.Copy(Path.Combine(SharedData.RepositoryRoot, "templates", "verilog", "formal", $"{harness}.sv"), _folder[$"{harness}.sv"]);
        string script = $"read_verilog -formal -sv -defer {harness}.sv {string.Join(" ", (cells ?? ["fifo", "skid_buffer"]).Select(cell => $"{cell}.sv"))}; hierarchy -top {harness} {parameters}; "
            + $"prep -top {harness} -flatten -nordff; chformal -cover -remove; memory_nordff; memory_map; async2sync; dffunmap; "
            + "setundef -anyseq -undriven; opt -full; techmap; opt -fast; dffunmap; abc -g AND -fast; opt_clean; write_aiger -zinit -I -B q.aig";
        await ExternalTool.Yosys.RequireSuccessAsync(["-q", "-p", script], _folder.Path, Patience, cancellation: Cancellation);
        return (await Abc.RunAsync(["-c", $"read_aiger q.aig; fold; strash; {engine}"], _folder.Path, Patience, cancellation: Cancellation)).Output;
    }
}
