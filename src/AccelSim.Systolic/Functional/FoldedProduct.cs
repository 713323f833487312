using System.Buffers;
using System.Numerics;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Systolic.Functional;

/// <summary>An operand in memory, read when it is needed.</summary>
internal delegate ReadOnlySpan<T> Operand<T>();

/// <summary>Takes finished sums: those of one output channel (group · filters + filter) for the pixels from <paramref name="first"/>. Called from several threads.</summary>
internal delegate void SumsTaken<T>(int channel, int first, ReadOnlySpan<T> sums);

/// <summary>A matrix product a group, fold by fold as the dataflow orders them, with int32 or float32 accumulators.</summary>
/// <remarks>
/// The zeros off the diagonal of a block-diagonal fold are not multiplied: they add nothing to a sum, and each group's block is one piece of its fold.
/// Output pixels go through in chunks that stay in cache, whole folds at a time where pixels lie across the array.
/// </remarks>
internal sealed class FoldedProduct<T>(LayerMapping mapping, ArrayInputs<T> inputs)
    where T : unmanaged, INumber<T>
{
    // Four-byte inputs of a chunk: 1 MiB, about the level-2 cache of a core.
    private const int InputsInChunk = 256 * 1024;
    private const int LeastChunk = 32;
    private const int LargestChunk = 4096;

    private readonly MatrixWork _work = mapping.Work;

    public LayerMapping Mapping => mapping;

    public ArrayInputs<T> Inputs => inputs;

    /// <summary>For sparse weights, the product of the depth that each kept weight of a filter belongs to: [filters × kept].</summary>
    public int[]? Gathered { get; init; }

    private int WeightDepth => Gathered is null ? _work.Depth : Gathered.Length / _work.Filters;

    /// <param name="input">What <see cref="Inputs"/> reads from.</param>
    /// <param name="weights">[groups × filters × depth], the depth being that of the kept weights where they are sparse.</param>
    /// <param name="take">Is given every sum once.</param>
    /// <param name="cancellation">Stops between chunks.</param>
    public void Run(Operand<T> input, Operand<T> weights, SumsTaken<T> take, CancellationToken cancellation)
    {
        int chunk = ChunkPixels();
        int chunks = (_work.Pixels + chunk - 1) / chunk;
        var options = new ParallelOptions { CancellationToken = cancellation };
        Parallel.For(0L, (long)_work.Groups * chunks, options, task =>
        {
            int group = (int)(task / chunks);
            int first = (int)(task % chunks) * chunk;
            RunChunk(input(), weights(), group, first, Math.Min(chunk, _work.Pixels - first), take);
        });
    }

    private int ChunkPixels()
    {
        int wanted = Math.Min(_work.Pixels, Math.Clamp(InputsInChunk / _work.Depth, LeastChunk, LargestChunk));
        int tile = mapping.Granularity.Pixels;
        return tile >= _work.Pixels ? wanted : (wanted + tile - 1) / tile * tile;
    }

    private void RunChunk(ReadOnlySpan<T> input, ReadOnlySpan<T> weights, int group, int first, int pixels, SumsTaken<T> take)
    {
        T[] inputBuffer = ArrayPool<T>.Shared.Rent(checked(_work.Depth * pixels));
        T[] sumBuffer = ArrayPool<T>.Shared.Rent(checked(_work.Filters * pixels));
        try
        {
            Span<T> operands = inputBuffer.AsSpan(0, _work.Depth * pixels);
            Span<T> sums = sumBuffer.AsSpan(0, _work.Filters * pixels);
            inputs.Fill(input, group, first, pixels, operands, pixels);
            sums.Clear();
            RunFolds(operands, weights.Slice(group * _work.Filters * WeightDepth, _work.Filters * WeightDepth), sums, pixels);
            for (int filter = 0; filter < _work.Filters; filter++)
                take(group * _work.Filters + filter, first, sums.Slice(filter * pixels, pixels));
        }
        finally
        {
            ArrayPool<T>.Shared.Return(inputBuffer);
            ArrayPool<T>.Shared.Return(sumBuffer);
        }
    }

    // The order of an array's folds: depth innermost, so that the partial sums of a tile complete before the next tile begins.
    private void RunFolds(ReadOnlySpan<T> operands, ReadOnlySpan<T> weights, Span<T> sums, int pixels)
    {
        (int depthTile, int filterTile, int pixelTile, _) = mapping.Granularity;
        foreach ((int pixel, int pixelCount) in Pieces(pixels, pixelTile))
        {
            foreach ((int filter, int filterCount) in Pieces(_work.Filters, filterTile))
            {
                foreach ((int depth, int depthCount) in Pieces(WeightDepth, depthTile))
                {
                    for (int f = filter; f < filter + filterCount; f++)
                    {
                        ReadOnlySpan<T> held = weights.Slice(f * WeightDepth + depth, depthCount);
                        Span<T> tile = sums.Slice(f * pixels + pixel, pixelCount);
                        if (Gathered is null)
                            FoldKernel.Accumulate(operands[(depth * pixels + pixel)..], pixels, held, tile);
                        else
                            FoldKernel.AccumulateGathered(operands[pixel..], pixels, Gathered.AsSpan(f * WeightDepth + depth, depthCount), held, tile);
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
}
