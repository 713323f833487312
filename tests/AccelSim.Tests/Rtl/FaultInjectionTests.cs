using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl;

/// <summary>A fault anywhere must fail, at the right layer.</summary>
public sealed class FaultInjectionTests : IDisposable
{
    private static readonly BlockFolding Folding = new(2, 9, 2, 2);

    private readonly ScratchFolder _folder = new();
    private readonly RandomBlock _sample = new(new BlockShape(4, 5, 4, 6, 3, 1, Padding.All(1)), seed: 11, frames: 2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_flipped_golden_byte_of_the_depthwise_result_fails_there_and_is_located()
    {
        var golden = _sample.Vectors();
        // Frame 1, channel 2, row 3, column 4.
        int index = ((1 * 4 + 2) * 4 + 3) * 5 + 4;
        var report = await Run(_sample.Graph, golden with { DepthwiseResult = Flip(golden.DepthwiseResult, index) });
        Assert.Equal("FAIL mismatches", report.Verdict);
        Assert.Equal(1, report.Depthwise.Mismatches);
        Assert.Equal(0, report.Pointwise.Mismatches);
        sbyte right = golden.DepthwiseResult.Int8[index];
        Assert.Equal(new Mismatch(1, 2, 3, 4, (sbyte)(right ^ 1), right), report.Depthwise.First);
    }

    [Fact]
    public async Task A_flipped_golden_byte_of_the_output_fails_there_and_is_located()
    {
        var golden = _sample.Vectors();
        var report = await Run(_sample.Graph, golden with { Result = Flip(golden.Result, 0) });
        Assert.False(report.Passed);
        Assert.Equal(0, report.Depthwise.Mismatches);
        Assert.Equal(1, report.Pointwise.Mismatches);
        sbyte right = golden.Result.Int8[0];
        Assert.Equal(new Mismatch(0, 0, 0, 0, (sbyte)(right ^ 1), right), report.Pointwise.First);
    }

    [Theory]
    [InlineData("dw")]
    [InlineData("pw")]
    public async Task A_flipped_weight_bit_fails_at_its_layer(string layer)
    {
        var weights = _sample.Graph.Constants[$"{layer}/w"].Value;
        sbyte[] altered = weights.Int8.ToArray();
        altered[5] ^= 32;
        var report = await Run(_sample.Graph.WithData(new Dictionary<string, Tensor> { [$"{layer}/w"] = Tensor.Of(weights.Shape, altered) }), _sample.Vectors());
        AttributedTo(layer, report);
    }

    [Theory]
    [InlineData("dw")]
    [InlineData("pw")]
    public async Task A_changed_multiplier_fails_at_its_layer(string layer)
    {
        var convolution = (Convolution)_sample.Graph.LayerNamed(layer).Operator;
        var requantization = convolution.Integer!.Requantization;
        int channel = Enumerable.Range(0, requantization.Multiplier.Length).First(c => requantization.Multiplier[c] != 0 && requantization.Shift[c] is > 1 and < 62);
        int changed = requantization.Multiplier[channel] ^ 1 << (requantization.MultiplierBits - 2);
        var integer = convolution.Integer with { Requantization = requantization with { Multiplier = requantization.Multiplier.SetItem(channel, changed) } };
        var layers = _sample.Graph.Layers.Select(other => other.Name == layer ? other with { Operator = convolution with { Integer = integer } } : other);
        var report = await Run(new LayerGraph("altered", _sample.Graph.Inputs, _sample.Graph.Constants.Values, layers, _sample.Graph.Outputs), _sample.Vectors());
        AttributedTo(layer, report);
    }

    /// <summary>The emitted folder with its top edited: hardware that is wrong in how much it gives.</summary>
    [Theory]
    [InlineData(".OutHeight         (4)", ".OutHeight         (3)", "too few beats")]
    [InlineData(".OutHeight         (4)", ".OutHeight         (5)", "a beat too many")]
    [InlineData(".valid_i       (valid_i)", ".valid_i       (1'b0)", "deadlock")]
    public async Task Too_few_beats_too_many_and_a_deadlock_fail(string right, string wrong, string reason)
    {
        var result = await RunEdited("rtl/dsc_top.sv", right, wrong);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("FAIL", result.Output);
        Assert.Contains(reason, result.Output);
    }

    /// <summary>The rings are as deep as they must be and no deeper: with one place fewer the bytes are right, but not the cycles.</summary>
    [Theory]
    [InlineData("PixelSlots")]
    [InlineData("QueueDepth")]
    public async Task One_place_too_few_in_a_ring_costs_cycles(string ring)
    {
        var design = new BlockDesign(_sample.Block.Shape, AllAtOnce);
        int depth = ring == "PixelSlots" ? design.PixelSlots : design.QueueDepth;
        var cycles = CycleModel.Predict(design, 2);
        var full = await RunEdited("rtl/dsc_top.sv", $".{ring}        ({depth})", $".{ring}        ({depth})", AllAtOnce);
        Assert.Contains($"frame=1 end={cycles.FrameEnds[1]}\n", full.Output);
        var less = await RunEdited("rtl/dsc_top.sv", $".{ring}        ({depth})", $".{ring}        ({depth - 1})", AllAtOnce);
        Assert.Contains("\nPASS\n", less.Output);
        Assert.DoesNotContain($"frame=1 end={cycles.FrameEnds[1]}\n", less.Output);
    }

    /// <summary>A pixel a cycle, where a late credit shows.</summary>
    private static readonly BlockFolding AllAtOnce = new(4, 9, 4, 6);

    [Fact]
    public async Task A_missing_golden_beat_fails()
    {
        var result = await RunEdited("data/golden.hex", null, "");
        Assert.Contains("FAIL golden.hex ends early", result.Output);
    }

    private static void AttributedTo(string layer, CoSimulationReport report)
    {
        Assert.False(report.Passed);
        // A fault in the depthwise layer is seen downstream too; one in the pointwise layer is not seen upstream.
        Assert.Equal(layer == "dw", report.Depthwise.Mismatches > 0);
        if (layer == "pw")
            Assert.True(report.Pointwise.Mismatches > 0);
    }

    private async Task<CoSimulationReport> Run(LayerGraph graph, BlockVectors golden)
    {
        RequiredTools.RequireIcarus();
        return await new CoSimulator(new IcarusSimulator(_folder.Path)).RunAsync(
            DepthwiseSeparableBlock.FindIn(graph).Single(), Folding, golden, cancellation: Cancellation);
    }

    /// <summary>Edits a file of the emitted folder (a null <paramref name="right"/> drops its last line) and runs <c>make icarus</c>.</summary>
    private async Task<ToolResult> RunEdited(string file, string? right, string wrong, BlockFolding? folding = null)
    {
        RequiredTools.RequireIcarus();
        RequiredTools.Require(ExternalTool.Make);
        string target = _folder["block"];
        BlockFolder.Write(_sample.Block, folding ?? Folding, _sample.Vectors(), target);
        string path = Path.Combine(target, file);
        string text = await File.ReadAllTextAsync(path, Cancellation);
        if (right is not null)
            Assert.Contains(right, text);
        text = right is not null ? text.Replace(right, wrong, StringComparison.Ordinal) : text[..(text.TrimEnd().LastIndexOf('\n') + 1)];
        await File.WriteAllTextAsync(path, text, Cancellation);
        return await ExternalTool.Make.RunAsync(["icarus"], target, TimeSpan.FromMinutes(2), cancellation: Cancellation);
    }

    private static Tensor Flip(Tensor tensor, int index)
    {
        sbyte[] data = tensor.Int8.ToArray();
        data[index] ^= 1;
        return Tensor.Of(tensor.Shape, data);
    }
}
