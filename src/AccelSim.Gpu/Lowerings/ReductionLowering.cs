using AccelSim.Graph;
using ILGPU;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>Reduce, softmax, cross entropy and the sweep of a Hopfield network.</summary>
internal static class ReductionLowering
{
    /// <summary>From so many elements on, a whole group reduces them.</summary>
    private const int WideCount = 2 * KernelShape.Group;

    public static LayerStep Reduce(LoweringContext context)
    {
        var reduce = (Reduce)context.Layer.Operator;
        var shape = context.Input(0).Shape;
        var strides = AxisList.Strides(shape);
        var (kept, reduced) = (new AxisList(), new AxisList());
        for (int dimension = 0; dimension < shape.Rank; dimension++)
            (reduce.Axes.Contains(dimension) ? reduced : kept).Add(shape[dimension], strides[dimension]);
        int count = AxisList.Product(reduce.Axes.Select(axis => shape[axis]));
        string input = context.Layer.Inputs[0], output = context.Layer.Name;
        return Reduce(context, context.Upload(kept.Axes), context.Upload(reduced.Axes), count, reduce.Kind,
            context.Output.Shape.Elements, values => values.View<float>(input), values => values.View<float>(output));
    }

    public static LayerStep Softmax(LoweringContext context)
    {
        var softmax = (Softmax)context.Layer.Operator;
        var shape = context.Input(0).Shape;
        int axis = softmax.AxisOf(shape), extent = shape[axis], inner = AxisList.Product(shape.Skip(axis + 1));
        var (input, output, rows) = (context.Layer.Inputs[0], context.Layer.Name, KernelShape.Groups(shape.Elements / extent));
        var softmaxKernel = ReductionKernels.Softmax;
        var apply = context.Kernels.Load(softmaxKernel);
        return values => apply(rows, values.View<float>(input), values.View<float>(output), extent, inner);
    }

    /// <summary>A loss for each row, then their mean.</summary>
    public static LayerStep CrossEntropy(LoweringContext context)
    {
        var shape = context.Input(0).Shape;
        int rows = shape[0], classes = shape[1];
        var losses = context.Scratch<float>(rows);
        var (logits, target, output) = (context.Layer.Inputs[0], context.Layer.Inputs[1], context.Layer.Name);
        var entropyKernel = ReductionKernels.CrossEntropy;
        var entropy = context.Kernels.Load(entropyKernel);
        var mean = Reduce(context, context.Upload<Axis>([]), context.Upload<Axis>([new Axis(rows, 1, -1)]), rows, ReduceKind.Mean, 1, losses, values => values.View<float>(output));
        var groups = KernelShape.Groups(rows);
        return values =>
        {
            entropy(groups, values.View<float>(logits), values.View<float>(target), losses(values), classes);
            mean(values);
        };
    }

    public static LayerStep HopfieldSweep(LoweringContext context)
    {
        context.RequireFloat64();
        var shape = context.Input(0).Shape;
        int units = shape[1];
        var weights = context.FloatOperand(0);
        var (input, output, states) = (context.Layer.Inputs[0], context.Layer.Name, KernelShape.Groups(shape[0]));
        var sweepKernel = ReductionKernels.Sweep;
        var sweep = context.Kernels.Load(sweepKernel);
        return values => sweep(states, values.View<float>(input), weights(values), values.View<float>(output), units);
    }

    private static LayerStep Reduce(
        LoweringContext context, ArrayView<Axis> kept, ArrayView<Axis> reduced, int count, ReduceKind kind, long outputs, Operand<float> input, Operand<float> output)
    {
        if (count < WideCount)
        {
            var reduceKernel = ReductionKernels.Reduce;
            var reduce = context.Kernels.Load(reduceKernel);
            var threads = KernelShape.Threads(outputs);
            return values => reduce(threads, input(values), kept, reduced, output(values), count, (int)kind);
        }
        var wideKernel = ReductionKernels.ReduceWide;
        var wide = context.Kernels.Load(wideKernel);
        var groups = KernelShape.Groups(outputs);
        return values => wide(groups, input(values), kept, reduced, output(values), count, (int)kind);
    }
}
