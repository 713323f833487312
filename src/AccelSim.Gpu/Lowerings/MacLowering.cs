using AccelSim.Graph;
using ILGPU;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>Enqueues a layer of multiply-accumulates: input, weights, output, arithmetic.</summary>
internal delegate void MacStep<TElement, TArithmetic>(ArrayView<TElement> input, ArrayView<TElement> weights, ArrayView<TElement> output, TArithmetic arithmetic)
    where TElement : unmanaged;

/// <summary>
/// Convolution, fully connected and radial basis layers. Where weights are constants without zero points there are several kernels (<see cref="ConvolutionLowering"/>);
/// else the tiled matrix product, or the direct kernel where the convolution is depthwise.
/// </summary>
internal static class MacLowering
{
    public static LayerStep Convolution(LoweringContext context)
    {
        var convolution = (Convolution)context.Layer.Operator;
        var geometry = new SlidingGeometry(
            context.Input(0).Shape, context.Output.Shape, convolution.Kernel, convolution.Stride, convolution.Padding, convolution.Dilation);
        return Lower(context, geometry, convolution.Groups, convolution.IsDepthwise(context.Input(0)), convolution.Clamp, convolution.Integer);
    }

    public static LayerStep FullyConnected(LoweringContext context)
    {
        var layer = (FullyConnected)context.Layer.Operator;
        return Lower(context, Vectors(context.Output.Shape[0], context.Input(0).Shape[1], context.Output.Shape[1]), groups: 1, depthwise: false, layer.Clamp, layer.Integer);
    }

    public static LayerStep RadialBasis(LoweringContext context)
    {
        var step = Matrix<float, float, SquaredDistance>(context, Vectors(context.Output.Shape[0], context.Input(0).Shape[1], context.Output.Shape[1]), groups: 1);
        var centres = context.FloatOperand(0);
        var (input, output) = (context.Layer.Inputs[0], context.Layer.Name);
        return values => step(values.View<float>(input), centres(values), values.View<float>(output), new SquaredDistance());
    }

    /// <summary>[N, I] to [N, O], as images of one pixel.</summary>
    public static SlidingGeometry Vectors(int batch, int inputs, int outputs)
    {
        var pixel = Size2.Square(1);
        return new SlidingGeometry(Shape.Of(batch, inputs, 1, 1), Shape.Of(batch, outputs, 1, 1), pixel, pixel, Padding.None);
    }

    /// <summary>The tiled matrix product of one geometry.</summary>
    public static MacStep<TElement, TArithmetic> Matrix<TElement, TSum, TArithmetic>(LoweringContext context, SlidingGeometry geometry, int groups)
        where TElement : unmanaged
        where TSum : unmanaged
        where TArithmetic : struct, IMacArithmetic<TElement, TSum>
    {
        var taps = context.Upload<Tap>(Taps(geometry, groups));
        var tiles = context.Grid(
            (long)Tiles(geometry.Batch * geometry.OutputPixels) * Tiles(geometry.OutputChannels / groups) * groups, new Index3D(KernelShape.TileSide, KernelShape.TileSide, 1));
        var matrix = context.Kernels.Load<ArrayView<TElement>, ArrayView<TElement>, ArrayView<Tap>, ArrayView<TElement>, SlidingGeometry, int, TArithmetic>(
            MatrixKernel.Run<TElement, TSum, TArithmetic>);
        return (input, weights, output, arithmetic) => matrix(tiles, input, weights, taps, output, geometry, groups, arithmetic);
    }

    private static LayerStep Lower(LoweringContext context, SlidingGeometry geometry, int groups, bool depthwise, ClampKind clamp, MacArithmetic? integer)
    {
        if (context.Problem is { } problem)
            return ConvolutionLowering.Lower(context, problem, context.Choose(problem), clamp, integer);
        var (input, output) = (context.Layer.Inputs[0], context.Layer.Name);
        if (integer is not null)
        {
            var codes = context.Upload(context.Constant(0)!.Int8);
            var requantization = integer.Requantization;
            var arithmetic = new CodeMac(
                context.Upload<ChannelCode>(ChannelCodes(integer, context.Constant(1)!.Int32)),
                context.ZeroPoint(0), requantization.Output.ZeroPoint, requantization.Low, requantization.High);
            var integerStep = Step<sbyte, int, CodeMac>(context, geometry, groups, depthwise);
            return values => integerStep(values.View<sbyte>(input), codes, values.View<sbyte>(output), arithmetic);
        }
        var weights = context.FloatOperand(0);
        var bias = context.FloatOperand(1, geometry.OutputChannels);
        var (low, high) = (clamp.Low(), clamp.High());
        var step = Step<float, float, FloatMac>(context, geometry, groups, depthwise);
        return values => step(values.View<float>(input), weights(values), values.View<float>(output), new FloatMac(bias(values), low, high));
    }

    private static MacStep<TElement, TArithmetic> Step<TElement, TSum, TArithmetic>(LoweringContext context, SlidingGeometry geometry, int groups, bool depthwise)
        where TElement : unmanaged
        where TSum : unmanaged
        where TArithmetic : struct, IMacArithmetic<TElement, TSum>
    {
        if (!depthwise)
            return Matrix<TElement, TSum, TArithmetic>(context, geometry, groups);
        var grid = context.OneThreadAnElement();
        var direct = context.Kernels.Load<ArrayView<TElement>, ArrayView<TElement>, ArrayView<TElement>, SlidingGeometry, TArithmetic>(
            DepthwiseKernel.Run<TElement, TSum, TArithmetic>);
        return (input, weights, output, arithmetic) => direct(grid, input, weights, output, geometry, arithmetic);
    }

    private static int Tiles(int extent) => (extent + KernelShape.Tile - 1) / KernelShape.Tile;

    private static ChannelCode[] ChannelCodes(MacArithmetic integer, ReadOnlySpan<int> bias)
    {
        var codes = new ChannelCode[bias.Length];
        for (int c = 0; c < codes.Length; c++)
            codes[c] = new ChannelCode(bias[c], integer.Requantization.Multiplier[c], integer.Requantization.Shift[c], integer.WeightZeroPointOf(c));
        return codes;
    }

    /// <summary>The terms of a sum in the order of the weights: input channel of the group, kernel row, kernel column.</summary>
    private static Tap[] Taps(SlidingGeometry geometry, int groups) => Taps(geometry, geometry.InputChannels / groups, channelsApart: 1);

    /// <summary>The same for every <paramref name="channelsApart"/>th channel.</summary>
    internal static Tap[] Taps(SlidingGeometry geometry, int channels, int channelsApart)
    {
        var taps = new Tap[(channels + channelsApart - 1) / channelsApart * geometry.KernelArea];
        for (int i = 0; i < taps.Length; i++)
        {
            var (channel, place) = Math.DivRem(i, geometry.KernelArea);
            int row = place / geometry.KernelWidth * geometry.DilationHeight;
            int column = place % geometry.KernelWidth * geometry.DilationWidth;
            taps[i] = new Tap(channel * channelsApart * geometry.InputPixels + row * geometry.InputWidth + column, row, column);
        }
        return taps;
    }
}
