using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl;

/// <summary>
/// The generated hardware against plain loops, in Icarus Verilog (four-valued, so an unset register shows as X): every byte of
/// both layers without and with random stalls, and cycles equal to the model's.
/// </summary>
public sealed class CoSimulationTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>Shapes by hand: what is at the edge of what is allowed.</summary>
    public static TheoryData<string, BlockShape, BlockFolding> Corners => new()
    {
        { "one pixel", new(1, 1, 4, 4, 3, 1, Padding.All(1)), new(2, 3, 2, 2) },
        { "one pixel, all at once", new(1, 1, 2, 3, 3, 1, Padding.All(1)), new(2, 9, 2, 3) },
        { "one row", new(1, 9, 2, 4, 3, 1, Padding.All(1)), new(1, 9, 2, 2) },
        { "one column, stride 2", new(9, 1, 2, 4, 3, 2, Padding.All(1)), new(2, 3, 1, 4) },
        { "no padding", new(5, 6, 3, 2, 3, 1, Padding.None), new(3, 9, 3, 1) },
        { "stride 2 leaves rows and columns unread", new(8, 8, 2, 2, 3, 2, Padding.None), new(1, 9, 1, 2) },
        { "stride 2, padding below and right only", new(6, 8, 4, 4, 3, 2, new(0, 1, 0, 1)), new(2, 9, 4, 2) },
        { "5×5", new(6, 7, 2, 4, 5, 1, Padding.All(2)), new(2, 25, 2, 4) },
        { "5×5 stride 2, a column of taps", new(9, 8, 2, 2, 5, 2, Padding.All(2)), new(1, 5, 2, 1) },
        { "5×5 stride 2, window, four paddings", new(7, 6, 2, 3, 5, 2, new(4, 0, 1, 3)), new(2, 25, 1, 3) },
        { "all padding it may have", new(2, 3, 2, 2, 3, 1, Padding.All(2)), new(2, 9, 2, 2) },
        { "wide depthwise, narrow reader", new(3, 4, 8, 2, 3, 1, Padding.All(1)), new(8, 9, 2, 1) },
        { "narrow depthwise, wide reader", new(3, 4, 8, 8, 3, 1, Padding.All(1)), new(1, 9, 8, 8) },
        { "one multiplier each", new(3, 3, 3, 2, 3, 1, Padding.All(1)), BlockFolding.Serial },
        { "result lanes fewer than engine lanes", new(4, 4, 12, 12, 3, 1, Padding.All(1)), new(6, 1, 3, 12) },
        { "tables after both", new(4, 5, 4, 4, 3, 1, Padding.All(1)) { DepthwiseTable = true, PointwiseTable = true }, new(2, 9, 2, 2) },
        { "table between, 5×5", new(5, 5, 4, 2, 5, 2, Padding.All(2)) { DepthwiseTable = true }, new(4, 5, 2, 2) },
        { "31-bit multipliers", new(3, 5, 4, 4, 3, 1, Padding.All(1)) { DepthwiseMultiplierBits = 31, PointwiseMultiplierBits = 31 }, new(2, 3, 4, 4) },
        { "8-bit multipliers", new(3, 5, 4, 4, 3, 1, Padding.All(1)) { DepthwiseMultiplierBits = 8, PointwiseMultiplierBits = 8 }, new(2, 3, 4, 4) },
        { "7×7, a column of taps", new(8, 9, 2, 2, 7, 2, Padding.All(3)), new(2, 7, 1, 2) },
        { "two products a multiplier, one term", new(4, 4, 4, 6, 3, 1, Padding.All(1)), new(2, 3, 1, 2) { Packed = true } },
        { "two products a multiplier, five terms, 9-bit weights", new(4, 4, 10, 4, 3, 1, Padding.All(1)) { PointwiseWeightBits = 9 }, new(2, 9, 5, 4) { Packed = true } },
        { "weight zero points", new(4, 4, 4, 4, 3, 1, Padding.All(1)) { DepthwiseWeightBits = 9, PointwiseWeightBits = 9 }, new(4, 9, 2, 4) },
    };

    [Theory]
    [MemberData(nameof(Corners))]
    public async Task Corner_shapes_are_exact_in_bytes_and_cycles(string name, BlockShape shape, BlockFolding folding) =>
        await Exact(new RandomBlock(shape, seed: name.Length, frames: 3), folding);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Random_blocks_with_random_foldings_are_exact_in_bytes_and_cycles(int seed)
    {
        var random = new Random(seed);
        int kernel = random.Next(2) == 0 ? 3 : 5;
        var padding = new Padding(random.Next(kernel), random.Next(kernel), random.Next(kernel), random.Next(kernel));
        int Side(int pads) => Math.Max(1, random.Next(kernel - pads, kernel + 5));
        var shape = new BlockShape(
            Math.Max(Side(padding.Top + padding.Bottom), kernel - padding.Top - padding.Bottom),
            Math.Max(Side(padding.Left + padding.Right), kernel - padding.Left - padding.Right),
            random.Next(2, 13), random.Next(1, 13), kernel, random.Next(1, 3), padding)
        {
            DepthwiseTable = random.Next(3) == 0,
            PointwiseTable = random.Next(3) == 0,
            DepthwiseMultiplierBits = random.Next(8, 32),
            PointwiseMultiplierBits = random.Next(8, 32),
            DepthwiseWeightBits = random.Next(8, 10),
            PointwiseWeightBits = random.Next(8, 10),
        };
        int[] taps = [1, kernel, kernel * kernel];
        BlockFolding folding;
        do
            folding = new BlockFolding(Divisor(shape.Channels), taps[random.Next(3)], Divisor(shape.Channels), Divisor(shape.OutChannels));
        while (folding.DepthwiseResultLanes(shape) == 0);
        folding = folding with { Packed = folding.PwOut % 2 == 0 && random.Next(2) == 0 };
        await Exact(new RandomBlock(shape, seed, frames: 2), folding);

        int Divisor(int number)
        {
            int[] all = [.. Enumerable.Range(1, number).Where(divisor => number % divisor == 0)];
            return all[random.Next(all.Length)];
        }
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(200, 0)]
    [InlineData(128, 128)]
    [InlineData(250, 20)]
    [InlineData(20, 250)]
    public async Task Stalls_on_either_side_change_no_byte(int source, int sink)
    {
        RequiredTools.RequireIcarus();
        var sample = new RandomBlock(new BlockShape(5, 4, 4, 6, 3, 1, Padding.All(1)), seed: 3, frames: 3);
        var vectors = sample.Vectors();
        var simulator = new CoSimulator(new IcarusSimulator(_folder.Path));
        for (int seed = 1; seed <= 3; seed++)
        {
            var report = await simulator.RunAsync(sample.Block, new BlockFolding(2, 9, 2, 3), vectors, new StallPattern(source, sink, seed), Cancellation);
            Assert.True(report.Passed, $"stalls {source}/{sink} seed {seed}: {report}");
            Assert.Equal(3 * 6 * 20, report.Pointwise.Elements);
            Assert.False(report.Unstalled);
        }
    }

    private async Task Exact(RandomBlock sample, BlockFolding folding)
    {
        RequiredTools.RequireIcarus();
        var vectors = sample.Vectors();
        var simulator = new CoSimulator(new IcarusSimulator(_folder.Path));
        var free = await simulator.RunAsync(sample.Block, folding, vectors, cancellation: Cancellation);
        string place = $"{sample.Block.Shape}, {folding}, seed {sample.Seed}";
        Assert.True(free.Passed, $"{place}: {free}");
        Assert.Equal(vectors.Result.Shape.Elements, free.Pointwise.Elements);
        Assert.Equal(vectors.DepthwiseResult.Shape.Elements, free.Depthwise.Elements);
        Assert.True(free.CyclesAsPredicted, $"{place}: measured {Text(free.Measured!)}, predicted {Text(free.Predicted)}");
        var stalled = await simulator.RunAsync(sample.Block, folding, vectors, new StallPattern(90, 90, sample.Seed), Cancellation);
        Assert.True(stalled.Passed, $"{place}, stalled: {stalled}");
        Assert.True(stalled.Measured!.Frame >= free.Measured!.Frame);
    }

    private static string Text(BlockCycles cycles) => $"first output {cycles.FirstOutput}, ends {string.Join(", ", cycles.FrameEnds)}";
}
