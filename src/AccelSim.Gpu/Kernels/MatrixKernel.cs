using System.Diagnostics.CodeAnalysis;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>
/// Convolution with any number of groups, and the fully connected layer (a 1×1 convolution of 1×1 images), as a matrix
/// product whose right operand is gathered on the fly: row = output channel of the group, column = (image, output pixel),
/// term = (input channel of the group, kernel row, kernel column).
/// </summary>
/// <remarks>
/// A group of 16×16 threads computes 64×64 sums, 16 terms at a time from shared memory; a thread computes rows
/// 4·y … 4·y + 3 and columns x, x + 16, x + 32, x + 48, so that neighbouring threads touch neighbouring addresses.
/// Grid: tiles of columns, in tiles of rows, in groups of the convolution.
/// </remarks>
[ExcludeFromCodeCoverage]
internal static class MatrixKernel
{
    private const int Side = KernelShape.TileSide;
    private const int Tile = KernelShape.Tile;
    private const int Depth = KernelShape.Depth;

    public static void Run<TElement, TSum, TArithmetic>(
        ArrayView<TElement> input,
        ArrayView<TElement> weights,
        ArrayView<Tap> taps,
        ArrayView<TElement> output,
        SlidingGeometry geometry,
        int groups,
        TArithmetic arithmetic)
        where TElement : unmanaged
        where TSum : unmanaged
        where TArithmetic : struct, IMacArithmetic<TElement, TSum>
    {
        var weightTile = SharedMemory.Allocate<TSum>(Depth * Tile);
        var inputTile = SharedMemory.Allocate<TSum>(Depth * Tile);
        int x = Group.IdxX;
        int y = Group.IdxY;
        int rows = geometry.OutputChannels / groups;
        int columns = geometry.Batch * geometry.OutputPixels;
        int terms = taps.IntLength;
        int columnTiles = (columns + Tile - 1) / Tile;
        int rowTiles = (rows + Tile - 1) / Tile;
        int line = Grid.IdxX / columnTiles;
        int group = line / rowTiles;
        int firstRow = (line - group * rowTiles) * Tile;
        int firstChannel = group * rows;
        int firstColumn = (Grid.IdxX - line * columnTiles) * Tile + x;
        int groupOffset = group * (geometry.InputChannels / groups) * geometry.InputPixels;

        var window0 = Window.At(geometry, firstColumn, groupOffset);
        var window1 = Window.At(geometry, firstColumn + Side, groupOffset);
        var window2 = Window.At(geometry, firstColumn + 2 * Side, groupOffset);
        var window3 = Window.At(geometry, firstColumn + 3 * Side, groupOffset);
        var sum0 = default(Quad<TSum>);
        var sum1 = default(Quad<TSum>);
        var sum2 = default(Quad<TSum>);
        var sum3 = default(Quad<TSum>);

        for (int first = 0; first < terms; first += Depth)
        {
            int slot = y * Tile + x;
            if (first + y < terms)
            {
                var tap = taps[first + y];
                inputTile[slot] = Gather<TElement, TSum, TArithmetic>(input, window0, tap, geometry, arithmetic);
                inputTile[slot + Side] = Gather<TElement, TSum, TArithmetic>(input, window1, tap, geometry, arithmetic);
                inputTile[slot + 2 * Side] = Gather<TElement, TSum, TArithmetic>(input, window2, tap, geometry, arithmetic);
                inputTile[slot + 3 * Side] = Gather<TElement, TSum, TArithmetic>(input, window3, tap, geometry, arithmetic);
            }
            else
            {
                inputTile[slot] = default;
                inputTile[slot + Side] = default;
                inputTile[slot + 2 * Side] = default;
                inputTile[slot + 3 * Side] = default;
            }
            for (int part = 0; part < Tile; part += Side)
            {
                int row = firstRow + y + part;
                var weight = default(TSum);
                if (row < rows && first + x < terms)
                    weight = arithmetic.Weight(weights[(firstChannel + row) * terms + first + x], firstChannel + row);
                weightTile[x * Tile + y + part] = weight;
            }
            Group.Barrier();
            for (int term = 0; term < Depth; term++)
            {
                int column = term * Tile + x;
                Quad<TSum> quad;
                quad.A = inputTile[column];
                quad.B = inputTile[column + Side];
                quad.C = inputTile[column + 2 * Side];
                quad.D = inputTile[column + 3 * Side];
                int row = term * Tile + y * KernelShape.Block;
                sum0 = MultiplyAdd<TElement, TSum, TArithmetic>(sum0, weightTile[row], quad, arithmetic);
                sum1 = MultiplyAdd<TElement, TSum, TArithmetic>(sum1, weightTile[row + 1], quad, arithmetic);
                sum2 = MultiplyAdd<TElement, TSum, TArithmetic>(sum2, weightTile[row + 2], quad, arithmetic);
                sum3 = MultiplyAdd<TElement, TSum, TArithmetic>(sum3, weightTile[row + 3], quad, arithmetic);
            }
            Group.Barrier();
        }

        int threadRow = firstRow + y * KernelShape.Block;
        Store<TElement, TSum, TArithmetic>(output, geometry, firstColumn, columns, threadRow, rows, firstChannel, sum0, arithmetic);
        Store<TElement, TSum, TArithmetic>(output, geometry, firstColumn, columns, threadRow + 1, rows, firstChannel, sum1, arithmetic);
        Store<TElement, TSum, TArithmetic>(output, geometry, firstColumn, columns, threadRow + 2, rows, firstChannel, sum2, arithmetic);
        Store<TElement, TSum, TArithmetic>(output, geometry, firstColumn, columns, threadRow + 3, rows, firstChannel, sum3, arithmetic);
    }

    private static TSum Gather<TElement, TSum, TArithmetic>(
        ArrayView<TElement> input, Window window, Tap tap, SlidingGeometry geometry, TArithmetic arithmetic)
        where TElement : unmanaged
        where TSum : unmanaged
        where TArithmetic : struct, IMacArithmetic<TElement, TSum>
    {
        if (window.Holds(geometry, tap.Row, tap.Column))
            return arithmetic.Input(input[window.Offset + tap.Offset]);
        return default;
    }

    private static Quad<TSum> MultiplyAdd<TElement, TSum, TArithmetic>(Quad<TSum> sum, TSum w, Quad<TSum> x, TArithmetic arithmetic)
        where TElement : unmanaged
        where TSum : unmanaged
        where TArithmetic : struct, IMacArithmetic<TElement, TSum>
    {
        Quad<TSum> result;
        result.A = arithmetic.MultiplyAdd(sum.A, w, x.A);
        result.B = arithmetic.MultiplyAdd(sum.B, w, x.B);
        result.C = arithmetic.MultiplyAdd(sum.C, w, x.C);
        result.D = arithmetic.MultiplyAdd(sum.D, w, x.D);
        return result;
    }

    private static void Store<TElement, TSum, TArithmetic>(
        ArrayView<TElement> output, SlidingGeometry geometry, int column, int columns, int row, int rows, int firstChannel, Quad<TSum> sums, TArithmetic arithmetic)
        where TElement : unmanaged
        where TSum : unmanaged
        where TArithmetic : struct, IMacArithmetic<TElement, TSum>
    {
        if (row >= rows)
            return;
        int channel = firstChannel + row;
        if (column < columns)
            output[OutputIndex(geometry, column, channel)] = arithmetic.Finish(sums.A, channel);
        if (column + Side < columns)
            output[OutputIndex(geometry, column + Side, channel)] = arithmetic.Finish(sums.B, channel);
        if (column + 2 * Side < columns)
            output[OutputIndex(geometry, column + 2 * Side, channel)] = arithmetic.Finish(sums.C, channel);
        if (column + 3 * Side < columns)
            output[OutputIndex(geometry, column + 3 * Side, channel)] = arithmetic.Finish(sums.D, channel);
    }

    private static int OutputIndex(SlidingGeometry geometry, int column, int channel)
    {
        int image = column / geometry.OutputPixels;
        int pixel = column - image * geometry.OutputPixels;
        return (image * geometry.OutputChannels + channel) * geometry.OutputPixels + pixel;
    }
}
