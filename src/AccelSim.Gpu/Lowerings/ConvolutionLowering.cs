using AccelSim.Graph;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>
/// Convolutions and fully connected layers whose weights are constants without zero points, by the kernel that was chosen, with what comes after them in the
/// same kernel: bias, requantization, activation, and a residual add.
/// </summary>
internal static class ConvolutionLowering
{
    public static LayerStep Lower(LoweringContext context, ProductProblem problem, ProductChoice choice, ClampKind clamp, MacArithmetic? integer) =>
        integer is null ? Float(context, problem, choice, clamp) : Integer(context, problem, choice, integer);

    private static LayerStep Float(LoweringContext context, ProductProblem problem, ProductChoice choice, ClampKind clamp)
    {
        var bias = context.FloatOperand(1, problem.Geometry.OutputChannels);
        var (low, high) = (clamp.Low(), clamp.High());
        Func<ValueBuffers, FloatPanel> arithmetic = values => new FloatPanel(bias(values), low, high);
        if (context.Residual is { } add)
        {
            var sum = ((Add)add.Operator).Clamp;
            var (residual, sumLow, sumHigh) = (context.ResidualValue!, sum.Low(), sum.High());
            arithmetic = values => new FloatPanel(bias(values), low, high, values.View<float>(residual), sumLow, sumHigh);
        }
        return choice switch
        {
            { IsTile: true } => TileLowering.Float(context, problem, choice, arithmetic),
            { Kernel: ProductKernel.Rows } => Rows<float, float, FloatPanel>(context, problem, context.Constant(0)!.Float32, arithmetic, 0f),
            _ => PanelLowering.Float(context, problem, choice.Threads, arithmetic),
        };
    }

    private static LayerStep Integer(LoweringContext context, ProductProblem problem, ProductChoice choice, MacArithmetic integer)
    {
        if (problem.IsDepthwise)
        {
            var single = CodePanel(context, context.Layer, integer);
            return choice.Kernel == ProductKernel.Rows
                ? Rows<sbyte, int, CodePanel>(context, problem, context.Constant(0)!.Int8, _ => single, (sbyte)context.ZeroPoint(0))
                : PanelLowering.Codes(context, problem, choice.Threads, single);
        }
        var (codes, range) = (context.Upload<ChannelCode>(ChannelCodes(context, context.Layer, integer)), integer.Requantization);
        var plain = new WordPanel(codes, range.Output.ZeroPoint, range.Low, range.High);
        Func<ValueBuffers, WordPanel> arithmetic = _ => plain;
        if (context.Residual is { } add)
        {
            var (residual, sum) = (context.ResidualValue!, context.ResidualCode(((Add)add.Operator).Integer!));
            arithmetic = values => new WordPanel(codes, range.Output.ZeroPoint, range.Low, range.High, values.View<sbyte>(residual), sum);
        }
        return choice.IsTile ? TileLowering.Words(context, problem, choice, arithmetic) : PanelLowering.Words(context, problem, choice.Threads, arithmetic);
    }

    /// <summary>The arithmetic of an int8 depthwise layer.</summary>
    public static CodePanel CodePanel(LoweringContext context, Layer layer, MacArithmetic integer) => new(
        context.Upload<ChannelCode>(ChannelCodes(context, layer, integer)), integer.Requantization.Output.ZeroPoint, integer.Requantization.Low, integer.Requantization.High);

    /// <summary>z_x·Σ w taken off each bias. Sums wrap around and come back: the accumulator of the whole fits 32 bits.</summary>
    private static ChannelCode[] ChannelCodes(LoweringContext context, Layer layer, MacArithmetic integer)
    {
        var weights = context.Constant(layer, 0)!.Int8;
        var bias = context.Constant(layer, 1)!.Int32;
        int inputZero = context.TypeOf(layer.Inputs[0]).Quantization!.Value.ZeroPoint;
        var codes = new ChannelCode[bias.Length];
        int terms = weights.Length / codes.Length;
        for (int channel = 0; channel < codes.Length; channel++)
        {
            int sum = 0;
            foreach (sbyte weight in weights.Slice(channel * terms, terms))
                sum += weight;
            codes[channel] = new ChannelCode(unchecked(bias[channel] - inputZero * sum), integer.Requantization.Multiplier[channel], integer.Requantization.Shift[channel], 0);
        }
        return codes;
    }

    private static LayerStep Rows<TElement, TSum, TArithmetic>(
        LoweringContext context, ProductProblem problem, ReadOnlySpan<TElement> weights, Func<ValueBuffers, TArithmetic> arithmetic, TElement outside)
        where TElement : unmanaged
        where TSum : unmanaged
        where TArithmetic : struct, IPanelArithmetic<TElement, TSum, TElement>
    {
        var geometry = problem.Geometry;
        var kernels = context.Kernels;
        var rows = geometry switch
        {
            { DilationHeight: not 1 } or { DilationWidth: not 1 } => Load<AnyWindow>(),
            { KernelHeight: 3, KernelWidth: 3, StrideHeight: 1, StrideWidth: 1 } => Load<Window3Stride1>(),
            { KernelHeight: 3, KernelWidth: 3, StrideHeight: 2, StrideWidth: 2 } => Load<Window3Stride2>(),
            { KernelHeight: 5, KernelWidth: 5, StrideHeight: 1, StrideWidth: 1 } => Load<Window5Stride1>(),
            { KernelHeight: 5, KernelWidth: 5, StrideHeight: 2, StrideWidth: 2 } => Load<Window5Stride2>(),
            _ => Load<AnyWindow>(),
        };
        int strips = (geometry.OutputHeight + DepthwiseRowsKernel.Rows - 1) / DepthwiseRowsKernel.Rows;
        var grid = KernelShape.Threads((long)geometry.Batch * geometry.OutputChannels * strips * geometry.OutputWidth);
        var filters = context.Upload(weights);
        var (input, output) = (context.Layer.Inputs[0], context.Target);
        return values => rows(grid, values.View<TElement>(input), filters, values.View<TElement>(output), geometry, arithmetic(values), outside);

        Action<KernelConfig, ArrayView<TElement>, ArrayView<TElement>, ArrayView<TElement>, SlidingGeometry, TArithmetic, TElement> Load<TWindow>()
            where TWindow : struct, IDepthwiseWindow =>
            kernels.Load<ArrayView<TElement>, ArrayView<TElement>, ArrayView<TElement>, SlidingGeometry, TArithmetic, TElement>(
                DepthwiseRowsKernel.Run<TElement, TSum, TArithmetic, TWindow>);
    }
}
