using System.Diagnostics.CodeAnalysis;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>
/// Depthwise convolution with row reuse: a thread computes four rows of one output column, and each input row that it reads serves every output row whose
/// window it lies in: 18 loads for four outputs of a 3×3 window instead of 36. Neighbouring threads have neighbouring columns.
/// </summary>
/// <remarks>Sums are in the order of the taps. Output channel o reads input channel o ÷ (outputs ÷ inputs).</remarks>
[ExcludeFromCodeCoverage]
internal static class DepthwiseRowsKernel
{
    /// <summary>Output rows of a thread.</summary>
    public const int Rows = 4;

    /// <param name="input">[N, C, H, W].</param>
    /// <param name="weights">[outputs, kernel rows, kernel columns].</param>
    /// <param name="output">[N, outputs, OH, OW].</param>
    /// <param name="geometry">The convolution.</param>
    /// <param name="arithmetic">Its arithmetic.</param>
    /// <param name="outside">What stands where a window leaves the image.</param>
    public static void Run<TElement, TSum, TArithmetic, TWindow>(
        ArrayView<TElement> input,
        ArrayView<TElement> weights,
        ArrayView<TElement> output,
        SlidingGeometry geometry,
        TArithmetic arithmetic,
        TElement outside)
        where TElement : unmanaged
        where TSum : unmanaged
        where TArithmetic : struct, IPanelArithmetic<TElement, TSum, TElement>
        where TWindow : struct, IDepthwiseWindow
    {
        var window = default(TWindow);
        int strips = (geometry.OutputHeight + Rows - 1) / Rows;
        int index = Grid.GlobalIndex.X;
        int strip = index / geometry.OutputWidth;
        int x = index - strip * geometry.OutputWidth;
        int plane = strip / strips;
        int y = (strip - plane * strips) * Rows;
        int image = plane / geometry.OutputChannels;
        if (image >= geometry.Batch)
            return;
        int channel = plane - image * geometry.OutputChannels;
        int inputChannel = channel / (geometry.OutputChannels / geometry.InputChannels);
        int source = (image * geometry.InputChannels + inputChannel) * geometry.InputPixels;
        int weight = channel * geometry.KernelArea;
        int top = y * window.StrideHeight(geometry) - geometry.Top;
        int left = x * window.StrideWidth(geometry) - geometry.Left;
        int rows = (Rows - 1) * window.StrideHeight(geometry) + (window.KernelHeight(geometry) - 1) * window.DilationHeight(geometry) + 1;

        var sum0 = default(TSum);
        var sum1 = default(TSum);
        var sum2 = default(TSum);
        var sum3 = default(TSum);
        for (int reached = 0; reached < rows; reached++)
        {
            int row = top + reached;
            for (int kernelColumn = 0; kernelColumn < window.KernelWidth(geometry); kernelColumn++)
            {
                int column = left + kernelColumn * window.DilationWidth(geometry);
                var value = outside;
                if ((uint)row < (uint)geometry.InputHeight && (uint)column < (uint)geometry.InputWidth)
                    value = input[source + row * geometry.InputWidth + column];
                sum0 = Add<TElement, TSum, TArithmetic, TWindow>(sum0, weights, weight + kernelColumn, reached, value, geometry, arithmetic);
                sum1 = Add<TElement, TSum, TArithmetic, TWindow>(sum1, weights, weight + kernelColumn, reached - window.StrideHeight(geometry), value, geometry, arithmetic);
                sum2 = Add<TElement, TSum, TArithmetic, TWindow>(sum2, weights, weight + kernelColumn, reached - 2 * window.StrideHeight(geometry), value, geometry, arithmetic);
                sum3 = Add<TElement, TSum, TArithmetic, TWindow>(sum3, weights, weight + kernelColumn, reached - 3 * window.StrideHeight(geometry), value, geometry, arithmetic);
            }
        }
        int target = plane * geometry.OutputPixels + y * geometry.OutputWidth + x;
        output[target] = arithmetic.Finish(sum0, channel, target);
        if (y + 1 < geometry.OutputHeight)
            Store<TElement, TSum, TArithmetic>(output, target + geometry.OutputWidth, sum1, channel, arithmetic);
        if (y + 2 < geometry.OutputHeight)
            Store<TElement, TSum, TArithmetic>(output, target + 2 * geometry.OutputWidth, sum2, channel, arithmetic);
        if (y + 3 < geometry.OutputHeight)
            Store<TElement, TSum, TArithmetic>(output, target + 3 * geometry.OutputWidth, sum3, channel, arithmetic);
    }

    /// <summary>Adds a value to the sum whose window begins <paramref name="distance"/> rows above it, if it lies on one of its taps.</summary>
    private static TSum Add<TElement, TSum, TArithmetic, TWindow>(
        TSum sum, ArrayView<TElement> weights, int weight, int distance, TElement value, SlidingGeometry geometry, TArithmetic arithmetic)
        where TElement : unmanaged
        where TSum : unmanaged
        where TArithmetic : struct, IPanelArithmetic<TElement, TSum, TElement>
        where TWindow : struct, IDepthwiseWindow
    {
        var window = default(TWindow);
        int tap = distance / window.DilationHeight(geometry);
        if (distance < 0 || tap >= window.KernelHeight(geometry) || tap * window.DilationHeight(geometry) != distance)
            return sum;
        return arithmetic.MultiplyAdd(sum, weights[weight + tap * window.KernelWidth(geometry)], value);
    }

    private static void Store<TElement, TSum, TArithmetic>(ArrayView<TElement> output, int target, TSum sum, int channel, TArithmetic arithmetic)
        where TElement : unmanaged
        where TSum : unmanaged
        where TArithmetic : struct, IPanelArithmetic<TElement, TSum, TElement> => output[target] = arithmetic.Finish(sum, channel, target);
}
