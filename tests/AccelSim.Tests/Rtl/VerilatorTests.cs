using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl;

/// <summary>The driver with the simulator that verify uses; what only Verilator shows, and the cache.</summary>
public sealed class VerilatorTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>Equal shape and folding, other weights and clamps: one build. Another folding: another build.</summary>
    [Fact]
    public async Task Blocks_of_equal_shape_share_a_build_and_are_exact()
    {
        RequiredTools.RequireVerilator();
        var shape = new BlockShape(10, 9, 8, 12, 5, 2, Padding.All(2)) { DepthwiseTable = true };
        var folding = new BlockFolding(4, 25, 8, 6);
        // At once, on one cache: the second waits for the first's build instead of repeating it.
        var reports = await Task.WhenAll(Enumerable.Range(1, 3).Select(seed => Run(new RandomBlock(shape, seed, frames: 2), folding, StallPattern.None)));
        Assert.All(reports, report => Assert.True(report.Passed && report.CyclesAsPredicted, report.ToString()));
        Assert.Equal(2, reports.Count(report => report.FromCache));
        var stalled = await Run(new RandomBlock(shape, 9, frames: 4), folding, new StallPattern(100, 60, 5));
        Assert.True(stalled.Passed && stalled.FromCache, stalled.ToString());
        Assert.Single(Directory.EnumerateDirectories(_folder["rtl"]));
    }

    /// <summary>A block of the size that networks have, all of a folding's kinds of parallelism in use.</summary>
    [Fact]
    public async Task A_block_of_real_size_is_exact_in_bytes_and_cycles()
    {
        RequiredTools.RequireVerilator();
        var shape = new BlockShape(28, 28, 32, 64, 3, 2, new Padding(0, 1, 0, 1));
        var report = await Run(new RandomBlock(shape, 4, frames: 2), FoldingSearch.Best(shape, 100), StallPattern.None);
        Assert.True(report.Passed && report.CyclesAsPredicted, report.ToString());
        Assert.Equal(2 * 14 * 14 * 64, report.Pointwise.Elements);
    }

    [Fact]
    public async Task A_failed_build_is_not_published()
    {
        var cache = new SimulationCache(_folder.Path);
        await Assert.ThrowsAsync<InvalidOperationException>(() => cache.GetAsync("key", (work, _) => throw new InvalidOperationException(work), Cancellation));
        var (built, found) = await cache.GetAsync("key", (work, token) => File.WriteAllTextAsync(Path.Combine(work, "a"), "b", token), Cancellation);
        Assert.False(found);
        Assert.Equal("b", await File.ReadAllTextAsync(Path.Combine(built, "a"), Cancellation));
        Assert.True((await cache.GetAsync("key", (_, _) => throw new InvalidOperationException(), Cancellation)).Found);
        Assert.Single(Directory.EnumerateDirectories(_folder["rtl"]));
    }

    private Task<CoSimulationReport> Run(RandomBlock sample, BlockFolding folding, StallPattern stalls)
    {
        _simulator ??= new CoSimulator(new VerilatorSimulator(new SimulationCache(_folder.Path)));
        return _simulator.RunAsync(sample.Block, folding, sample.Vectors(), stalls, Cancellation);
    }

    private CoSimulator? _simulator;
}
