using AccelSim.Graph;
using ILGPU;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>
/// Operators that move elements, float32 or int8. Each says where the coordinates of its output lie in its input; one kernel does the rest.
/// </summary>
internal static class MovementLowering
{
    /// <summary>Flatten and reshape: their value is their input's memory (<see cref="MemoryPlan"/>).</summary>
    public static LayerStep View(LoweringContext context) => _ => { };

    public static LayerStep Literal(LoweringContext context)
    {
        string output = context.Layer.Name;
        if (context.IsInteger)
        {
            var codes = context.Upload(context.Constant(0)!.Int8);
            return values => codes.CopyTo(values.View<sbyte>(output));
        }
        var value = context.FloatOperand(0);
        return values => value(values).CopyTo(values.View<float>(output));
    }

    public static LayerStep Slice(LoweringContext context)
    {
        var slice = (Slice)context.Layer.Operator;
        var (outer, extent, inner) = Around(context.Input(0).Shape, slice.Axis);
        return Pick(context, new AxisList().Add(outer, extent * inner).Add(slice.Length, slice.Step * inner).Add(inner, 1), slice.Start * inner);
    }

    public static LayerStep Gather(LoweringContext context)
    {
        var gather = (Gather)context.Layer.Operator;
        var (outer, extent, inner) = Around(context.Input(0).Shape, gather.Axis);
        return Pick(context, new AxisList().Add(outer, extent * inner).Add(gather.Indices.Select(index => index * inner)).Add(inner, 1));
    }

    public static LayerStep Transpose(LoweringContext context)
    {
        var shape = context.Input(0).Shape;
        var strides = AxisList.Strides(shape);
        var axes = new AxisList();
        foreach (int dimension in ((Transpose)context.Layer.Operator).Permutation)
            axes.Add(shape[dimension], strides[dimension]);
        return Pick(context, axes);
    }

    /// <summary>The channels as a matrix of groups by members, transposed.</summary>
    public static LayerStep ChannelShuffle(LoweringContext context)
    {
        int groups = ((ChannelShuffle)context.Layer.Operator).Groups;
        var (outer, channels, inner) = Around(context.Input(0).Shape, 1);
        int members = channels / groups;
        return Pick(context, new AxisList().Add(outer, channels * inner).Add(members, inner).Add(groups, members * inner).Add(inner, 1));
    }

    public static LayerStep Pad(LoweringContext context)
    {
        var pad = (Pad)context.Layer.Operator;
        var shape = context.Input(0).Shape;
        var strides = AxisList.Strides(shape);
        var axes = new AxisList();
        for (int dimension = 0; dimension < shape.Rank; dimension++)
        {
            int extent = shape[dimension], padded = context.Output.Shape[dimension], stride = strides[dimension];
            if (padded == extent)
                axes.Add(extent, stride);
            else
                axes.Add(Enumerable.Range(0, padded).Select(position => pad.Source(dimension, extent, position)).Select(source => source < 0 ? -1 : source * stride));
        }
        return Pick(context, axes, start: 0, pad.Value);
    }

    public static LayerStep Concat(LoweringContext context)
    {
        var concat = (Concat)context.Layer.Operator;
        var (_, extent, inner) = Around(context.Output.Shape, concat.Axis);
        var steps = new List<LayerStep>();
        int start = 0;
        for (int i = 0; i < context.Layer.Inputs.Length; i++)
        {
            int block = context.Input(i).Shape[concat.Axis] * inner;
            var place = new ConcatPlace(block, extent * inner, start);
            start += block;
            steps.Add(concat.Copies(context.Input(i))
                ? context.IsInteger ? Place<sbyte>(context, i, place) : Place<float>(context, i, place)
                : PlaceCodes(context, i, place, concat.Integer!));
        }
        return values => steps.ForEach(step => step(values));
    }

    /// <summary>The extents before, at and after an axis, as if there were three dimensions.</summary>
    private static (int Outer, int Extent, int Inner) Around(Shape shape, int axis) =>
        (AxisList.Product(shape.Take(axis)), shape[axis], AxisList.Product(shape.Skip(axis + 1)));

    private static LayerStep Place<T>(LoweringContext context, int operand, ConcatPlace place)
        where T : unmanaged
    {
        var (input, output, grid) = (context.Layer.Inputs[operand], context.Layer.Name, KernelShape.Threads(context.Input(operand).Shape.Elements));
        var copy = context.Kernels.Load<ArrayView<T>, ArrayView<T>, ConcatPlace>(MovementKernels.Place);
        return values => copy(grid, values.View<T>(input), values.View<T>(output), place);
    }

    private static LayerStep PlaceCodes(LoweringContext context, int operand, ConcatPlace place, Requantization requantization)
    {
        var (input, output, grid) = (context.Layer.Inputs[operand], context.Layer.Name, KernelShape.Threads(context.Input(operand).Shape.Elements));
        var code = new ProductCode
        {
            ZeroA = context.ZeroPoint(operand),
            Multiplier = requantization.Multiplier[operand],
            Shift = requantization.Shift[operand],
            OutputZero = requantization.Output.ZeroPoint,
            Low = requantization.Low,
            High = requantization.High,
        };
        var placeCodesKernel = MovementKernels.PlaceCodes;
        var placeCodes = context.Kernels.Load(placeCodesKernel);
        return values => placeCodes(grid, values.View<sbyte>(input), values.View<sbyte>(output), place, code);
    }

    /// <param name="context">The layer.</param>
    /// <param name="axes">The output's dimensions and where their coordinates lie in the input.</param>
    /// <param name="start">The input element at which all coordinates are 0.</param>
    /// <param name="fill">The real that stands outside the input.</param>
    private static LayerStep Pick(LoweringContext context, AxisList axes, int start = 0, double fill = 0) => context.IsInteger
        ? Pick(context, axes, start, context.Output.Quantization!.Value.Encode(fill))
        : Pick(context, axes, start, (float)fill);

    private static LayerStep Pick<T>(LoweringContext context, AxisList list, int start, T fill)
        where T : unmanaged
    {
        var axes = context.Upload(list.Axes);
        var table = context.Upload(list.Table);
        var (input, output, grid) = (context.Layer.Inputs[0], context.Layer.Name, context.OneThreadAnElement());
        var pick = context.Kernels.Load<ArrayView<T>, ArrayView<Axis>, ArrayView<int>, ArrayView<T>, int, T>(MovementKernels.Pick);
        return values => pick(grid, values.View<T>(input), axes, table, values.View<T>(output), start, fill);
    }
}
