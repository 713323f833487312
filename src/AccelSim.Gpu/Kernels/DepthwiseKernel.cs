using System.Diagnostics.CodeAnalysis;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>
/// Depthwise convolution, one thread an output element: with so few terms a sum there is nothing for a tile to reuse.
/// Output channel o reads input channel o ÷ (outputs ÷ inputs).
/// </summary>
[ExcludeFromCodeCoverage]
internal static class DepthwiseKernel
{
    public static void Run<TElement, TSum, TArithmetic>(
        ArrayView<TElement> input,
        ArrayView<TElement> weights,
        ArrayView<TElement> output,
        SlidingGeometry geometry,
        TArithmetic arithmetic)
        where TElement : unmanaged
        where TSum : unmanaged
        where TArithmetic : struct, IMacArithmetic<TElement, TSum>
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        int plane = index / geometry.OutputPixels;
        int pixel = index - plane * geometry.OutputPixels;
        int image = plane / geometry.OutputChannels;
        int channel = plane - image * geometry.OutputChannels;
        int outputRow = pixel / geometry.OutputWidth;
        int top = outputRow * geometry.StrideHeight - geometry.Top;
        int left = (pixel - outputRow * geometry.OutputWidth) * geometry.StrideWidth - geometry.Left;
        int inputChannel = channel / (geometry.OutputChannels / geometry.InputChannels);
        int inputPlane = (image * geometry.InputChannels + inputChannel) * geometry.InputPixels;
        int weight = channel * geometry.KernelArea;

        var sum = default(TSum);
        for (int kernelRow = 0; kernelRow < geometry.KernelHeight; kernelRow++)
        {
            int row = top + kernelRow * geometry.DilationHeight;
            for (int kernelColumn = 0; kernelColumn < geometry.KernelWidth; kernelColumn++)
            {
                int column = left + kernelColumn * geometry.DilationWidth;
                if ((uint)row < (uint)geometry.InputHeight && (uint)column < (uint)geometry.InputWidth)
                {
                    var x = arithmetic.Input(input[inputPlane + row * geometry.InputWidth + column]);
                    var w = arithmetic.Weight(weights[weight + kernelRow * geometry.KernelWidth + kernelColumn], channel);
                    sum = arithmetic.MultiplyAdd(sum, w, x);
                }
            }
        }
        output[index] = arithmetic.Finish(sum, channel);
    }
}
