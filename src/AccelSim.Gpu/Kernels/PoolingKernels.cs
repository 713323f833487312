using System.Diagnostics.CodeAnalysis;
using AccelSim.Graph;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>Pooling, one thread an output element. Global average pooling is the average over one window that is the image.</summary>
[ExcludeFromCodeCoverage]
internal static class PoolingKernels
{
    public static void Average(ArrayView<float> input, ArrayView<float> output, SlidingGeometry geometry, int countPadding)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        var region = Region.At(geometry, index);
        // Sums of rows, which lose fewer digits than one long sum: a squeeze-and-excite's pool has 112² terms.
        float sum = 0;
        for (int row = region.FirstRow; row < region.LastRow; row++)
        {
            float part = 0;
            for (int column = region.FirstColumn; column < region.LastColumn; column++)
                part += input[region.Element(geometry, row, column)];
            sum += part;
        }
        output[index] = sum / (countPadding != 0 ? geometry.KernelArea : region.Count);
    }

    /// <param name="multiplier">M of each divisor from 0 to the kernel's area.</param>
    /// <param name="shift">S of each divisor from 0 to the kernel's area; 0 where the divisor does not occur.</param>
    public static void AverageCodes(
        ArrayView<sbyte> input, ArrayView<int> multiplier, ArrayView<int> shift, ArrayView<sbyte> output, SlidingGeometry geometry, PoolCode code)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        var region = Region.At(geometry, index);
        int sum = 0;
        for (int row = region.FirstRow; row < region.LastRow; row++)
        {
            for (int column = region.FirstColumn; column < region.LastColumn; column++)
                sum += input[region.Element(geometry, row, column)] - code.InputZero;
        }
        int count = code.CountPadding != 0 ? geometry.KernelArea : region.Count;
        output[index] = FixedPoint.Requantize(sum, multiplier[count], shift[count], code.OutputZero, code.Low, code.High);
    }

    /// <summary>A NaN wins, as it does in float64 references.</summary>
    public static void Max(ArrayView<float> input, ArrayView<float> output, SlidingGeometry geometry)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        var region = Region.At(geometry, index);
        float largest = float.NegativeInfinity;
        for (int row = region.FirstRow; row < region.LastRow; row++)
        {
            for (int column = region.FirstColumn; column < region.LastColumn; column++)
            {
                float x = input[region.Element(geometry, row, column)];
                largest = x <= largest ? largest : x;
            }
        }
        output[index] = largest;
    }

    public static void MaxCodes(ArrayView<sbyte> input, ArrayView<sbyte> output, SlidingGeometry geometry)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        var region = Region.At(geometry, index);
        int largest = sbyte.MinValue;
        for (int row = region.FirstRow; row < region.LastRow; row++)
        {
            for (int column = region.FirstColumn; column < region.LastColumn; column++)
            {
                int x = input[region.Element(geometry, row, column)];
                largest = x > largest ? x : largest;
            }
        }
        output[index] = (sbyte)largest;
    }

    /// <summary>
    /// From the gradient of a maximum's output to its input's, one thread an input element: it asks each window that it is in whether it is
    /// the first maximum there. No two threads write one element, so no atomics and no order of additions that changes.
    /// </summary>
    public static void MaxGradient(ArrayView<float> x, ArrayView<float> dy, ArrayView<float> dx, SlidingGeometry geometry)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= dx.IntLength)
            return;
        int plane = index / geometry.InputPixels;
        int pixel = index - plane * geometry.InputPixels;
        int row = pixel / geometry.InputWidth;
        int column = pixel - row * geometry.InputWidth;
        float sum = 0;
        for (int tapRow = 0; tapRow < geometry.KernelHeight; tapRow++)
        {
            int outputRow = geometry.OutputRow(row, tapRow);
            for (int tapColumn = 0; tapColumn < geometry.KernelWidth; tapColumn++)
            {
                int outputColumn = geometry.OutputColumn(column, tapColumn);
                if (outputRow >= 0 && outputColumn >= 0 && FirstMaximum(x, geometry, plane, outputRow, outputColumn) == index)
                    sum += dy[plane * geometry.OutputPixels + outputRow * geometry.OutputWidth + outputColumn];
            }
        }
        dx[index] = sum;
    }

    /// <summary>The same for an average: each window that an element is in gives it its gradient ÷ the window's count.</summary>
    public static void AverageGradient(ArrayView<float> dy, ArrayView<float> dx, SlidingGeometry geometry, int countPadding)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= dx.IntLength)
            return;
        int plane = index / geometry.InputPixels;
        int pixel = index - plane * geometry.InputPixels;
        int row = pixel / geometry.InputWidth;
        int column = pixel - row * geometry.InputWidth;
        float sum = 0;
        for (int tapRow = 0; tapRow < geometry.KernelHeight; tapRow++)
        {
            int outputRow = geometry.OutputRow(row, tapRow);
            for (int tapColumn = 0; tapColumn < geometry.KernelWidth; tapColumn++)
            {
                int outputColumn = geometry.OutputColumn(column, tapColumn);
                if (outputRow >= 0 && outputColumn >= 0)
                {
                    int count = countPadding != 0 ? geometry.KernelArea : Region.At(geometry, plane, outputRow, outputColumn).Count;
                    sum += dy[plane * geometry.OutputPixels + outputRow * geometry.OutputWidth + outputColumn] / count;
                }
            }
        }
        dx[index] = sum;
    }

    /// <summary>The first of the largest elements of a window in row-major order; a NaN is larger than all.</summary>
    private static int FirstMaximum(ArrayView<float> x, SlidingGeometry geometry, int plane, int outputRow, int outputColumn)
    {
        var region = Region.At(geometry, plane, outputRow, outputColumn);
        int first = region.Element(geometry, region.FirstRow, region.FirstColumn);
        float largest = x[first];
        for (int row = region.FirstRow; row < region.LastRow; row++)
        {
            for (int column = region.FirstColumn; column < region.LastColumn; column++)
            {
                int element = region.Element(geometry, row, column);
                float value = x[element];
                if (!(value <= largest) && !FloatFunctions.IsNaN(largest))
                {
                    largest = value;
                    first = element;
                }
            }
        }
        return first;
    }
}

/// <summary>The integer constants of average pooling that are the same for every window.</summary>
internal struct PoolCode
{
    public int InputZero;
    public int OutputZero;
    public int Low;
    public int High;
    public int CountPadding;
}
