using AccelSim.Graph;

namespace AccelSim.Systolic.ScaleSim;

/// <summary>
/// Every word that one layer demands at the array's edges, walked in the order of its cycles: the two operands through their read buffers, and the outputs
/// through the write buffer.
/// </summary>
internal sealed class LayerDemand
{
    /// <summary>Words of an operand that are walked in memory; more would need gigabytes.</summary>
    private const long LargestOperand = 1L << 28;

    /// <summary>Demands of a layer that are walked; more would take hours.</summary>
    private const double MostDemands = 1e11;

    private readonly ScaleSimConvolution _layer;
    private readonly ScaleSimConfiguration _array;
    private readonly FoldDemand _folds;

    public LayerDemand(ScaleSimConvolution layer, ScaleSimConfiguration array)
    {
        (_layer, _array) = (layer, array);
        if (layer.ImageWords > LargestOperand || (double)layer.Filters * layer.Depth > LargestOperand || (double)layer.Pixels * layer.Filters > int.MaxValue)
            throw new GraphException($"an operand has more than {LargestOperand} words, which is more than the demand of the array is followed for: give the layer in parts.");
        _folds = new FoldDemand(layer, array);
        if (_folds.Count * (double)_folds.FoldCycles > MostDemands || layer.Macs / Math.Min(array.Rows, array.Columns) > MostDemands)
            throw new GraphException($"it takes more than {MostDemands:g1} cycles or reads, which is more than the demand of the array is followed for: choose a larger array.");
    }

    public FoldDemand Folds => _folds;

    /// <summary>Reads of the memory for inputs, for filters, and writes of the memory for outputs, as that tool counts them.</summary>
    public (long Inputs, long Filters, long Outputs) SramAccesses()
    {
        (long inputs, long filters, long outputs) = (0, 0, 0);
        foreach (var (_, rows, _, columns, _) in _folds.InOrder())
        {
            (long held, long left, long down) = ((long)rows * columns, (long)rows * _folds.Steps, (long)columns * _folds.Steps);
            switch (_array.Dataflow)
            {
                case Dataflow.OutputStationary:
                    // The sides of the array are added to the outputs of each fold there.
                    (inputs, filters, outputs) = (inputs + left, filters + down, outputs + held + _array.Rows + _array.Columns);
                    break;
                case Dataflow.WeightStationary:
                    (inputs, filters, outputs) = (inputs + left, filters + held, outputs + down);
                    break;
                default:
                    (inputs, filters, outputs) = (inputs + held, filters + left, outputs + down);
                    break;
            }
        }
        return (inputs, filters, outputs);
    }

    /// <summary>Mapping efficiency and compute utilization, 0 to 1: averages over the folds, added up in the order of the folds.</summary>
    public (double Mapping, double Compute) Efficiencies()
    {
        double elements = (double)_array.Rows * _array.Columns;
        // Operand-stationary folds are counted longer than they are by the columns but one.
        long counted = _folds.FoldCycles + (_array.Dataflow == Dataflow.OutputStationary ? 0 : _array.Columns - 1);
        (double mapping, double compute) = (0, 0);
        foreach (var (_, rows, _, columns, _) in _folds.InOrder())
        {
            double used = (double)rows * columns;
            mapping += used / elements;
            compute += used * _folds.Steps / (elements * counted);
        }
        return (mapping / _folds.Count, compute / _folds.Count);
    }

    /// <summary>The image's words through its buffer.</summary>
    public HalfBuffers Inputs(long halfWords, bool dropsWhenComplete, CancellationToken cancellation)
    {
        OperandAddresses image = OperandAddresses.OfImage(_layer);
        var buffer = new HalfBuffers(image.Words, halfWords, dropsWhenComplete);
        foreach (var fold in _folds.InOrder())
        {
            cancellation.ThrowIfCancellationRequested();
            switch (_array.Dataflow)
            {
                case Dataflow.OutputStationary:
                    Stream(buffer, fold.Start, fold.Rows, (step, lane) => image[fold.Row + lane, step]);
                    break;
                case Dataflow.WeightStationary:
                    Stream(buffer, fold.Start + _array.Rows, fold.Rows, (step, lane) => image[step, fold.Row + lane]);
                    break;
                default:
                    Hold(buffer, fold.Start, fold.Rows, fold.Columns, (row, column) => image[fold.Column + column, fold.Row + row]);
                    break;
            }
        }
        return buffer;
    }

    /// <summary>The filters' words through their buffer.</summary>
    public HalfBuffers Filters(long halfWords, bool dropsWhenComplete, CancellationToken cancellation)
    {
        OperandAddresses filters = OperandAddresses.OfFilters(_layer);
        var buffer = new HalfBuffers(filters.Words, halfWords, dropsWhenComplete);
        foreach (var fold in _folds.InOrder())
        {
            cancellation.ThrowIfCancellationRequested();
            switch (_array.Dataflow)
            {
                case Dataflow.OutputStationary:
                    Stream(buffer, fold.Start, fold.Columns, (step, lane) => filters[fold.Column + lane, step]);
                    break;
                case Dataflow.WeightStationary:
                    Hold(buffer, fold.Start, fold.Rows, fold.Columns, (row, column) => filters[fold.Column + column, fold.Row + row]);
                    break;
                default:
                    Stream(buffer, fold.Start + _array.Rows, fold.Rows, (step, lane) => filters[step, fold.Row + lane]);
                    break;
            }
        }
        return buffer;
    }

    /// <summary>How many outputs leave the array in a cycle, for every cycle with any.</summary>
    public IEnumerable<(long Cycle, int Words)> Outputs(CancellationToken cancellation)
    {
        foreach (var fold in _folds.InOrder())
        {
            cancellation.ThrowIfCancellationRequested();
            // The vectors that drain: the outputs of the fold row by row, the unused rows first; or the sums of each step.
            bool holdsOutputs = _array.Dataflow == Dataflow.OutputStationary;
            int vectors = holdsOutputs ? fold.Rows : _folds.Steps;
            long first = fold.Start + (holdsOutputs ? _folds.Steps - 1 + _array.Rows - fold.Rows : 2 * _array.Rows - 1);
            for (int diagonal = 0; diagonal < vectors + fold.Columns - 1; diagonal++)
                yield return (first + diagonal, Math.Min(diagonal, fold.Columns - 1) - Math.Max(0, diagonal - vectors + 1) + 1);
        }
    }

    // A vector a step enters skewed: lane l a cycle after lane l − 1.
    private void Stream(HalfBuffers buffer, long start, int lanes, Func<int, int, int> address)
    {
        for (long diagonal = 0; diagonal < (long)_folds.Steps + lanes - 1; diagonal++)
        {
            int last = (int)Math.Min(diagonal, lanes - 1);
            for (int lane = (int)Math.Max(0, diagonal - _folds.Steps + 1); lane <= last; lane++)
                buffer.Demand(start + diagonal, address((int)(diagonal - lane), lane));
        }
    }

    // A row a cycle, the lowest one first; it waits for the rows below it that are not in use.
    private void Hold(HalfBuffers buffer, long start, int rows, int columns, Func<int, int, int> address)
    {
        for (int row = rows - 1; row >= 0; row--)
        {
            for (int column = 0; column < columns; column++)
                buffer.Demand(start + _array.Rows - 1 - row, address(row, column));
        }
    }
}
