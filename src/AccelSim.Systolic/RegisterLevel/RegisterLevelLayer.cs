using AccelSim.Systolic.Folding;

namespace AccelSim.Systolic.RegisterLevel;

/// <summary>A whole layer on the register-level array.</summary>
/// <param name="Array">What the array did.</param>
/// <param name="Sums">The sums [groups × filters × pixels].</param>
/// <param name="SumsRead">Partial sums that the accumulators below the array read back, since a later fold added to them.</param>
public sealed record LayerRun(ArrayRun Array, int[] Sums, long SumsRead);

/// <summary>Runs a whole layer on the register-level array: cuts the operands into folds and adds up the partial sums that leave.</summary>
public static class RegisterLevelLayer
{
    /// <summary>Runs every fold of a grid.</summary>
    /// <param name="grid">The layer and how it is cut.</param>
    /// <param name="schedule">How one fold follows another.</param>
    /// <param name="inputs">[groups × pixels × depth].</param>
    /// <param name="weights">[groups × filters × depth].</param>
    /// <param name="cancellation">Stops the run.</param>
    public static LayerRun Run(
        FoldGrid grid, FoldSchedule schedule, int[] inputs, int[] weights, CancellationToken cancellation = default)
    {
        Fold[] folds = [.. grid.Folds()];
        var layer = new Operands(grid, inputs, weights);
        ArrayRun run = RegisterLevelArray.Run(
            grid.ArrayRows, grid.ArrayColumns, grid.Dataflow, schedule, [.. folds.Select(layer.Cut)], cancellation);
        var sums = new Accumulators(grid.Work);
        for (int i = 0; i < folds.Length; i++)
            layer.Collect(folds[i], run.Results[i], sums);
        return new LayerRun(run, sums.Sums, sums.Reads);
    }

    // The memory below the array: the first sum of an output is written, those that follow are added to it.
    private sealed class Accumulators(MatrixWork work)
    {
        private readonly bool[] _written = new bool[(long)work.Groups * work.Filters * work.Pixels];

        public int[] Sums { get; } = new int[(long)work.Groups * work.Filters * work.Pixels];

        public long Reads { get; private set; }

        public void Write(long channel, int pixel, int sum)
        {
            long at = channel * work.Pixels + pixel;
            if (_written[at])
            {
                Reads++;
                sum += Sums[at];
            }
            (Sums[at], _written[at]) = (sum, true);
        }
    }

    private sealed class Operands(FoldGrid grid, int[] inputs, int[] weights)
    {
        private readonly MatrixWork _work = grid.Work;

        public FoldOperands Cut(Fold fold) => grid.Dataflow switch
        {
            Dataflow.WeightStationary => new FoldOperands(
                fold.Rows,
                fold.Columns,
                fold.Steps,
                Fill(fold.Steps, fold.Rows, (pixel, depth) => Input(fold.Pack, fold.Step + pixel, fold.Row + depth)),
                Fill(fold.Rows, fold.Columns, (depth, filter) => Weight(fold.Pack, fold.Row + depth, fold.Column + filter))),
            Dataflow.InputStationary => new FoldOperands(
                fold.Rows,
                fold.Columns,
                fold.Steps,
                Fill(fold.Steps, fold.Rows, (filter, depth) => Weight(fold.Pack, fold.Row + depth, fold.Step + filter)),
                Fill(fold.Rows, fold.Columns, (depth, pixel) => Input(fold.Pack, fold.Column + pixel, fold.Row + depth))),
            _ => new FoldOperands(
                fold.Rows,
                fold.Columns,
                fold.Steps,
                Fill(fold.Steps, fold.Rows, (depth, pixel) => Input(fold.Pack, fold.Row + pixel, depth)),
                Fill(fold.Steps, fold.Columns, (depth, filter) => Weight(fold.Pack, depth, fold.Column + filter))),
        };

        public void Collect(Fold fold, int[] results, Accumulators sums)
        {
            int count = grid.Dataflow == Dataflow.OutputStationary ? fold.Rows : fold.Steps;
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < fold.Columns; j++)
                {
                    (int pixel, int filter) = grid.Dataflow switch
                    {
                        Dataflow.WeightStationary => (fold.Step + i, fold.Column + j),
                        Dataflow.InputStationary => (fold.Column + j, fold.Step + i),
                        _ => (fold.Row + i, fold.Column + j),
                    };
                    // Filters of a pack's groups lie one after another.
                    long channel = (long)fold.Pack * grid.GroupsInPack * _work.Filters + filter;
                    sums.Write(channel, pixel, results[i * fold.Columns + j]);
                }
            }
        }

        private static int[] Fill(int rows, int columns, Func<int, int, int> value)
        {
            int[] values = new int[rows * columns];
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                    values[row * columns + column] = value(row, column);
            }
            return values;
        }

        private int Input(int pack, int pixel, int depth)
        {
            long group = (long)pack * grid.GroupsInPack + depth / _work.Depth;
            return inputs[(group * _work.Pixels + pixel) * _work.Depth + depth % _work.Depth];
        }

        // Zero off the diagonal: a group's inputs meet only that group's filters.
        private int Weight(int pack, int depth, int filter)
        {
            if (depth / _work.Depth != filter / _work.Filters)
                return 0;
            long group = (long)pack * grid.GroupsInPack + depth / _work.Depth;
            return weights[(group * _work.Filters + filter % _work.Filters) * _work.Depth + depth % _work.Depth];
        }
    }
}
