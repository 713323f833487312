using AccelSim.Systolic;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.RegisterLevel;

namespace AccelSim.Tests.Systolic;

/// <summary>The register-level array against a naive matrix product, and the closed form against the register-level array.</summary>
public sealed class RegisterLevelTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<Dataflow, FoldSchedule> Machines
    {
        get
        {
            var data = new TheoryData<Dataflow, FoldSchedule>();
            foreach (var dataflow in Enum.GetValues<Dataflow>())
            {
                foreach (var schedule in Enum.GetValues<FoldSchedule>())
                    data.Add(dataflow, schedule);
            }
            return data;
        }
    }

    // 1500 random layers a machine: arrays of 1×1 to 9×9, ragged edges, groups, packs of every size that fits.
    [Theory]
    [MemberData(nameof(Machines))]
    public void Sums_cycles_and_edge_traffic_equal_oracle_and_closed_form(Dataflow dataflow, FoldSchedule schedule)
    {
        var random = new Random(1);
        for (int round = 0; round < 1500; round++)
        {
            int rows = random.Next(1, 10);
            int columns = random.Next(1, 10);
            var work = new MatrixWork(random.Next(4) == 0 ? random.Next(2, 9) : 1, random.Next(1, 24), random.Next(1, 24), random.Next(1, 16));
            int pack = random.Next(1, FoldGrid.LargestPack(work, rows, columns, dataflow) + 1);
            int longestStream = random.Next(2) == 0 ? int.MaxValue : random.Next(1, 24);
            Check(work, pack, rows, columns, dataflow, schedule, random, $"round {round}", longestStream);
        }
    }

    // Folds as wide as the arrays that ship.
    [Theory]
    [MemberData(nameof(Machines))]
    public void Larger_arrays_agree_too(Dataflow dataflow, FoldSchedule schedule)
    {
        var random = new Random(2);
        foreach ((int rows, int columns) in (ReadOnlySpan<(int, int)>)[(16, 16), (64, 64), (33, 7), (1, 64), (64, 1)])
        {
            Check(new MatrixWork(1, 70, 130, 75), 1, rows, columns, dataflow, schedule, random, "dense");
            var depthwise = new MatrixWork(40, 25, 9, 1);
            Check(depthwise, FoldGrid.LargestPack(depthwise, rows, columns, dataflow), rows, columns, dataflow, schedule, random, "depthwise");
        }
    }

    [Fact]
    public void A_full_serial_fold_takes_what_the_literature_says()
    {
        // 2R + C + T − 2 (Samajdar et al., SCALE-Sim, 2018).
        foreach (var dataflow in Enum.GetValues<Dataflow>())
        {
            var work = dataflow switch
            {
                Dataflow.WeightStationary => new MatrixWork(1, 20, 8, 5),
                Dataflow.InputStationary => new MatrixWork(1, 5, 8, 20),
                _ => new MatrixWork(1, 8, 20, 5),
            };
            Assert.Equal(2 * 8 + 5 + 20 - 2, ArrayCycles.Of(new FoldGrid(work, 1, 8, 5, dataflow), FoldSchedule.Serial).Total);
        }
    }

    [Fact]
    public void Pipelined_weights_hide_their_load_behind_a_long_stream()
    {
        var grid = new FoldGrid(new MatrixWork(1, 300, 256, 128), 1, 64, 64, Dataflow.WeightStationary);
        // Eight folds of 300 steps back to back, one load before and one drain after.
        Assert.Equal(64 + 8 * 300 + 64 + 64 - 2, ArrayCycles.Of(grid, FoldSchedule.Pipelined).Total);
    }

    [Fact]
    public void A_flipped_operand_changes_the_sums()
    {
        var grid = new FoldGrid(new MatrixWork(1, 4, 6, 3), 1, 4, 2, Dataflow.WeightStationary);
        int[] inputs = [.. Enumerable.Range(1, 24)];
        int[] weights = [.. Enumerable.Range(1, 18)];
        int[] sums = RegisterLevelLayer.Run(grid, FoldSchedule.Serial, inputs, weights, Cancellation).Sums;
        weights[7] ^= 1;
        Assert.NotEqual(sums, RegisterLevelLayer.Run(grid, FoldSchedule.Serial, inputs, weights, Cancellation).Sums);
    }

    [Fact]
    public void Folds_that_do_not_fit_are_refused()
    {
        var fold = new FoldOperands(3, 2, 1, [1, 2, 3], [1, 2, 3, 4, 5, 6]);
        var error = Assert.Throws<ArgumentException>(() => RegisterLevelArray.Run(2, 2, Dataflow.WeightStationary, FoldSchedule.Serial, [fold], Cancellation));
        Assert.Equal("a fold of 3×2 for 1 steps does not fit an array of 2×2", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FoldGrid(new MatrixWork(8, 1, 9, 1), 2, 16, 16, Dataflow.WeightStationary));
    }

    [Fact]
    public void A_long_run_can_be_cancelled()
    {
        var fold = new FoldOperands(1, 1, 1, [1], [1]);
        Assert.Throws<OperationCanceledException>(() => RegisterLevelArray.Run(1, 1, Dataflow.WeightStationary, FoldSchedule.Serial, [fold], new CancellationToken(canceled: true)));
    }

    private static void Check(
        MatrixWork work, int pack, int rows, int columns, Dataflow dataflow, FoldSchedule schedule, Random random, string where, int longestStream = int.MaxValue)
    {
        where = $"{where}: {work}, {pack} groups a pack, {rows}×{columns}, {dataflow}, {schedule}, streams of at most {longestStream}";
        int[] inputs = Codes(work.Groups * work.Pixels * work.Depth, random);
        int[] weights = Codes(work.Groups * work.Filters * work.Depth, random);
        var grid = new FoldGrid(work, pack, rows, columns, dataflow, longestStream);
        (ArrayRun run, int[] sums) = RegisterLevelLayer.Run(grid, schedule, inputs, weights, Cancellation);
        Assert.True(Product(work, inputs, weights).AsSpan().SequenceEqual(sums), $"sums differ in {where}");
        var cycles = ArrayCycles.Of(grid, schedule);
        Assert.True(run.Cycles == cycles.Total, $"{run.Cycles} cycles counted, {cycles.Total} predicted in {where}");
        Assert.Equal(grid.Folds().Sum(fold => (long)fold.Steps), cycles.Compute);
        Assert.Equal(grid.Folds().LongCount(), grid.Count);
        var traffic = ArrayTraffic.Of(grid);
        (long left, long top) = dataflow == Dataflow.InputStationary ? (traffic.Weights, traffic.Inputs) : (traffic.Inputs, traffic.Weights);
        Assert.True((left, top, traffic.SumsWritten) == (run.LeftReads, run.TopReads, run.BottomWrites), $"traffic differs in {where}");
        Assert.Equal(traffic.SumsWritten - (long)sums.Length, traffic.SumsRead);
    }

    private static int[] Codes(int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => random.Next(5) == 0 ? random.Next(2) * 255 - 128 : random.Next(-128, 128))];

    private static int[] Product(MatrixWork work, int[] inputs, int[] weights)
    {
        int[] sums = new int[work.Groups * work.Filters * work.Pixels];
        for (int group = 0; group < work.Groups; group++)
        {
            for (int filter = 0; filter < work.Filters; filter++)
            {
                for (int pixel = 0; pixel < work.Pixels; pixel++)
                {
                    int sum = 0;
                    for (int depth = 0; depth < work.Depth; depth++)
                        sum += inputs[(group * work.Pixels + pixel) * work.Depth + depth] * weights[(group * work.Filters + filter) * work.Depth + depth];
                    sums[(group * work.Filters + filter) * work.Pixels + pixel] = sum;
                }
            }
        }
        return sums;
    }
}
