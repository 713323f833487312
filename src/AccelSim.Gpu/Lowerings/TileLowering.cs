using AccelSim.Graph;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>Enqueues a product of tiles.</summary>
internal delegate void TileStep<TOperand, TElement, TArithmetic>(TOperand operand, ArrayView<TElement> output, TArithmetic arithmetic)
    where TElement : unmanaged;

/// <summary>Convolutions as products of tiles in shared memory (<see cref="TileKernel"/>).</summary>
internal static class TileLowering
{
    /// <summary>A multiple of the depth of every tile.</summary>
    private const int Depth = 16;

    public static LayerStep Float(LoweringContext context, ProductProblem problem, ProductChoice choice, Func<ValueBuffers, FloatPanel> arithmetic)
    {
        var (geometry, groups) = (problem.Geometry, problem.Groups);
        var weights = context.Constant(0)!.Float32;
        var output = context.Target;
        if (context.Depthwise is { } depthwise)
        {
            var step = Step<float, float, float, FloatPanel, DepthwisePixels, Windows>(context, problem, choice, weights);
            var filters = context.Upload(context.Constant(depthwise, 0)!.Float32);
            var bias = context.FloatOperand(depthwise, 1, geometry.InputChannels);
            var (convolution, source) = ((Convolution)depthwise.Operator, depthwise.Inputs[0]);
            var (window, low, high) = (Window(context, depthwise, convolution), convolution.Clamp.Low(), convolution.Clamp.High());
            return values => step(
                new DepthwisePixels(values.View<float>(source), filters, window, new FloatPanel(bias(values), low, high)), values.View<float>(output), arithmetic(values));
        }
        string input = context.Layer.Inputs[0];
        if (problem.IsQuads)
        {
            var step = Step<float, float, float, FloatPanel, PointwisePixels, int>(context, problem, choice, weights);
            return values => step(
                new PointwisePixels(values.View<float>(input), geometry.InputChannels, geometry.InputPixels, geometry.Batch, groups), values.View<float>(output), arithmetic(values));
        }
        var gathered = Step<float, float, float, FloatPanel, GatheredPixels, Windows>(context, problem, choice, weights);
        var taps = context.Upload<Tap>(MacLowering.Taps(geometry, problem.Channels, channelsApart: 1));
        return values => gathered(new GatheredPixels(values.View<float>(input), taps, geometry, groups), values.View<float>(output), arithmetic(values));
    }

    public static LayerStep Words(LoweringContext context, ProductProblem problem, ProductChoice choice, Func<ValueBuffers, WordPanel> arithmetic)
    {
        var (geometry, groups) = (problem.Geometry, problem.Groups);
        int[] weights = CodeWord.Pack(context.Constant(0)!.Int8, geometry.OutputChannels, problem.Channels, geometry.KernelArea);
        var output = context.Target;
        if (context.Depthwise is { } depthwise)
        {
            var step = Step<int, int, sbyte, WordPanel, DepthwiseCodes, Windows>(context, problem, choice, weights);
            var filters = context.Upload(context.Constant(depthwise, 0)!.Int8);
            var (convolution, source) = ((Convolution)depthwise.Operator, depthwise.Inputs[0]);
            var single = ConvolutionLowering.CodePanel(context, depthwise, convolution.Integer!);
            var window = Window(context, depthwise, convolution);
            int around = context.TypeOf(source).Quantization!.Value.ZeroPoint;
            return values => step(new DepthwiseCodes(values.View<sbyte>(source), filters, window, single, around), values.View<sbyte>(output), arithmetic(values));
        }
        string input = context.Layer.Inputs[0];
        if (problem.IsQuads)
        {
            var step = Step<int, int, sbyte, WordPanel, PointwiseCodes, int>(context, problem, choice, weights);
            return values => step(
                new PointwiseCodes(values.View<sbyte>(input), geometry.InputChannels, geometry.InputPixels, geometry.Batch, groups), values.View<sbyte>(output), arithmetic(values));
        }
        var gathered = Step<int, int, sbyte, WordPanel, GatheredCodes, Windows>(context, problem, choice, weights);
        var taps = context.Upload<Tap>(MacLowering.Taps(geometry, problem.Channels, CodeWord.Codes));
        int outside = context.ZeroPoint(0);
        return values => gathered(new GatheredCodes(values.View<sbyte>(input), taps, geometry, groups, outside), values.View<sbyte>(output), arithmetic(values));
    }

    private static SlidingGeometry Window(LoweringContext context, Layer depthwise, Convolution convolution) => new(
        context.TypeOf(depthwise.Inputs[0]).Shape, context.TypeOf(depthwise.Name).Shape, convolution.Kernel, convolution.Stride, convolution.Padding, convolution.Dilation);

    /// <param name="context">The layer.</param>
    /// <param name="problem">The convolution.</param>
    /// <param name="choice">The shape of tiles.</param>
    /// <param name="weights">[outputs, terms].</param>
    private static TileStep<TOperand, TElement, TArithmetic> Step<TWord, TSum, TElement, TArithmetic, TOperand, TPlace>(
        LoweringContext context, ProductProblem problem, ProductChoice choice, ReadOnlySpan<TWord> weights)
        where TWord : unmanaged
        where TSum : unmanaged
        where TElement : unmanaged
        where TArithmetic : struct, IPanelArithmetic<TWord, TSum, TElement>
        where TOperand : struct, ITileOperand<TWord, TPlace>
        where TPlace : unmanaged
    {
        int terms = weights.Length / problem.Geometry.OutputChannels;
        var (tileRows, tileColumns) = choice.Tile;
        int columns = checked((int)problem.Columns);
        var geometry = new TileGeometry
        {
            Rows = problem.Rows,
            Columns = columns,
            Terms = Ceiling(terms, Depth) * Depth,
            Pixels = problem.Geometry.OutputPixels,
            OutputChannels = problem.Geometry.OutputChannels,
        };
        var packed = context.Upload<TWord>(Packed(weights, problem.Groups, problem.Rows, terms, geometry.Terms, tileRows));
        var kernels = context.Kernels;
        return choice.Kernel switch
        {
            ProductKernel.Tile128x128 => Of<Tile128x128>(),
            ProductKernel.Tile64x128 => Of<Tile64x128>(),
            ProductKernel.Tile64x64 => Of<Tile64x64>(),
            _ => Of<Tile32x32>(),
        };

        TileStep<TOperand, TElement, TArithmetic> Of<TShape>()
            where TShape : struct, ITileShape
        {
            var shape = default(TShape);
            var grid = context.Grid((long)Ceiling(columns, tileColumns) * Ceiling(problem.Rows, tileRows) * problem.Groups, new Index3D(shape.ThreadRows * shape.ThreadColumns, 1, 1));
            var tiles = kernels.Load<ArrayView<TWord>, TOperand, ArrayView<TElement>, TileGeometry, TArithmetic>(
                TileKernel.Run<TWord, TSum, TElement, TArithmetic, TOperand, TPlace, TShape>);
            return (operand, output, arithmetic) => tiles(grid, packed, operand, output, geometry, arithmetic);
        }
    }

    /// <summary>[groups, rows, terms] as [groups, tiles of rows, terms rounded up, rows of a tile], 0 where there is no row or term.</summary>
    private static T[] Packed<T>(ReadOnlySpan<T> weights, int groups, int rows, int terms, int paddedTerms, int tileRows)
    {
        int tiles = Ceiling(rows, tileRows);
        var packed = new T[checked(groups * tiles * paddedTerms * tileRows)];
        for (int i = 0; i < weights.Length; i++)
        {
            var (groupRow, term) = Math.DivRem(i, terms);
            var (group, row) = Math.DivRem(groupRow, rows);
            packed[((group * tiles + row / tileRows) * paddedTerms + term) * tileRows + row % tileRows] = weights[i];
        }
        return packed;
    }

    private static int Ceiling(int count, int part) => (count + part - 1) / part;
}
