using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>Average, global average and max pooling.</summary>
internal static class PoolingLowering
{
    public static LayerStep Average(LoweringContext context)
    {
        var pool = (AveragePool)context.Layer.Operator;
        var geometry = new SlidingGeometry(context.Input(0).Shape, context.Output.Shape, pool.Kernel, pool.Stride, pool.Padding, pool.Dilation);
        return Average(context, geometry, pool.CountPadding, pool.Integer, pool.Counts(context.Input(0).Image));
    }

    public static LayerStep GlobalAverage(LoweringContext context)
    {
        var pool = (GlobalAveragePool)context.Layer.Operator;
        var image = context.Input(0).Image;
        var geometry = new SlidingGeometry(context.Input(0).Shape, context.Output.Shape, image, Size2.Square(1), Padding.None);
        return Average(context, geometry, countPadding: false, pool.Integer, [image.Area]);
    }

    public static LayerStep Max(LoweringContext context)
    {
        var pool = (MaxPool)context.Layer.Operator;
        var geometry = new SlidingGeometry(context.Input(0).Shape, context.Output.Shape, pool.Kernel, pool.Stride, pool.Padding, pool.Dilation);
        var (input, output, grid) = (context.Layer.Inputs[0], context.Layer.Name, context.OneThreadAnElement());
        if (context.IsInteger)
        {
            var maxCodesKernel = PoolingKernels.MaxCodes;
            var maxCodes = context.Kernels.Load(maxCodesKernel);
            return values => maxCodes(grid, values.View<sbyte>(input), values.View<sbyte>(output), geometry);
        }
        var maxKernel = PoolingKernels.Max;
        var max = context.Kernels.Load(maxKernel);
        return values => max(grid, values.View<float>(input), values.View<float>(output), geometry);
    }

    public static LayerStep MaxGradient(LoweringContext context)
    {
        var pool = (MaxPoolGradient)context.Layer.Operator;
        var geometry = new SlidingGeometry(context.Output.Shape, context.Input(1).Shape, pool.Kernel, pool.Stride, pool.Padding, pool.Dilation);
        var (x, dy, dx, grid) = (context.Layer.Inputs[0], context.Layer.Inputs[1], context.Layer.Name, context.OneThreadAnElement());
        var gradientKernel = PoolingKernels.MaxGradient;
        var gradient = context.Kernels.Load(gradientKernel);
        return values => gradient(grid, values.View<float>(x), values.View<float>(dy), values.View<float>(dx), geometry);
    }

    public static LayerStep AverageGradient(LoweringContext context)
    {
        var pool = (AveragePoolGradient)context.Layer.Operator;
        var geometry = new SlidingGeometry(context.Output.Shape, context.Input(0).Shape, pool.Kernel, pool.Stride, pool.Padding);
        var (dy, dx, grid) = (context.Layer.Inputs[0], context.Layer.Name, context.OneThreadAnElement());
        int padding = pool.CountPadding ? 1 : 0;
        var gradientKernel = PoolingKernels.AverageGradient;
        var gradient = context.Kernels.Load(gradientKernel);
        return values => gradient(grid, values.View<float>(dy), values.View<float>(dx), geometry, padding);
    }

    /// <param name="counts">The divisor that pair i of <paramref name="integer"/> belongs to.</param>
    private static LayerStep Average(
        LoweringContext context, SlidingGeometry geometry, bool countPadding, Requantization? integer, ImmutableArray<int> counts)
    {
        var (input, output, grid) = (context.Layer.Inputs[0], context.Layer.Name, context.OneThreadAnElement());
        int padding = countPadding ? 1 : 0;
        if (integer is null)
        {
            var averageKernel = PoolingKernels.Average;
            var average = context.Kernels.Load(averageKernel);
            return values => average(grid, values.View<float>(input), values.View<float>(output), geometry, padding);
        }
        int[] multipliers = new int[counts[^1] + 1];
        int[] shifts = new int[counts[^1] + 1];
        for (int i = 0; i < counts.Length; i++)
            (multipliers[counts[i]], shifts[counts[i]]) = (integer.Multiplier[i], integer.Shift[i]);
        var multiplier = context.Upload<int>(multipliers);
        var shift = context.Upload<int>(shifts);
        var code = new PoolCode
        {
            InputZero = context.ZeroPoint(0),
            OutputZero = integer.Output.ZeroPoint,
            Low = integer.Low,
            High = integer.High,
            CountPadding = padding,
        };
        var averageCodesKernel = PoolingKernels.AverageCodes;
        var averageCodes = context.Kernels.Load(averageCodesKernel);
        return values => averageCodes(grid, values.View<sbyte>(input), multiplier, shift, values.View<sbyte>(output), geometry, code);
    }
}
