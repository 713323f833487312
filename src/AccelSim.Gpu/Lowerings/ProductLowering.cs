using AccelSim.Graph;
using ILGPU;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>Matrix products other than a layer's input by its weights.</summary>
internal static class ProductLowering
{
    public static LayerStep MatrixProduct(LoweringContext context)
    {
        var product = (MatrixProduct)context.Layer.Operator;
        var (shapeA, shapeB, shape) = (context.Input(0).Shape, context.Input(1).Shape, context.Output.Shape);
        int rows = shape[^2], columns = shape[^1], terms = product.Inner(shapeA);
        var stridesA = product.TransposeA ? new MatrixStrides(1, rows) : new MatrixStrides(terms, 1);
        var stridesB = product.TransposeB ? new MatrixStrides(1, terms) : new MatrixStrides(columns, 1);
        var offsets = context.Upload<Pair>(Offsets(shapeA, shapeB, shape));
        var (a, b, output) = (context.Layer.Inputs[0], context.Layer.Inputs[1], context.Layer.Name);
        return Step(context, new Extent(offsets.IntLength, rows, columns), values => new BatchedProduct(
            values.View<float>(a), values.View<float>(b), values.View<float>(output), offsets, stridesA, stridesB, rows, columns, terms));
    }

    public static LayerStep BoltzmannLayer(LoweringContext context)
    {
        bool downward = ((BoltzmannLayer)context.Layer.Operator).Downward;
        int visible = context.ConstantType(0).Shape[1];
        var strides = downward ? new MatrixStrides(visible, 1) : new MatrixStrides(1, visible);
        var (rows, terms) = (context.Input(0).Shape[0], context.Input(0).Shape[1]);
        var weights = context.FloatOperand(0);
        var bias = context.FloatOperand(downward ? 2 : 1);
        var (input, output, columns) = (context.Layer.Inputs[0], context.Layer.Name, context.Output.Shape[1]);
        return Step(context, new Extent(1, rows, columns), values => new UnitProbabilities(
            values.View<float>(input), weights(values), bias(values), values.View<float>(output), strides, rows, terms));
    }

    public static LayerStep TransposedConvolution(LoweringContext context)
    {
        var convolution = (TransposedConvolution)context.Layer.Operator;
        var forward = new SlidingGeometry(
            context.Output.Shape, context.Input(0).Shape, convolution.Kernel, convolution.Stride, convolution.Padding, convolution.Dilation);
        var weights = context.FloatOperand(0);
        var bias = context.FloatOperand(1, forward.InputChannels);
        int groups = convolution.Groups;
        var (input, output) = (context.Layer.Inputs[0], context.Layer.Name);
        return Step(context, new Extent(groups, forward.InputChannels / groups, forward.Batch * forward.InputPixels), values => new TransposedProduct(
            values.View<float>(input), weights(values), bias(values), values.View<float>(output), forward, groups));
    }

    public static LayerStep ConvolutionWeightGradient(LoweringContext context)
    {
        var gradient = (ConvolutionWeightGradient)context.Layer.Operator;
        var geometry = new SlidingGeometry(
            context.Input(0).Shape, context.Input(1).Shape, gradient.Kernel, gradient.Stride, gradient.Padding, gradient.Dilation);
        int groups = gradient.Groups;
        var (x, dy, output) = (context.Layer.Inputs[0], context.Layer.Inputs[1], context.Layer.Name);
        return Step(context, new Extent(groups, geometry.OutputChannels / groups, geometry.InputChannels / groups * geometry.KernelArea), values => new WeightGradientProduct(
            values.View<float>(x), values.View<float>(dy), values.View<float>(output), geometry, groups));
    }

    /// <summary>Tiles, unless three quarters of their places or more would be idle.</summary>
    private static LayerStep Step<TProduct>(LoweringContext context, Extent extent, Func<ValueBuffers, TProduct> product)
        where TProduct : struct, IProduct
    {
        var (rowTiles, columnTiles) = (Tiles(extent.Rows), Tiles(extent.Columns));
        long places = rowTiles * columnTiles * KernelShape.Tile * KernelShape.Tile;
        if (4 * (long)extent.Rows * extent.Columns < places)
        {
            var direct = context.Kernels.Load<TProduct>(ProductKernels.Direct);
            var threads = KernelShape.Threads((long)extent.Batches * extent.Rows * extent.Columns);
            return values => direct(threads, product(values));
        }
        var tiled = context.Kernels.Load<TProduct>(ProductKernels.Tiled);
        var tiles = context.Grid(extent.Batches * rowTiles * columnTiles, new Index3D(KernelShape.TileSide, KernelShape.TileSide, 1));
        return values => tiled(tiles, product(values));

        static long Tiles(int count) => (count + KernelShape.Tile - 1) / KernelShape.Tile;
    }

    /// <summary>Where each batch's matrices begin.</summary>
    private static Pair[] Offsets(Shape shapeA, Shape shapeB, Shape shape)
    {
        var leading = Graph.MatrixProduct.Leading(shape);
        var (stridesA, stridesB) = (Broadcasting.Strides(Graph.MatrixProduct.Leading(shapeA), leading), Broadcasting.Strides(Graph.MatrixProduct.Leading(shapeB), leading));
        var offsets = new Pair[leading.Elements];
        for (int batch = 0; batch < offsets.Length; batch++)
        {
            long rest = batch, a = 0, b = 0;
            for (int dimension = leading.Rank - 1; dimension >= 0; dimension--)
            {
                (rest, long coordinate) = Math.DivRem(rest, leading[dimension]);
                a += coordinate * stridesA[dimension];
                b += coordinate * stridesB[dimension];
            }
            offsets[batch] = new Pair { A = (int)(a * shapeA[^2] * shapeA[^1]), B = (int)(b * shapeB[^2] * shapeB[^1]) };
        }
        return offsets;
    }

    private readonly record struct Extent(int Batches, int Rows, int Columns);
}
