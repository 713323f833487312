using AccelSim.Platforms;
using AccelSim.Studies.Compare;
using AccelSim.Systolic;
using AccelSim.Systolic.Fpga;

namespace AccelSim.Tests.Systolic;

public sealed class FpgaArrayTests
{
    public static TheoryData<string> Boards => [.. PlatformCatalog.Open().All().OfType<FpgaPlatform>().Select(board => board.Name)];

    [Theory]
    [MemberData(nameof(Boards))]
    public void The_array_that_fits_a_board_stays_in_its_budget_and_no_larger_one_does(string name)
    {
        var board = (FpgaPlatform)PlatformCatalog.Open().Find(name);
        FpgaBudget budget = PlatformModels.Budget(board);
        FpgaArray fit = PlatformModels.LargestArray(board);
        Assert.Empty(fit.Use.Missing(budget));
        Assert.Equal(fit.Use, FpgaArray.UseOf(fit.Array.Rows, fit.Array.Columns, budget));
        Assert.InRange(fit.Array.Memory.Levels.Sum(level => level.Bytes), 256, (long)board.Fabric.OnChipBytes);
        Assert.InRange(fit.Array.ClockHz / board.ClockHertz.Value, 0.9, 1.21);
        // The search found what it says: with one less of what binds, the array does not fit.
        FpgaBudget less = budget with
        {
            Dsps = Fewest(fit.Use.Dsps), Luts = Fewest(fit.Use.Luts), Registers = Fewest(fit.Use.Registers),
            BlockRams = Fewest(fit.Use.BlockPrimitives) / budget.Primitives.Block.PerReportedBlock,
        };
        Assert.NotEmpty(fit.Use.Missing(less));

        long Fewest(long used) => (long)Math.Ceiling(used / budget.Fill) - 1;
    }

    [Theory]
    [InlineData("zcu102", 80, 48, "DSP slices")]
    [InlineData("alveo-u250", 185, 104, "DSP slices")]
    [InlineData("ultra96", 32, 16, "DSP slices")]
    [InlineData("ecp5-85f", 13, 8, "DSP slices")]
    [InlineData("zynq-7020", 14, 11, "DSP slices")]
    [InlineData("ice40up5k", 2, 2, "DSP slices and block RAMs")]
    public void The_shipped_boards_take_these_arrays(string name, int rows, int columns, string limit)
    {
        FpgaArray fit = PlatformModels.LargestArray((FpgaPlatform)PlatformCatalog.Open().Find(name));
        Assert.Equal((rows, columns, limit), (fit.Array.Rows, fit.Array.Columns, fit.LimitedBy));
    }

    // An exhaustive search over every shape, with costs written apart from the product.
    [Fact]
    public void The_search_finds_the_largest_of_all_shapes()
    {
        var random = new Random(6);
        for (int round = 0; round < 100; round++)
        {
            FpgaPrimitives family = (round % 3) switch { 0 => FpgaPrimitives.UltraScalePlus, 1 => FpgaPrimitives.Series7, _ => FpgaPrimitives.Ecp5 };
            var budget = new FpgaBudget(family, random.Next(4, 300), random.Next(6000, 30000), random.Next(2000, 40000), random.Next(10, 90)) { Fill = 0.5 + random.NextDouble() / 2 };
            long best = 0;
            for (int rows = 1; rows <= 40; rows++)
            {
                for (int columns = family.Int8MacsPerDsp; columns <= 40; columns += family.Int8MacsPerDsp)
                {
                    int macs = rows * columns;
                    double dsps = Math.Ceiling(macs / (double)family.Int8MacsPerDsp) + 2 * columns;
                    double luts = 5000 + Math.Ceiling(macs * family.LutsPerMac) + columns * family.Requantizer.Luts;
                    double registers = Math.Ceiling(macs * family.RegistersPerMac) + columns * family.Requantizer.Registers;
                    // Codes in 1,024 × 18, or half of that; sums in 1,024 × 18 as well.
                    double blocks = Columns(rows * 8) + Columns(columns * 8) + Columns(columns * 32);
                    bool fits = dsps <= budget.Dsps * budget.Fill && luts <= budget.Luts * budget.Fill && registers <= budget.Registers * budget.Fill
                        && blocks <= budget.BlockRams * family.Block.PerReportedBlock * budget.Fill;
                    if (fits && rows <= 2 * columns && columns <= 2 * rows)
                        best = Math.Max(best, macs);
                }
            }
            if (best == 0)
                Assert.Throws<ArrayConfigurationException>(() => FpgaArray.Largest("random", budget, 1e8, 1e9));
            else
                Assert.Equal(best, FpgaArray.Largest("random", budget, 1e8, 1e9).Array.MacsPerCycle);
        }

        static double Columns(int bits) => Math.Ceiling(bits / 18.0);
    }

    [Fact]
    public void Without_multipliers_products_are_made_of_look_up_tables()
    {
        FpgaArray fit = PlatformModels.LargestArray((FpgaPlatform)PlatformCatalog.Open().Find("ice40hx8k"));
        Assert.Equal(0, fit.Use.Dsps);
        Assert.True(fit.Use.Luts > fit.Array.MacsPerCycle * 200);
    }

    [Fact]
    public void A_device_too_small_is_told_what_it_lacks()
    {
        var error = Assert.Throws<ArrayConfigurationException>(() => FpgaArray.Largest("tiny", new FpgaBudget(FpgaPrimitives.Series7, 2, 4000, 8000, 2), 48e6, 1e6));
        Assert.Equal("No array fits 'tiny': a single processing element lacks DSP slices and LUTs and block RAMs.", error.Message);
    }

    // Every way to cut a word in columns of shapes, one column at a time.
    [Fact]
    public void A_memory_takes_the_fewest_blocks_of_all_ways_to_build_it()
    {
        var random = new Random(40);
        foreach (MemoryPrimitive block in (MemoryPrimitive[])[MemoryPrimitive.RamB18, MemoryPrimitive.UltraRam, MemoryPrimitive.Ram40, MemoryPrimitive.SpRam, MemoryPrimitive.Dp16Kd])
        {
            for (int round = 0; round < 60; round++)
            {
                (int depth, int width) = (random.Next(1, 9000), random.Next(1, 60));
                Assert.Equal(Fewest(block, depth, width), block.CountFor(depth, width));
            }
        }

        static long Fewest(MemoryPrimitive block, int depth, int width)
        {
            long best = long.MaxValue;
            Cut(0, width, 0);
            return best;

            void Cut(int shape, int left, long used)
            {
                if (left <= 0)
                    best = Math.Min(best, used);
                if (left <= 0 || shape == block.Shapes.Length || used >= best)
                    return;
                (int shapeDepth, int shapeWidth) = block.Shapes[shape];
                long rows = (long)Math.Ceiling(depth / (double)shapeDepth);
                for (int count = 0; count * shapeWidth < left + shapeWidth; count++)
                    Cut(shape + 1, left - (count * shapeWidth), used + (count * rows));
            }
        }
    }

    [Fact]
    public void Bits_alone_would_promise_a_memory_that_does_not_exist()
    {
        // 513 words of 37 bits are 18,981 bits, hardly more than one block of 18 kibit, yet they take more than two.
        Assert.Equal(3, MemoryPrimitive.RamB18.CountFor(513, 37));
        Assert.Equal(2, MemoryPrimitive.UltraRam.CountFor(1, 73));
    }

    // PG338 v1.2 Table 9, read from the published rows: the engine's shape is from the same guide's Table 2.
    [Theory]
    [InlineData("b512", 4, 8, 8)]
    [InlineData("b800", 4, 10, 10)]
    [InlineData("b1024", 8, 8, 8)]
    [InlineData("b1600", 8, 10, 10)]
    [InlineData("b2304", 8, 12, 12)]
    [InlineData("b4096", 8, 16, 16)]
    public void A_DPU_takes_the_slices_and_blocks_that_its_guide_says(string name, int pixels, int inputs, int outputs)
    {
        var rows = File.ReadLines(SharedData.Require("published/fpga.csv")).Select(line => line.Split(',')).Where(row => row[0] == "zcu102" && row[1] == $"dpu_{name}").ToList();
        var cost = new ChannelParallelCost(pixels, inputs, outputs);
        foreach (bool high in (bool[])[true, false])
        {
            Assert.Equal(Published("resource_dsp48", high), cost.Dsps(high));
            Assert.InRange(cost.BlockRams, Published("resource_bram36", high) - 0.5, Published("resource_bram36", high));
            Assert.InRange(cost.Luts(high) / Published("resource_lut", high), 0.86, 1.13);
            Assert.InRange(cost.Registers(high) / Published("resource_ff", high), 0.86, 1.16);
        }

        double Published(string metric, bool high) =>
            double.Parse(rows.Single(row => row[5] == metric && row[2].EndsWith(high ? "high" : "low", StringComparison.Ordinal))[6], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void The_clock_falls_as_the_device_fills()
    {
        double[] clocks = [.. Enumerable.Range(0, 11).Select(tenth => FpgaClock.At(300e6, tenth / 10.0))];
        Assert.Equal(clocks.OrderDescending(), clocks);
        Assert.Equal(300e6, FpgaClock.At(300e6, 0.75), 1);
    }
}
