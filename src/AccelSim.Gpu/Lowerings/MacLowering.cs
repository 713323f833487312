using AccelSim.Graph;
using ILGPU;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>Convolution, fully connected and radial basis layers: the tiled matrix product, or the direct kernel where the convolution is depthwise.</summary>
internal static class MacLowering
{
    public static LayerStep Convolution(LoweringContext context)
    {
        var convolution = (Convolution)context.Layer.Operator;
        var geometry = new SlidingGeometry(context.Input(0).Shape, context.Output.Shape, convolution.Kernel, convolution.Stride, convolution.Padding);
        return Lower(context, geometry, convolution.Groups, convolution.IsDepthwise(context.Input(0)), convolution.Clamp, convolution.Integer);
    }

    public static LayerStep FullyConnected(LoweringContext context)
    {
        var layer = (FullyConnected)context.Layer.Operator;
        return Lower(context, Vectors(context), groups: 1, depthwise: false, layer.Clamp, layer.Integer);
    }

    public static LayerStep RadialBasis(LoweringContext context) => Step<float, float, SquaredDistance>(
        context, Vectors(context), groups: 1, depthwise: false, context.Upload(context.Constant(0)!.Float32), new SquaredDistance());

    /// <summary>[N, F] as images of one pixel.</summary>
    private static SlidingGeometry Vectors(LoweringContext context)
    {
        var pixel = Size2.Square(1);
        return new SlidingGeometry(AsImage(context.Input(0)), AsImage(context.Output), pixel, pixel, Padding.None);

        static Shape AsImage(TensorType type) => Shape.Of(type.Shape[0], type.Shape[1], 1, 1);
    }

    private static LayerStep Lower(LoweringContext context, SlidingGeometry geometry, int groups, bool depthwise, ClampKind clamp, MacArithmetic? integer)
    {
        var weights = context.Constant(0)!;
        if (integer is not null)
        {
            var requantization = integer.Requantization;
            var arithmetic = new CodeMac(
                context.Upload<ChannelCode>(ChannelCodes(integer, context.Constant(1)!.Int32)),
                context.ZeroPoint(0), requantization.Output.ZeroPoint, requantization.Low, requantization.High);
            return Step<sbyte, int, CodeMac>(context, geometry, groups, depthwise, context.Upload(weights.Int8), arithmetic);
        }
        var bias = context.Constant(1) is { } given ? given.Float32 : new float[geometry.OutputChannels];
        return Step<float, float, FloatMac>(
            context, geometry, groups, depthwise, context.Upload(weights.Float32), new FloatMac(context.Upload(bias), clamp.Low(), clamp.High()));
    }

    private static LayerStep Step<TElement, TSum, TArithmetic>(
        LoweringContext context, SlidingGeometry geometry, int groups, bool depthwise, ArrayView<TElement> weights, TArithmetic arithmetic)
        where TElement : unmanaged
        where TSum : unmanaged
        where TArithmetic : struct, IMacArithmetic<TElement, TSum>
    {
        var (input, output) = (context.Layer.Inputs[0], context.Layer.Name);
        if (depthwise)
        {
            var grid = context.OneThreadAnElement();
            var direct = context.Kernels.Load<ArrayView<TElement>, ArrayView<TElement>, ArrayView<TElement>, SlidingGeometry, TArithmetic>(
                DepthwiseKernel.Run<TElement, TSum, TArithmetic>);
            return values => direct(grid, values.View<TElement>(input), weights, values.View<TElement>(output), geometry, arithmetic);
        }
        var taps = context.Upload<Tap>(Taps(geometry, groups));
        var tiles = new KernelConfig(
            new Index3D(Tiles(geometry.Batch * geometry.OutputPixels), Tiles(geometry.OutputChannels / groups), groups),
            new Index3D(KernelShape.TileSide, KernelShape.TileSide, 1));
        var matrix = context.Kernels.Load<ArrayView<TElement>, ArrayView<TElement>, ArrayView<Tap>, ArrayView<TElement>, SlidingGeometry, int, TArithmetic>(
            MatrixKernel.Run<TElement, TSum, TArithmetic>);
        return values => matrix(tiles, values.View<TElement>(input), weights, taps, values.View<TElement>(output), geometry, groups, arithmetic);
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
    private static Tap[] Taps(SlidingGeometry geometry, int groups)
    {
        var taps = new Tap[geometry.InputChannels / groups * geometry.KernelArea];
        for (int i = 0; i < taps.Length; i++)
        {
            var (channel, place) = Math.DivRem(i, geometry.KernelArea);
            var (row, column) = Math.DivRem(place, geometry.KernelWidth);
            taps[i] = new Tap(channel * geometry.InputPixels + row * geometry.InputWidth + column, row, column);
        }
        return taps;
    }
}
