using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl;

/// <summary>The folder that an engineer takes away.</summary>
public sealed class BlockFolderTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly ScratchFolder _folder = new();
    private readonly RandomBlock _sample = new(new BlockShape(4, 4, 2, 4, 3, 1, Padding.All(1)), seed: 5, frames: 2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Make_runs_both_simulators_without_us()
    {
        RequiredTools.RequireVerilator();
        RequiredTools.RequireIcarus();
        string target = Write(new BlockFolding(2, 3, 2, 2));
        foreach (string goal in new[] { "sim", "icarus" })
        {
            var result = await ExternalTool.Make.RequireSuccessAsync([goal, "ARGS=+in_stall=40 +out_stall=90 +resets=400 +seed=7"], target, Patience, cancellation: Cancellation);
            Assert.Contains("\nPASS\n", result.Output);
            Assert.Contains("layer=pw elements=128 mismatches=0", result.Output);
        }
        // Same random numbers, same cycles: the simulators agree on everything that was printed.
        Assert.Equal(Printed("sim"), Printed("icarus"));

        string[] Printed(string log) => [.. File.ReadAllLines(Path.Combine(target, "build", $"{log}.log")).Where(line => line.Contains('=', StringComparison.Ordinal))];
    }

    /// <summary>A goal whose program is missing says where to get it.</summary>
    [Theory]
    [InlineData("synth-ecp5", "yosys is not installed; it is in the Debian package yosys")]
    [InlineData("pnr-ice40", "yosys is not installed; it is in the Debian package yosys")]
    [InlineData("asic", "yosys is not installed; it is in the Debian package yosys")]
    public async Task A_missing_program_is_named_with_its_package(string goal, string message)
    {
        RequiredTools.Require(ExternalTool.Make);
        var make = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "make")).First(File.Exists);
        var result = await ExternalTool.RunProcessAsync(make, [goal], Write(BlockFolding.Serial), Patience, new Dictionary<string, string> { ["PATH"] = _folder.Path }, Cancellation);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(message, result.Error);
    }

    [Fact]
    public void The_readme_states_folding_and_predicted_cycles()
    {
        var folding = new BlockFolding(2, 3, 2, 2);
        string readme = File.ReadAllText(Path.Combine(Write(folding), "README.md"));
        var cycles = CycleModel.Predict(new BlockDesign(_sample.Block.Shape, folding), 4);
        Assert.Contains($"| one frame | {cycles.Frame} cycles |", readme);
        Assert.Contains($"| frames back to back | {cycles.Interval} cycles each |", readme);
        Assert.Contains("2 channels x 3 taps at once", readme);
        Assert.DoesNotContain("{{", readme);
    }

    [Fact]
    public void A_folder_of_ours_is_replaced_and_nothing_is_left_beside_it()
    {
        string target = Write(BlockFolding.Serial);
        File.WriteAllText(Path.Combine(target, "data", "stale.hex"), "00");
        Write(new BlockFolding(2, 3, 2, 2));
        Assert.False(File.Exists(Path.Combine(target, "data", "stale.hex")));
        Assert.Equal([target], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_folder_of_someone_else_is_left_alone()
    {
        string target = _folder["block"];
        Directory.CreateDirectory(target);
        File.WriteAllText(Path.Combine(target, "thesis.tex"), "42");
        var error = Assert.Throws<RtlException>(() => Write(BlockFolding.Serial));
        Assert.Equal($"The folder '{target}' holds something that was not generated here (it has no .accelsim-block): name another, or empty it.", error.Message);
        Assert.Equal("42", File.ReadAllText(Path.Combine(target, "thesis.tex")));
    }

    [Fact]
    public void A_failure_leaves_no_folder()
    {
        var vectors = _sample.Vectors();
        Assert.Throws<FoldingException>(() => BlockFolder.Write(_sample.Block, new BlockFolding(3, 1, 1, 1), vectors, _folder["block"]));
        var error = Assert.Throws<RtlException>(() => BlockFolder.Write(_sample.Block, BlockFolding.Serial, vectors with { Input = vectors.Result }, _folder["block"]));
        Assert.Equal("The input of random dw must be int8 2×2×4×4, but is Int8 2×4×4×4.", error.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    private string Write(BlockFolding folding)
    {
        BlockFolder.Write(_sample.Block, folding, _sample.Vectors(), _folder["block"]);
        return _folder["block"];
    }
}
