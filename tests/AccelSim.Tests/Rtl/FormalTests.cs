using AccelSim.Rtl.Network;
using AccelSim.Rtl.Rendering;

namespace AccelSim.Tests.Rtl;

/// <summary>
/// Proofs without a bound (IC3/PDR) of the cells on which every stream rests, and of whole stages; mutants of each, so that an empty proof
/// cannot pass; and for each set of properties a trace to where they have been used. docs/formal.md has the figures.
/// </summary>
public sealed class FormalTests : IDisposable
{
    private const string SkidBuffer = "UseFifo=0", Fifo = "UseFifo=1 Depth=3";
    private const string OneTap = "Height=2 Width=2 Kernel=2 Taps=1 PadTop=0 PadLeft=0 OutHeight=1 OutWidth=1";
    private const string WholeWindow = "Height=2 Width=2 Kernel=2 Taps=4 OutHeight=2 OutWidth=2";
    private const string Kernel3 = "Height=3 Width=3";

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("queue_formal", SkidBuffer)]
    [InlineData("queue_formal", Fifo)]
    [InlineData("credit_counter_formal", "Credits=5 Spend=2")]
    [InlineData("width_converter_formal", "InLanes=1 OutLanes=3 Numbers=12")]
    [InlineData("width_converter_formal", "InLanes=4 OutLanes=2 Numbers=8")]
    [InlineData("width_converter_formal", "InLanes=2 OutLanes=2 Numbers=8")]
    [InlineData("stream_fork_formal", "")]
    [InlineData("serializer_formal", "")]
    [InlineData("serializer_formal", "OutLanes=2 Ratio=1")]
    [InlineData("frame_marker_formal", "Beats=3")]
    [InlineData("frame_marker_formal", "Beats=1")]
    [InlineData("control_port_formal", "")]
    [InlineData("window_reader_formal", WholeWindow)]
    public async Task It_holds_for_ever(string harness, string parameters)
    {
        var verdict = await Check(harness, parameters, ModelChecker.Prove);
        Assert.True(verdict.Proved, verdict.Text);
    }

    /// <summary>The proofs that take minutes: run where they are asked for (<c>-explicit only</c>).</summary>
    [Theory(Explicit = true)]
    [InlineData("window_reader_formal", OneTap)]
    [InlineData("window_reader_formal", Kernel3)]
    public Task It_holds_for_ever_after_minutes(string harness, string parameters) => It_holds_for_ever(harness, parameters);

    /// <summary>Where the properties have been used: a trace of so many cycles, which the searches below exceed.</summary>
    [Theory]
    [InlineData("credit_counter_formal", "Credits=5 Spend=1", 10)]
    [InlineData("width_converter_formal", "InLanes=1 OutLanes=3 Numbers=12", 20)]
    [InlineData("stream_fork_formal", "", 10)]
    [InlineData("serializer_formal", "", 10)]
    [InlineData("frame_marker_formal", "", 10)]
    [InlineData("window_reader_formal", WholeWindow, 24)]
    public async Task It_does_not_hold_in_vain(string harness, string parameters, int cycles)
    {
        var verdict = await Check(harness, parameters, ModelChecker.Search(cycles), "COVER");
        Assert.True(verdict.RefutedAt is not null, verdict.Text);
    }

    /// <summary>No counterexample in so many cycles, which is past where the trace above ends; the proof itself takes minutes.</summary>
    [Theory]
    [InlineData("max_pool_formal", "", 31)]
    public async Task It_holds_for_longer_than_a_frame_takes(string harness, string parameters, int cycles)
    {
        var reached = await Check(harness, parameters, ModelChecker.Search(cycles), "COVER");
        Assert.True(reached.RefutedAt < cycles, reached.Text);
        var verdict = await Check(harness, parameters, ModelChecker.Search(cycles));
        Assert.True(verdict.RefutedAt is null, verdict.Text);
    }

    [Theory]
    [InlineData("queue_formal", SkidBuffer, "skid_buffer.sv", "valid_i || spare_valid_q", "valid_i")]
    [InlineData("queue_formal", SkidBuffer, "skid_buffer.sv", "spare_valid_q ? spare_q : data_i", "data_i")]
    [InlineData("queue_formal", Fifo, "fifo.sv", "assign ready_o = (count_q != Full)", "assign ready_o = 1'b1")]
    [InlineData("queue_formal", Fifo, "fifo.sv", "read_addr_q == LastAddr", "read_addr_q == '0")]
    [InlineData("credit_counter_formal", "", "credit_counter.sv", "left_q >= Width'(Spend)", "left_q != '0")]
    [InlineData("width_converter_formal", "", "width_converter.sv", "assign ready_o = !full || ready_i;", "assign ready_o = 1'b1;")]
    [InlineData("width_converter_formal", "InLanes=4 OutLanes=2 Numbers=8", "width_converter.sv", "data_q >> (8*OutLanes)", "data_q")]
    [InlineData("stream_fork_formal", "", "stream_fork.sv", "valid_i && !a_done_q", "valid_i")]
    [InlineData("serializer_formal", "", "serializer.sv", "data_q >> OutWidth", "data_q")]
    [InlineData("frame_marker_formal", "", "frame_marker.sv", "last_o ? '0 : beat_q + 1'b1", "beat_q + 1'b1")]
    [InlineData("window_reader_formal", WholeWindow, "line_buffer.sv", "(held_q != SlotWidth'(Rows))", "1'b1")]
    [InlineData("window_reader_formal", WholeWindow, "window_reader.sv", "y_q      <= YWidth'(-PadTop);", "y_q      <= -YWidth'(PadTop);")]
    [InlineData("window_reader_formal", Kernel3, "window_reader.sv", "SlotWidth'(next_oldest - oldest) : '0", "SlotWidth'(Stride) : '0")]
    [InlineData("control_port_formal", "", "control_port.sv", "assign s_axil_awready = !aw_full_q", "assign s_axil_awready = 1'b1")]
    [InlineData("control_port_formal", "", "control_port.sv", "aw_full_q && w_full_q && (!s_axil_bvalid || s_axil_bready)", "aw_full_q && w_full_q")]
    [InlineData("control_port_formal", "", "control_port.sv", "assign s_axil_arready = !s_axil_rvalid || s_axil_rready", "assign s_axil_arready = 1'b1")]
    [InlineData("control_port_formal", "", "control_port.sv", "attempt && any_selected_q && !busy", "attempt && !busy")]
    [InlineData("max_pool_formal", "", "max_pool_stage.sv", ".Credits     (QueueDepth)", ".Credits     (QueueDepth + 1)")]
    public async Task A_mutant_is_refuted(string harness, string parameters, string cell, string right, string wrong)
    {
        var verdict = await Check(harness, parameters, ModelChecker.Search(40), mutant: new Mutant(cell, right, wrong));
        Assert.True(verdict.RefutedAt is not null, verdict.Text);
    }

    /// <summary>
    /// A generated pipeline of a pool, a pointwise layer and a residual add, with TLAST: the rules of its stream for ever, and for longer than
    /// a frame takes that no beat is lost or invented and no check of a cell fails.
    /// </summary>
    [Fact]
    public async Task A_generated_pipeline_keeps_the_rules_of_its_stream()
    {
        ModelChecker.RequireTools();
        var network = new RandomNetwork(seed: 1, frames: 1, channels: 1, height: 3, width: 2).MaxPool(2, 1);
        string skip = network.Last;
        network.Pointwise(1).Add(skip);
        var netlist = new PipelineNetlist(network.Stages, network.RandomFoldings());
        var (input, output) = (netlist.Streams[netlist.Input], netlist.Streams[netlist.Output]);
        string folder = _folder["net"];
        NetworkFolder.Write(netlist, network.Vectors(), folder, Cancellation);
        string data = Path.Combine(folder, "data");
        SourceFile[] top = [NetworkSources.TopOf(netlist, "net")];
        string parameters = $"InLanes={input.Lanes} InBeats={input.FrameBeats} OutLanes={output.Lanes} OutBeats={output.FrameBeats}";
        const int cycles = 90;

        var reached = await Run(ModelChecker.Search(cycles), "COVER");
        Assert.True(reached.RefutedAt is not null, reached.Text);
        // Long enough for a frame to come, and then for all of the pipeline to become quiet.
        int latency = reached.RefutedAt.Value;
        parameters += $" Quiet={latency}";
        var counted = await Run(ModelChecker.Search(latency + (int)input.FrameBeats + 5), "COUNTED");
        Assert.True(counted.RefutedAt is null, counted.Text);
        var broken = await Run(ModelChecker.Search(cycles), "COUNTED", new Mutant("fifo.sv", "assign valid_o = (count_q != '0);", "assign valid_o = 1'b1;"));
        Assert.True(broken.RefutedAt is not null, broken.Text);
        // The rules of the stream alone: what cells check of each other is left out.
        var always = await Run(ModelChecker.Prove, "SYNTHESIS");
        Assert.True(always.Proved, always.Text);

        Task<Verdict> Run(string engine, string define, Mutant? mutant = null) =>
            new ModelChecker(_folder.Path).CheckAsync("stream_formal", parameters, engine, define, mutant, top, data, Cancellation);
    }

    private Task<Verdict> Check(string harness, string parameters, string engine, string define = "", Mutant? mutant = null)
    {
        ModelChecker.RequireTools();
        return new ModelChecker(_folder.Path).CheckAsync(harness, parameters, engine, define, mutant, cancellation: Cancellation);
    }
}
