using System.Diagnostics.CodeAnalysis;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>
/// Convolution and fully connected layers as the product of a panel of eight rows by as many columns as a group has threads. A thread owns one
/// column and keeps the eight sums in registers; the right operand is read straight from memory, neighbouring threads at neighbouring addresses.
/// </summary>
/// <remarks>
/// Row = output channel, column = output pixel, or for a fully connected layer row = image, column = output. Term t of column c is found at
/// offset[t] + c, whatever the convolution: <see cref="PlaneKernels"/> lays images out so that padding, stride and dilation are all in the offsets.
/// The barrier after eight terms holds nothing back on a GPU, where a group is two warps; where OpenCL runs on a CPU it ends a region without
/// branches, which the compiler turns into vector instructions over the threads: 47 GFLOP/s a core where it is there, 10 where it is not
/// (docs/gpu-executor.md). Grid: tiles of columns, in panels of rows, in groups, in images.
/// </remarks>
[ExcludeFromCodeCoverage]
internal static class PanelKernel
{
    /// <summary>Rows of a panel: sums that a thread keeps.</summary>
    public const int Rows = 8;

    /// <summary>Terms between two barriers.</summary>
    public const int Terms = 8;

    public static void Run<TWord, TSum, TElement, TArithmetic, TColumns>(
        ArrayView<TWord> input,
        ArrayView<TWord> panels,
        ArrayView<int> offsets,
        ArrayView<TElement> output,
        PanelGeometry geometry,
        TArithmetic arithmetic,
        TColumns columns)
        where TWord : unmanaged
        where TSum : unmanaged
        where TElement : unmanaged
        where TArithmetic : struct, IPanelArithmetic<TWord, TSum, TElement>
        where TColumns : struct, IPanelColumns
    {
        int line = Grid.IdxX / geometry.ColumnTiles;
        int tile = (Grid.IdxX - line * geometry.ColumnTiles) * Group.DimX;
        int plane = line / geometry.RowPanels;
        int panel = line - plane * geometry.RowPanels;
        int image = plane / geometry.Groups;
        int group = plane - image * geometry.Groups;
        int first = panel * Rows;
        int source = image * geometry.ImageStride + group * geometry.GroupStride + tile;
        int weight = (group * geometry.RowPanels + panel) * Rows * geometry.Terms;
        var sums = default(Eight<TSum>);

        int term = 0;
        for (; term + Terms <= geometry.Terms; term += Terms)
        {
            var x0 = input[source + offsets[term] + Group.IdxX];
            var x1 = input[source + offsets[term + 1] + Group.IdxX];
            var x2 = input[source + offsets[term + 2] + Group.IdxX];
            var x3 = input[source + offsets[term + 3] + Group.IdxX];
            var x4 = input[source + offsets[term + 4] + Group.IdxX];
            var x5 = input[source + offsets[term + 5] + Group.IdxX];
            var x6 = input[source + offsets[term + 6] + Group.IdxX];
            var x7 = input[source + offsets[term + 7] + Group.IdxX];
            sums = Add<TWord, TSum, TElement, TArithmetic>(sums, panels, weight, x0, arithmetic);
            sums = Add<TWord, TSum, TElement, TArithmetic>(sums, panels, weight + Rows, x1, arithmetic);
            sums = Add<TWord, TSum, TElement, TArithmetic>(sums, panels, weight + 2 * Rows, x2, arithmetic);
            sums = Add<TWord, TSum, TElement, TArithmetic>(sums, panels, weight + 3 * Rows, x3, arithmetic);
            sums = Add<TWord, TSum, TElement, TArithmetic>(sums, panels, weight + 4 * Rows, x4, arithmetic);
            sums = Add<TWord, TSum, TElement, TArithmetic>(sums, panels, weight + 5 * Rows, x5, arithmetic);
            sums = Add<TWord, TSum, TElement, TArithmetic>(sums, panels, weight + 6 * Rows, x6, arithmetic);
            sums = Add<TWord, TSum, TElement, TArithmetic>(sums, panels, weight + 7 * Rows, x7, arithmetic);
            weight += Terms * Rows;
            Group.Barrier();
        }
        for (; term < geometry.Terms; term++)
        {
            sums = Add<TWord, TSum, TElement, TArithmetic>(sums, panels, weight, input[source + offsets[term] + Group.IdxX], arithmetic);
            weight += Rows;
            Group.Barrier();
        }

        int column = tile + Group.IdxX;
        if (!columns.Holds(column))
            return;
        int last = geometry.Rows - 1 - first;
        int channel = group * geometry.Rows + first;
        int target = image * geometry.OutputImageStride + channel * geometry.OutputRowStride + columns.Place(column);
        output[target] = arithmetic.Finish(sums.A, columns.Channel(channel, column), target);
        if (last >= 1)
            Store<TWord, TSum, TElement, TArithmetic, TColumns>(output, target + geometry.OutputRowStride, sums.B, columns.Channel(channel + 1, column), arithmetic);
        if (last >= 2)
            Store<TWord, TSum, TElement, TArithmetic, TColumns>(output, target + 2 * geometry.OutputRowStride, sums.C, columns.Channel(channel + 2, column), arithmetic);
        if (last >= 3)
            Store<TWord, TSum, TElement, TArithmetic, TColumns>(output, target + 3 * geometry.OutputRowStride, sums.D, columns.Channel(channel + 3, column), arithmetic);
        if (last >= 4)
            Store<TWord, TSum, TElement, TArithmetic, TColumns>(output, target + 4 * geometry.OutputRowStride, sums.E, columns.Channel(channel + 4, column), arithmetic);
        if (last >= 5)
            Store<TWord, TSum, TElement, TArithmetic, TColumns>(output, target + 5 * geometry.OutputRowStride, sums.F, columns.Channel(channel + 5, column), arithmetic);
        if (last >= 6)
            Store<TWord, TSum, TElement, TArithmetic, TColumns>(output, target + 6 * geometry.OutputRowStride, sums.G, columns.Channel(channel + 6, column), arithmetic);
        if (last >= 7)
            Store<TWord, TSum, TElement, TArithmetic, TColumns>(output, target + 7 * geometry.OutputRowStride, sums.H, columns.Channel(channel + 7, column), arithmetic);
    }

    private static void Store<TWord, TSum, TElement, TArithmetic, TColumns>(ArrayView<TElement> output, int target, TSum sum, int channel, TArithmetic arithmetic)
        where TWord : unmanaged
        where TSum : unmanaged
        where TElement : unmanaged
        where TArithmetic : struct, IPanelArithmetic<TWord, TSum, TElement>
        where TColumns : struct, IPanelColumns => output[target] = arithmetic.Finish(sum, channel, target);

    private static Eight<TSum> Add<TWord, TSum, TElement, TArithmetic>(
        Eight<TSum> sums, ArrayView<TWord> weights, int weight, TWord x, TArithmetic arithmetic)
        where TWord : unmanaged
        where TSum : unmanaged
        where TElement : unmanaged
        where TArithmetic : struct, IPanelArithmetic<TWord, TSum, TElement>
    {
        Eight<TSum> result;
        result.A = arithmetic.MultiplyAdd(sums.A, weights[weight], x);
        result.B = arithmetic.MultiplyAdd(sums.B, weights[weight + 1], x);
        result.C = arithmetic.MultiplyAdd(sums.C, weights[weight + 2], x);
        result.D = arithmetic.MultiplyAdd(sums.D, weights[weight + 3], x);
        result.E = arithmetic.MultiplyAdd(sums.E, weights[weight + 4], x);
        result.F = arithmetic.MultiplyAdd(sums.F, weights[weight + 5], x);
        result.G = arithmetic.MultiplyAdd(sums.G, weights[weight + 6], x);
        result.H = arithmetic.MultiplyAdd(sums.H, weights[weight + 7], x);
        return result;
    }

    private struct Eight<T>
        where T : unmanaged
    {
        public T A;
        public T B;
        public T C;
        public T D;
        public T E;
        public T F;
        public T G;
        public T H;
    }
}
