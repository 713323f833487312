using System.Buffers;
using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.RegisterLevel;

namespace AccelSim.Systolic.Functional;

/// <summary>
/// Computes a convolution or fully connected layer fold by fold, as the dataflow orders them: a fold multiplies plain int8 inputs by
/// centred weights (w − z_w, nine bits) and adds to int32 partial sums; below the array the bias, less z_x·Σ(w − z_w), is added and the sum requantized.
/// </summary>
/// <remarks>
/// The zeros off the diagonal of a block-diagonal fold are not multiplied: they add nothing to a sum, and each group's block is one piece of its fold.
/// Output pixels go through in chunks that stay in cache, whole folds at a time where pixels lie across the array.
/// </remarks>
internal sealed class MatrixExecution
{
    // int32 inputs of a chunk: 1 MiB, about the level-2 cache of a core.
    private const int InputsInChunk = 256 * 1024;

    private readonly FoldGrid _grid;
    private readonly ArrayInputs _inputs;
    private readonly Requantization _requantization;
    private readonly Shape _outputShape;
    private readonly int _pixelsOfImage;

    // [groups × filters × depth], and one a channel.
    private readonly int[] _weights;
    private readonly int[] _offsets;

    public MatrixExecution(
        FoldGrid grid, ArrayInputs inputs, MacArithmetic arithmetic, int inputZeroPoint, Tensor weight, Tensor bias, Shape outputShape)
    {
        _grid = grid;
        _inputs = inputs;
        _requantization = arithmetic.Requantization;
        _outputShape = outputShape;
        _pixelsOfImage = grid.Work.Pixels / outputShape[0];
        int depth = grid.Work.Depth;
        int channels = outputShape[1];
        _weights = new int[channels * depth];
        _offsets = new int[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            int zero = arithmetic.WeightZeroPointOf(channel);
            int sum = 0;
            for (int k = channel * depth; k < (channel + 1) * depth; k++)
            {
                _weights[k] = weight.Int8[k] - zero;
                sum += _weights[k];
            }
            _offsets[channel] = bias.Int32[channel] - inputZeroPoint * sum;
        }
    }

    public Tensor Run(Tensor input, CancellationToken cancellation)
    {
        MatrixWork work = _grid.Work;
        int chunk = ChunkPixels();
        int chunks = (work.Pixels + chunk - 1) / chunk;
        sbyte[] output = new sbyte[_outputShape.Elements];
        var options = new ParallelOptions { CancellationToken = cancellation };
        Parallel.For(0L, (long)work.Groups * chunks, options, task =>
        {
            int group = (int)(task / chunks);
            int first = (int)(task % chunks) * chunk;
            RunChunk(input.Int8, group, first, Math.Min(chunk, work.Pixels - first), output);
        });
        return Tensor.Of(_outputShape, output);
    }

    /// <summary>The same layer with every fold on the register-level array. Slow: a step for each processing element and cycle.</summary>
    public (Tensor Output, ArrayRun Run) RunOnRegisters(Tensor input, FoldSchedule schedule, CancellationToken cancellation)
    {
        MatrixWork work = _grid.Work;
        int[] columns = new int[work.Depth * work.Pixels];
        int[] rows = new int[checked(work.Groups * work.Pixels * work.Depth)];
        for (int group = 0; group < work.Groups; group++)
        {
            _inputs.Fill(input.Int8, group, 0, work.Pixels, columns, work.Pixels);
            for (int pixel = 0; pixel < work.Pixels; pixel++)
            {
                for (int depth = 0; depth < work.Depth; depth++)
                    rows[(group * work.Pixels + pixel) * work.Depth + depth] = columns[depth * work.Pixels + pixel];
            }
        }
        (ArrayRun run, int[] sums) = RegisterLevelLayer.Run(_grid, schedule, rows, _weights, cancellation);
        sbyte[] output = new sbyte[_outputShape.Elements];
        for (int channel = 0; channel < work.Groups * work.Filters; channel++)
            Requantize(sums.AsSpan(channel * work.Pixels, work.Pixels), channel, 0, output);
        return (Tensor.Of(_outputShape, output), run);
    }

    // The extents of a fold along depth, filters and pixels; what streams is not cut.
    private (int Depth, int Filters, int Pixels) Tile() => _grid.Dataflow switch
    {
        Dataflow.WeightStationary => (_grid.ArrayRows, _grid.ArrayColumns, int.MaxValue),
        Dataflow.InputStationary => (_grid.ArrayRows, int.MaxValue, _grid.ArrayColumns),
        _ => (int.MaxValue, _grid.ArrayColumns, _grid.ArrayRows),
    };

    private int ChunkPixels()
    {
        int wanted = Math.Min(_grid.Work.Pixels, Math.Clamp(InputsInChunk / _grid.Work.Depth, 64, 4096));
        int tile = Tile().Pixels;
        return tile >= _grid.Work.Pixels ? wanted : (wanted + tile - 1) / tile * tile;
    }

    private void RunChunk(ReadOnlySpan<sbyte> input, int group, int first, int pixels, sbyte[] output)
    {
        MatrixWork work = _grid.Work;
        int[] inputBuffer = ArrayPool<int>.Shared.Rent(work.Depth * pixels);
        int[] sumBuffer = ArrayPool<int>.Shared.Rent(work.Filters * pixels);
        try
        {
            Span<int> inputs = inputBuffer.AsSpan(0, work.Depth * pixels);
            Span<int> sums = sumBuffer.AsSpan(0, work.Filters * pixels);
            _inputs.Fill(input, group, first, pixels, inputs, pixels);
            sums.Clear();
            RunFolds(inputs, sums, group, pixels);
            for (int filter = 0; filter < work.Filters; filter++)
                Requantize(sums.Slice(filter * pixels, pixels), group * work.Filters + filter, first, output);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(inputBuffer);
            ArrayPool<int>.Shared.Return(sumBuffer);
        }
    }

    // The order of FoldGrid: depth innermost, so that the partial sums of a tile complete before the next tile begins.
    private void RunFolds(ReadOnlySpan<int> inputs, Span<int> sums, int group, int pixels)
    {
        MatrixWork work = _grid.Work;
        (int depthTile, int filterTile, int pixelTile) = Tile();
        foreach ((int pixel, int pixelCount) in Pieces(pixels, pixelTile))
        {
            foreach ((int filter, int filterCount) in Pieces(work.Filters, filterTile))
            {
                foreach ((int depth, int depthCount) in Pieces(work.Depth, depthTile))
                {
                    for (int f = filter; f < filter + filterCount; f++)
                    {
                        ReadOnlySpan<int> weights = _weights.AsSpan((group * work.Filters + f) * work.Depth + depth, depthCount);
                        FoldKernel.Accumulate(inputs[(depth * pixels + pixel)..], pixels, weights, sums.Slice(f * pixels + pixel, pixelCount));
                    }
                }
            }
        }
    }

    private static IEnumerable<(int Start, int Length)> Pieces(int length, int piece)
    {
        for (int start = 0; start < length; start += Math.Min(piece, length - start))
            yield return (start, Math.Min(piece, length - start));
    }

    private void Requantize(ReadOnlySpan<int> sums, int channel, int first, sbyte[] output)
    {
        int offset = _offsets[channel];
        int multiplier = _requantization.Multiplier[channel];
        int shift = _requantization.Shift[channel];
        (int zero, int low, int high) = (_requantization.Output.ZeroPoint, _requantization.Low, _requantization.High);
        for (int at = 0; at < sums.Length;)
        {
            (int image, int pixel) = Math.DivRem(first + at, _pixelsOfImage);
            int length = Math.Min(_pixelsOfImage - pixel, sums.Length - at);
            Span<sbyte> codes = output.AsSpan((image * _outputShape[1] + channel) * _pixelsOfImage + pixel, length);
            for (int i = 0; i < length; i++)
                codes[i] = FixedPoint.Requantize(sums[at + i] + offset, multiplier, shift, zero, low, high);
            at += length;
        }
    }
}
