using System.Diagnostics.CodeAnalysis;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>
/// <see cref="PanelKernel"/> for panels of one row: a fully connected layer at batch 1, and depthwise convolution, whose row is its channel. Each operand is
/// read once, so that memory sets the pace. Sums are in the order of the terms, as there: a batch gives what its images give one by one.
/// </summary>
[ExcludeFromCodeCoverage]
internal static class VectorKernel
{
    public static void Run<TWord, TSum, TElement, TArithmetic, TColumns>(
        ArrayView<TWord> input,
        ArrayView<TWord> weights,
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
        int plane = Grid.IdxX / geometry.ColumnTiles;
        int tile = (Grid.IdxX - plane * geometry.ColumnTiles) * Group.DimX;
        int image = plane / geometry.Groups;
        int channel = plane - image * geometry.Groups;
        int source = image * geometry.ImageStride + channel * geometry.GroupStride + tile;
        int weight = channel * geometry.Terms;
        var sum = default(TSum);
        int term = 0;
        for (; term + PanelKernel.Terms <= geometry.Terms; term += PanelKernel.Terms)
        {
            sum = arithmetic.MultiplyAdd(sum, weights[weight + term], input[source + offsets[term] + Group.IdxX]);
            sum = arithmetic.MultiplyAdd(sum, weights[weight + term + 1], input[source + offsets[term + 1] + Group.IdxX]);
            sum = arithmetic.MultiplyAdd(sum, weights[weight + term + 2], input[source + offsets[term + 2] + Group.IdxX]);
            sum = arithmetic.MultiplyAdd(sum, weights[weight + term + 3], input[source + offsets[term + 3] + Group.IdxX]);
            sum = arithmetic.MultiplyAdd(sum, weights[weight + term + 4], input[source + offsets[term + 4] + Group.IdxX]);
            sum = arithmetic.MultiplyAdd(sum, weights[weight + term + 5], input[source + offsets[term + 5] + Group.IdxX]);
            sum = arithmetic.MultiplyAdd(sum, weights[weight + term + 6], input[source + offsets[term + 6] + Group.IdxX]);
            sum = arithmetic.MultiplyAdd(sum, weights[weight + term + 7], input[source + offsets[term + 7] + Group.IdxX]);
            Group.Barrier();
        }
        for (; term < geometry.Terms; term++)
        {
            sum = arithmetic.MultiplyAdd(sum, weights[weight + term], input[source + offsets[term] + Group.IdxX]);
            Group.Barrier();
        }
        int column = tile + Group.IdxX;
        if (!columns.Holds(column))
            return;
        int target = image * geometry.OutputImageStride + channel * geometry.OutputRowStride + columns.Place(column);
        output[target] = arithmetic.Finish(sum, columns.Channel(channel, column), target);
    }
}
