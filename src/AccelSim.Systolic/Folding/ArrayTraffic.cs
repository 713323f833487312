namespace AccelSim.Systolic.Folding;

/// <summary>Values that cross the edges of the array, the zeros of a block-diagonal fold included.</summary>
/// <param name="Inputs">Layer inputs read, each patch element of a convolution by itself.</param>
/// <param name="Weights">Weights read.</param>
/// <param name="SumsWritten">Partial sums or outputs that leave the array.</param>
/// <param name="SumsRead">Partial sums read back to which a later fold adds.</param>
public readonly record struct ArrayTraffic(long Inputs, long Weights, long SumsWritten, long SumsRead)
{
    /// <summary>Counts the traffic of a layer.</summary>
    public static ArrayTraffic Of(FoldGrid grid)
    {
        (long inputs, long weights, long written) = (0, 0, 0);
        foreach (FoldClass fold in grid.Classes())
        {
            long held = fold.Count * fold.Rows * fold.Columns;
            long left = fold.Count * fold.Rows * fold.Steps;
            long down = fold.Count * fold.Columns * fold.Steps;
            switch (grid.Dataflow)
            {
                case Dataflow.WeightStationary:
                    (inputs, weights, written) = (inputs + left, weights + held, written + down);
                    break;
                case Dataflow.InputStationary:
                    (inputs, weights, written) = (inputs + held, weights + left, written + down);
                    break;
                default:
                    (inputs, weights, written) = (inputs + left, weights + down, written + held);
                    break;
            }
        }
        long outputs = (long)grid.Work.Groups * grid.Work.Filters * grid.Work.Pixels;
        return new ArrayTraffic(inputs, weights, written, written - outputs);
    }

    public static ArrayTraffic operator +(ArrayTraffic a, ArrayTraffic b) =>
        new(a.Inputs + b.Inputs, a.Weights + b.Weights, a.SumsWritten + b.SumsWritten, a.SumsRead + b.SumsRead);

    /// <summary>The traffic of so many alike.</summary>
    public static ArrayTraffic operator *(ArrayTraffic traffic, long count) =>
        new(traffic.Inputs * count, traffic.Weights * count, traffic.SumsWritten * count, traffic.SumsRead * count);
}
