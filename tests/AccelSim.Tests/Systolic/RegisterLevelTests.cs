using AccelSim.Systolic;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.RegisterLevel;

namespace AccelSim.Tests.Systolic;

/// <summary>The register-level array against a naive matrix product, and the closed form against the register-level array.</summary>
public sealed class RegisterLevelTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Layers of the property below: every dataflow and schedule in turn, from one seed each.</summary>
    private const int Layers = 6000;

    /// <summary>
    /// Arrays of 1×1 to 64×64, ragged edges, groups, packs of every size that fits, streams cut by accumulators. Sums equal a naive product, and cycles,
    /// multiply-accumulates, reads and writes at every edge, and sums read back, each counted by the registers as it happens, equal the closed form.
    /// </summary>
    [Fact]
    public void Registers_and_closed_form_agree_on_everything_they_count()
    {
        int large = 0, packed = 0, cut = 0;
        for (int seed = 0; seed < Layers; seed++)
        {
            var random = new Random(seed);
            (var dataflow, var schedule) = ((Dataflow)(seed % 3), (FoldSchedule)(seed / 3 % 2));
            bool isLarge = random.Next(8) == 0;
            int rows = isLarge ? random.Next(9, 65) : random.Next(1, 10);
            int columns = isLarge ? random.Next(9, 65) : random.Next(1, 10);
            int groups = random.Next(4) == 0 ? random.Next(2, 9) : 1;
            var work = new MatrixWork(
                groups, random.Next(1, isLarge ? 120 : 24), random.Next(1, isLarge ? 160 : 30) / groups + 1, random.Next(1, isLarge ? 100 : 20) / groups + 1);
            int pack = random.Next(1, FoldGrid.LargestPack(work, rows, columns, dataflow) + 1);
            int longestStream = random.Next(2) == 0 ? int.MaxValue : random.Next(1, 24);
            var grid = new FoldGrid(work, pack, rows, columns, dataflow, longestStream);
            large += isLarge ? 1 : 0;
            packed += pack > 1 ? 1 : 0;
            cut += grid.PiecesOf(0) > 1 ? 1 : 0;
            Check(grid, schedule, random, $"seed {seed}: {work}, {pack} groups a pack, {rows}×{columns}, {dataflow}, {schedule}, streams of at most {longestStream}");
        }
        // The seeds reach every kind.
        Assert.True(large > 500 && packed > 300 && cut > 300, $"{large} large, {packed} packed, {cut} cut");
    }

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

    /// <summary>A row of flags longer than a machine word, and shapes as far from square as they go.</summary>
    [Theory]
    [MemberData(nameof(Machines))]
    public void Arrays_wider_than_a_word_agree_too(Dataflow dataflow, FoldSchedule schedule)
    {
        var random = new Random(2);
        foreach ((int rows, int columns) in (ReadOnlySpan<(int, int)>)[(64, 64), (5, 130), (130, 5), (1, 64), (64, 1), (65, 129)])
        {
            foreach (var work in (ReadOnlySpan<MatrixWork>)[new MatrixWork(1, 70, 150, 140), new MatrixWork(40, 25, 9, 1)])
            {
                var grid = new FoldGrid(work, FoldGrid.LargestPack(work, rows, columns, dataflow), rows, columns, dataflow);
                Check(grid, schedule, random, $"{work}, {rows}×{columns}, {dataflow}, {schedule}");
            }
        }
    }

    /// <summary>The cost of the closed form does not follow the folds; its result does, to the cycle.</summary>
    [Fact]
    public void Drains_of_pipelined_outputs_in_closed_form_equal_a_walk_over_every_fold()
    {
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            (int rows, int columns) = (random.Next(1, 65), random.Next(1, 65));
            int groups = random.Next(2) == 0 ? 1 : random.Next(2, 40);
            var work = new MatrixWork(groups, random.Next(1, 40 * rows), random.Next(1, random.Next(2, 4 * rows + 4)), random.Next(1, 8 * columns));
            int pack = random.Next(1, FoldGrid.LargestPack(work, rows, columns, Dataflow.OutputStationary) + 1);
            var grid = new FoldGrid(work, pack, rows, columns, Dataflow.OutputStationary);
            // A stream needs a free accumulator, and a drain the bottom edge.
            long[] start = new long[grid.Count + 2], drain = new long[grid.Count + 2];
            (start[0], start[1], drain[0], drain[1]) = (0, 0, -rows, -rows);
            (long end, int i, int before) = (0, 2, 0);
            foreach (var fold in grid.Folds())
            {
                start[i] = Math.Max(start[i - 1] + before, drain[i - 2] + rows);
                drain[i] = Math.Max(start[i] + fold.Steps + fold.Rows - 1, drain[i - 1] + rows);
                end = Math.Max(end, drain[i] + rows + fold.Columns - 1);
                (i, before) = (i + 1, fold.Steps);
            }
            Assert.True(end == ArrayCycles.Of(grid, FoldSchedule.Pipelined).Total, $"seed {seed}: {work}, {pack} groups a pack, {rows}×{columns}");
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

    private static void Check(FoldGrid grid, FoldSchedule schedule, Random random, string where)
    {
        MatrixWork work = grid.Work;
        int[] inputs = Codes(work.Groups * work.Pixels * work.Depth, random);
        int[] weights = Codes(work.Groups * work.Filters * work.Depth, random);
        LayerRun layer = RegisterLevelLayer.Run(grid, schedule, inputs, weights, Cancellation);
        ArrayRun run = layer.Array;
        Assert.True(Product(work, inputs, weights).AsSpan().SequenceEqual(layer.Sums), $"sums differ in {where}");
        var cycles = ArrayCycles.Of(grid, schedule);
        Assert.True(run.Cycles == cycles.Total, $"{run.Cycles} cycles counted, {cycles.Total} predicted in {where}");
        Assert.True(grid.Macs == run.Macs, $"{run.Macs} multiply-accumulates counted, {grid.Macs} predicted in {where}");
        Assert.True(grid.GroupsInPack > 1 ? work.Macs < run.Macs : work.Macs == run.Macs, $"{run.Macs} multiply-accumulates counted of {work.Macs} in {where}");
        var traffic = ArrayTraffic.Of(grid);
        var counted = grid.Dataflow == Dataflow.InputStationary
            ? new ArrayTraffic(run.TopReads, run.LeftReads, run.BottomWrites, layer.SumsRead)
            : new ArrayTraffic(run.LeftReads, run.TopReads, run.BottomWrites, layer.SumsRead);
        Assert.True(traffic == counted, $"{counted} counted, {traffic} predicted in {where}");
        Assert.Equal(grid.Folds().Sum(fold => (long)fold.Steps), cycles.Compute);
        Assert.Equal(grid.Folds().LongCount(), grid.Count);
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
