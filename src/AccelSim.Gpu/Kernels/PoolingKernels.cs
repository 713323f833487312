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
        float sum = 0;
        for (int row = region.Top; row < region.Bottom; row++)
        {
            for (int column = region.Left; column < region.Right; column++)
                sum += input[region.Plane + row * geometry.InputWidth + column];
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
        for (int row = region.Top; row < region.Bottom; row++)
        {
            for (int column = region.Left; column < region.Right; column++)
                sum += input[region.Plane + row * geometry.InputWidth + column] - code.InputZero;
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
        for (int row = region.Top; row < region.Bottom; row++)
        {
            for (int column = region.Left; column < region.Right; column++)
            {
                float x = input[region.Plane + row * geometry.InputWidth + column];
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
        int largest = input[region.Plane + region.Top * geometry.InputWidth + region.Left];
        for (int row = region.Top; row < region.Bottom; row++)
        {
            for (int column = region.Left; column < region.Right; column++)
            {
                int x = input[region.Plane + row * geometry.InputWidth + column];
                largest = x > largest ? x : largest;
            }
        }
        output[index] = (sbyte)largest;
    }

    /// <summary>The part of an output's window that lies inside the image, bounds exclusive at the bottom and the right.</summary>
    private struct Region
    {
        public int Plane;
        public int Top;
        public int Bottom;
        public int Left;
        public int Right;

        public readonly int Count => (Bottom - Top) * (Right - Left);

        public static Region At(SlidingGeometry geometry, int index)
        {
            int plane = index / geometry.OutputPixels;
            int pixel = index - plane * geometry.OutputPixels;
            int outputRow = pixel / geometry.OutputWidth;
            int top = outputRow * geometry.StrideHeight - geometry.Top;
            int left = (pixel - outputRow * geometry.OutputWidth) * geometry.StrideWidth - geometry.Left;
            Region region;
            region.Plane = plane * geometry.InputPixels;
            region.Top = IntrinsicMath.Max(top, 0);
            region.Bottom = IntrinsicMath.Min(top + geometry.KernelHeight, geometry.InputHeight);
            region.Left = IntrinsicMath.Max(left, 0);
            region.Right = IntrinsicMath.Min(left + geometry.KernelWidth, geometry.InputWidth);
            return region;
        }
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
