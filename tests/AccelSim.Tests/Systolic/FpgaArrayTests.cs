using AccelSim.Platforms;
using AccelSim.Systolic;
using AccelSim.Systolic.Memory;

namespace AccelSim.Tests.Systolic;

public sealed class FpgaArrayTests
{
    public static TheoryData<string> Boards => [.. PlatformCatalog.Open().All().OfType<FpgaPlatform>().Select(board => board.Name)];

    [Theory]
    [MemberData(nameof(Boards))]
    public void The_array_that_fits_a_board_stays_in_its_budget_and_no_larger_one_does(string name)
    {
        var board = (FpgaPlatform)PlatformCatalog.Open().Find(name);
        var budget = BudgetOf(board);
        var costs = FpgaArrayCosts.For(budget.Int8MacsPerDsp);
        var fit = FpgaArray.Largest(name, budget, costs, board.ClockHertz.Value, board.Dram.BytesPerSecond.Value);
        Assert.InRange(fit.Dsps, 1, (long)(budget.Dsps * costs.Fill));
        Assert.InRange(fit.Luts, 1, (long)(budget.Luts * costs.Fill));
        Assert.InRange(fit.BlockRams, 1, (long)(budget.BlockRams * costs.Fill));
        Assert.InRange(fit.Array.Memory.Levels.Where(level => !level.CanHold(MemoryContents.PartialSums)).Sum(level => level.Bytes), 1024, (long)board.Fabric.OnChipBytes);
        // The search found what it says: one slice less, and its own slices are too few.
        var less = budget with { Dsps = (long)Math.Ceiling(fit.Dsps / costs.Fill) - 1, Luts = (long)Math.Ceiling(fit.Luts / costs.Fill) - 1 };
        var smaller = FpgaArray.Largest(name, less, costs, 1e8, 1e9);
        Assert.True(smaller.Array.MacsPerCycle < fit.Array.MacsPerCycle, $"{smaller.Array.Describe()} also fits");
    }

    [Theory]
    [InlineData("zcu102", 80, 48, "DSP slices")]
    [InlineData("alveo-u250", 185, 104, "DSP slices")]
    [InlineData("ultra96", 32, 16, "DSP slices")]
    [InlineData("ecp5-85f", 13, 8, "DSP slices")]
    public void The_shipped_boards_take_these_arrays(string name, int rows, int columns, string limit)
    {
        var board = (FpgaPlatform)PlatformCatalog.Open().Find(name);
        var budget = BudgetOf(board);
        var fit = FpgaArray.Largest(name, budget, FpgaArrayCosts.For(budget.Int8MacsPerDsp), board.ClockHertz.Value, board.Dram.BytesPerSecond.Value);
        Assert.Equal((rows, columns, limit), (fit.Array.Rows, fit.Array.Columns, fit.LimitedBy));
    }

    // An exhaustive search over every shape, written apart from the product.
    [Fact]
    public void The_search_finds_the_largest_of_all_shapes()
    {
        var random = new Random(6);
        for (int round = 0; round < 300; round++)
        {
            var budget = new FpgaBudget(random.Next(4, 300), random.Next(1, 3), random.Next(200, 8000), random.Next(8, 60), 36 * 1024);
            var costs = new FpgaArrayCosts(random.Next(10, 70), random.Next(0, 3), random.Next(0, 100), 0.5 + random.NextDouble() / 2);
            long best = 0;
            for (int rows = 1; rows <= 40; rows++)
            {
                for (int columns = budget.Int8MacsPerDsp; columns <= 40; columns += budget.Int8MacsPerDsp)
                {
                    double dsps = Math.Ceiling(rows * columns / (double)budget.Int8MacsPerDsp) + costs.DspsPerColumn * columns;
                    double luts = costs.FixedLuts + Math.Ceiling(rows * columns * costs.LutsPerMac);
                    double rams = 2 * (Math.Ceiling(rows / 8.0) + Math.Ceiling(columns / 8.0) + Math.Ceiling(columns / 2.0));
                    bool fits = dsps <= budget.Dsps * costs.Fill && luts <= budget.Luts * costs.Fill && rams <= budget.BlockRams * costs.Fill;
                    if (fits && rows <= 2 * columns && columns <= 2 * rows)
                        best = Math.Max(best, rows * columns);
                }
            }
            if (best == 0)
                Assert.Throws<ArrayConfigurationException>(() => FpgaArray.Largest("random", budget, costs, 1e8, 1e9));
            else
                Assert.Equal(best, FpgaArray.Largest("random", budget, costs, 1e8, 1e9).Array.MacsPerCycle);
        }
    }

    [Fact]
    public void A_device_without_multipliers_is_told_what_it_lacks()
    {
        var budget = new FpgaBudget(0, 1, 7680, 32, 4096);
        var error = Assert.Throws<ArrayConfigurationException>(() => FpgaArray.Largest("ice40", budget, FpgaArrayCosts.Plain, 48e6, 1e6));
        Assert.Equal("No array fits 'ice40': a single processing element lacks DSP slices.", error.Message);
    }

    private static FpgaBudget BudgetOf(FpgaPlatform board) => new(
        board.Fabric.Dsps.Value,
        (int)board.Fabric.Int8MacsPerDsp.Value,
        board.Fabric.Luts.Value,
        board.Fabric.BlockRams.Value,
        board.Fabric.BlockRamBits.Value,
        (board.Fabric.UltraRams?.Value ?? 0) * (board.Fabric.UltraRamBits?.Value ?? 0) / 8);
}
