using System.Runtime.InteropServices;
using AccelSim.Graph;
using ILGPU;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>Enqueues a layer as a panel product.</summary>
internal delegate void PanelStep<TWord, TElement, TArithmetic>(ValueBuffers values, ArrayView<TWord> input, ArrayView<TElement> output, TArithmetic arithmetic)
    where TWord : unmanaged
    where TElement : unmanaged;

/// <summary>Enqueues the product itself.</summary>
internal delegate void PanelProduct<TWord, TElement, TArithmetic>(ArrayView<TWord> columns, ArrayView<TWord> rows, ArrayView<TElement> output, TArithmetic arithmetic)
    where TWord : unmanaged
    where TElement : unmanaged;

/// <summary>Convolutions and fully connected layers as panel products (<see cref="PanelKernel"/>). Their weights must be constants.</summary>
internal static class PanelLowering
{
    /// <summary>Elements that the last tile's threads may read past the end of a right operand among the constants; an arena has as many (<see cref="ValueBuffers.Slack"/>).</summary>
    private const int Slack = (int)ValueBuffers.Slack / sizeof(float);

    /// <summary>Columns of the product of one image; of a vector, its outputs.</summary>
    public static int Columns(ProductProblem problem) => IsVector(problem) ? problem.Geometry.OutputChannels : new PlaneLayout(problem.Geometry).Columns;

    /// <summary>A float32 layer.</summary>
    public static LayerStep Float(LoweringContext context, ProductProblem problem, int threads, Func<ValueBuffers, FloatPanel> arithmetic)
    {
        var geometry = problem.Geometry;
        var weights = context.Constant(0)!.Float32;
        var (input, output) = (context.Layer.Inputs[0], context.Target);
        if (IsVector(problem))
        {
            var vectors = Vectors<float, float, float, FloatPanel>(context, geometry, threads, weights, geometry.InputChannels * geometry.InputPixels);
            return values => vectors(values, values.View<float>(input), values.View<float>(output), arithmetic(values));
        }
        var layout = new PlaneLayout(geometry);
        var images = Pixels<float, float, float, FloatPanel>(context, problem, threads, layout, problem.Channels, weights);
        var planes = Planes(context, geometry, layout, 0f);
        return values => images(values, planes(values, values.View<float>(input)), values.View<float>(output), arithmetic(values));
    }

    /// <summary>An int8 layer, four channels a word.</summary>
    public static LayerStep Words(LoweringContext context, ProductProblem problem, int threads, Func<ValueBuffers, WordPanel> arithmetic)
    {
        var geometry = problem.Geometry;
        var weights = context.Constant(0)!.Int8;
        var (input, output) = (context.Layer.Inputs[0], context.Target);
        if (IsVector(problem))
        {
            var vectors = Vectors<int, int, sbyte, WordPanel>(context, geometry, threads, MemoryMarshal.Cast<sbyte, int>(weights), weights.Length / geometry.OutputChannels / CodeWord.Codes);
            return values => vectors(values, values.View<sbyte>(input).Cast<int>(), values.View<sbyte>(output), arithmetic(values));
        }
        var layout = new PlaneLayout(geometry);
        int channels = problem.Channels;
        int words = Ceiling(channels, CodeWord.Codes);
        var images = Pixels<int, int, sbyte, WordPanel>(context, problem, threads, layout, words, CodeWord.Pack(weights, geometry.OutputChannels, channels, geometry.KernelArea));
        var packed = context.Scratch<int>((long)geometry.Batch * problem.Groups * words * layout.ChannelStride);
        var phases = context.Upload<PlanePhase>(layout.Phases);
        var packKernel = PlaneKernels.Pack;
        var pack = context.Kernels.Load(packKernel);
        var (sizes, grid) = PlaneGrid(context, layout, (long)geometry.Batch * problem.Groups * words);
        int outside = context.ZeroPoint(0);
        return values =>
        {
            var laidOut = packed(values);
            pack(grid, values.View<sbyte>(input), phases, laidOut, sizes, channels, outside);
            images(values, laidOut, values.View<sbyte>(output), arithmetic(values));
        };
    }

    /// <summary>An int8 depthwise layer.</summary>
    public static LayerStep Codes(LoweringContext context, ProductProblem problem, int threads, CodePanel arithmetic)
    {
        var layout = new PlaneLayout(problem.Geometry);
        var (input, output) = (context.Layer.Inputs[0], context.Target);
        var depthwise = Pixels<sbyte, int, sbyte, CodePanel>(context, problem, threads, layout, 1, context.Constant(0)!.Int8);
        var planes = Planes(context, problem.Geometry, layout, (sbyte)context.ZeroPoint(0));
        return values => depthwise(values, planes(values, values.View<sbyte>(input)), values.View<sbyte>(output), arithmetic);
    }

    /// <summary>The input as planes, or as it is where it lies as planes already.</summary>
    private static Func<ValueBuffers, ArrayView<T>, ArrayView<T>> Planes<T>(LoweringContext context, SlidingGeometry geometry, PlaneLayout layout, T outside)
        where T : unmanaged
    {
        if (layout.IsInput)
            return (_, images) => images;
        var planes = context.Scratch<T>((long)geometry.Batch * geometry.InputChannels * layout.ChannelStride);
        var phases = context.Upload<PlanePhase>(layout.Phases);
        var pad = context.Kernels.Load<ArrayView<T>, ArrayView<PlanePhase>, ArrayView<T>, PlaneGeometry, T>(PlaneKernels.Pad);
        var (sizes, grid) = PlaneGrid(context, layout, (long)geometry.Batch * geometry.InputChannels);
        return (values, images) =>
        {
            var laidOut = planes(values);
            pad(grid, images, phases, laidOut, sizes, outside);
            return laidOut;
        };
    }

    /// <summary>Whether images are vectors, of whole words.</summary>
    private static bool IsVector(ProductProblem problem) =>
        problem.IsVector && (problem.Element == ElementType.Float32 || problem.Channels * problem.Geometry.InputPixels % CodeWord.Codes == 0);

    /// <summary>Images of one vector each: the columns are outputs, the rows images.</summary>
    private static PanelStep<TWord, TElement, TArithmetic> Vectors<TWord, TSum, TElement, TArithmetic>(
        LoweringContext context, SlidingGeometry sliding, int threads, ReadOnlySpan<TWord> weights, int terms)
        where TWord : unmanaged
        where TSum : unmanaged
        where TElement : unmanaged
        where TArithmetic : struct, IPanelArithmetic<TWord, TSum, TElement>
    {
        int outputs = sliding.OutputChannels;
        var geometry = new PanelGeometry { Groups = 1, Rows = sliding.Batch, Terms = terms, OutputRowStride = outputs };
        int[] offsets = [.. Enumerable.Range(0, terms).Select(term => term * outputs)];
        var columns = context.Upload<TWord>(Transposed(weights, outputs, terms));
        var rows = Rows<TWord>(context, sliding.Batch, terms);
        var product = Product<TWord, TSum, TElement, TArithmetic, OutputChannels>(context, geometry, threads, offsets, outputs, images: 1, new OutputChannels(outputs));
        return (values, input, output, arithmetic) => product(columns, rows(values, input), output, arithmetic);
    }

    /// <summary>Images as planes: the columns are pixels, the rows output channels.</summary>
    /// <param name="context">The layer.</param>
    /// <param name="problem">The convolution.</param>
    /// <param name="threads">Of a group.</param>
    /// <param name="layout">How the planes lie.</param>
    /// <param name="channels">Planes of a group: its input channels, or words of them.</param>
    /// <param name="weights">[outputs, channels, taps].</param>
    private static PanelStep<TWord, TElement, TArithmetic> Pixels<TWord, TSum, TElement, TArithmetic>(
        LoweringContext context, ProductProblem problem, int threads, PlaneLayout layout, int channels, ReadOnlySpan<TWord> weights)
        where TWord : unmanaged
        where TSum : unmanaged
        where TElement : unmanaged
        where TArithmetic : struct, IPanelArithmetic<TWord, TSum, TElement>
    {
        var (sliding, groups) = (problem.Geometry, problem.Groups);
        var geometry = new PanelGeometry
        {
            Groups = groups,
            Rows = problem.Rows,
            Terms = channels * layout.TapOffsets.Length,
            ImageStride = groups * channels * layout.ChannelStride,
            GroupStride = channels * layout.ChannelStride,
            OutputImageStride = sliding.OutputChannels * sliding.OutputPixels,
            OutputRowStride = sliding.OutputPixels,
        };
        int[] offsets = [.. Enumerable.Range(0, channels).SelectMany(channel => layout.TapOffsets.Select(tap => channel * layout.ChannelStride + tap))];
        var rows = context.Upload<TWord>(Panels(weights, groups, geometry.Rows, geometry.Terms));
        var product = layout.Width == sliding.OutputWidth
            ? Product<TWord, TSum, TElement, TArithmetic, DensePixels>(context, geometry, threads, offsets, layout.Columns, sliding.Batch, new DensePixels(layout.Columns))
            : Product<TWord, TSum, TElement, TArithmetic, PitchedPixels>(
                context, geometry, threads, offsets, layout.Columns, sliding.Batch, new PitchedPixels(sliding.OutputHeight, sliding.OutputWidth, layout.Width));
        return (_, input, output, arithmetic) => product(input, rows, output, arithmetic);
    }

    private static PanelProduct<TWord, TElement, TArithmetic> Product<TWord, TSum, TElement, TArithmetic, TColumns>(
        LoweringContext context, PanelGeometry geometry, int threads, int[] termOffsets, int columns, int images, TColumns kind)
        where TWord : unmanaged
        where TSum : unmanaged
        where TElement : unmanaged
        where TArithmetic : struct, IPanelArithmetic<TWord, TSum, TElement>
        where TColumns : struct, IPanelColumns
    {
        var offsets = context.Upload<int>(termOffsets);
        bool single = geometry.Rows == 1;
        geometry.ColumnTiles = Ceiling(columns, threads);
        geometry.RowPanels = single ? 1 : Ceiling(geometry.Rows, PanelKernel.Rows);
        var grid = context.Grid((long)images * geometry.Groups * geometry.RowPanels * geometry.ColumnTiles, new Index3D(threads, 1, 1));
        var product = context.Kernels.Load<ArrayView<TWord>, ArrayView<TWord>, ArrayView<int>, ArrayView<TElement>, PanelGeometry, TArithmetic, TColumns>(
            single ? VectorKernel.Run<TWord, TSum, TElement, TArithmetic, TColumns> : PanelKernel.Run<TWord, TSum, TElement, TArithmetic, TColumns>);
        return (input, weights, output, arithmetic) => product(grid, input, weights, offsets, output, geometry, arithmetic, kind);
    }

    /// <summary>The images of a fully connected layer as the panels of its product; a single one as it is.</summary>
    private static Func<ValueBuffers, ArrayView<TWord>, ArrayView<TWord>> Rows<TWord>(LoweringContext context, int batch, int terms)
        where TWord : unmanaged
    {
        if (batch == 1)
            return (_, images) => images;
        long words = (long)Ceiling(batch, PanelKernel.Rows) * PanelKernel.Rows * terms;
        var panels = context.Scratch<TWord>(words);
        var grid = KernelShape.Threads(words);
        var arrange = context.Kernels.Load<ArrayView<TWord>, ArrayView<TWord>, int>(PlaneKernels.Panel);
        return (values, images) =>
        {
            var arranged = panels(values);
            arrange(grid, images, arranged, terms);
            return arranged;
        };
    }

    private static (PlaneGeometry Sizes, KernelConfig Grid) PlaneGrid(LoweringContext context, PlaneLayout layout, long channels)
    {
        int threads = context.Device.GroupFor(layout.Width);
        int tiles = Ceiling(layout.Width, threads);
        return (layout.Geometry with { RowTiles = tiles }, context.Grid(channels * layout.Phases.Length * tiles, new Index3D(threads, 1, 1)));
    }

    /// <summary>[outputs, terms] as [terms, outputs], and room for the last tile's threads.</summary>
    private static T[] Transposed<T>(ReadOnlySpan<T> weights, int outputs, int terms)
    {
        var transposed = new T[weights.Length + Slack];
        for (int output = 0; output < outputs; output++)
        {
            for (int term = 0; term < terms; term++)
                transposed[term * outputs + output] = weights[output * terms + term];
        }
        return transposed;
    }

    /// <summary>[groups, rows, terms] as [groups, panels, terms, 8], rows past the last 0. A panel of one row stays as it is.</summary>
    private static T[] Panels<T>(ReadOnlySpan<T> weights, int groups, int rows, int terms)
    {
        if (rows == 1)
            return weights.ToArray();
        int panels = Ceiling(rows, PanelKernel.Rows);
        var packed = new T[checked(groups * panels * terms * PanelKernel.Rows)];
        for (int i = 0; i < weights.Length; i++)
        {
            var (groupRow, term) = Math.DivRem(i, terms);
            var (group, row) = Math.DivRem(groupRow, rows);
            packed[((group * panels + row / PanelKernel.Rows) * terms + term) * PanelKernel.Rows + row % PanelKernel.Rows] = weights[i];
        }
        return packed;
    }

    private static int Ceiling(int count, int part) => (count + part - 1) / part;
}
