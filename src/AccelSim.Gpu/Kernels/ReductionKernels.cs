using System.Diagnostics.CodeAnalysis;
using AccelSim.Graph;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>Kernels in which an output element depends on many elements of one operand.</summary>
[ExcludeFromCodeCoverage]
internal static class ReductionKernels
{
    /// <summary>One thread an output element: few elements each.</summary>
    /// <param name="input">What is reduced.</param>
    /// <param name="kept">The dimensions of the output.</param>
    /// <param name="reduced">The dimensions that go.</param>
    /// <param name="output">In row-major order of the kept dimensions.</param>
    /// <param name="count">The product of the reduced extents.</param>
    /// <param name="kind">A <see cref="ReduceKind"/>.</param>
    public static void Reduce(ArrayView<float> input, ArrayView<Axis> kept, ArrayView<Axis> reduced, ArrayView<float> output, int count, int kind)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        int start = Offset(kept, index);
        float result = input[start];
        for (int i = 1; i < count; i++)
            result = Join((ReduceKind)kind, result, input[start + Offset(reduced, i)]);
        output[index] = kind == (int)ReduceKind.Mean ? result / count : result;
    }

    /// <summary>One group an output element: many elements each, in sums of sums, which lose fewer digits than one long sum.</summary>
    /// <inheritdoc cref="Reduce"/>
    public static void ReduceWide(ArrayView<float> input, ArrayView<Axis> kept, ArrayView<Axis> reduced, ArrayView<float> output, int count, int kind)
    {
        var shared = SharedMemory.Allocate<float>(KernelShape.Group);
        int index = Grid.IdxX;
        int start = Offset(kept, index);
        bool isSum = kind == (int)ReduceKind.Sum || kind == (int)ReduceKind.Mean;
        // An extreme may begin with any element.
        float result = isSum ? 0 : input[start];
        float part = 0;
        int terms = 0;
        for (int i = Group.IdxX; i < count; i += KernelShape.Group)
        {
            float x = input[start + Offset(reduced, i)];
            if (!isSum)
                result = Join((ReduceKind)kind, result, x);
            else
                part += x;
            if (++terms % KernelShape.Group == 0)
            {
                result = isSum ? result + part : result;
                part = 0;
            }
        }
        result = isSum ? result + part : result;
        if (isSum)
            result = GroupReduction.Sum(shared, result);
        else
            result = kind == (int)ReduceKind.Minimum ? -GroupReduction.Largest(shared, -result) : GroupReduction.Largest(shared, result);
        if (Group.IdxX == 0)
            output[index] = kind == (int)ReduceKind.Mean ? result / count : result;
    }

    /// <summary>One group a row: e^(x − max) ÷ Σ e^(x − max) over <paramref name="extent"/> elements that lie <paramref name="inner"/> apart.</summary>
    public static void Softmax(ArrayView<float> input, ArrayView<float> output, int extent, int inner)
    {
        var shared = SharedMemory.Allocate<float>(KernelShape.Group);
        int outer = Grid.IdxX / inner;
        int start = outer * extent * inner + Grid.IdxX - outer * inner;
        float largest = Largest(shared, input, start, extent, inner);
        float sum = SumOfExponentials(shared, input, start, extent, inner, largest);
        for (int i = Group.IdxX; i < extent; i += KernelShape.Group)
            output[start + i * inner] = FloatFunctions.ExpOfNegative(input[start + i * inner] - largest) / sum;
    }

    /// <summary>One group a row of [N, C]: −Σ t·log softmax(x).</summary>
    public static void CrossEntropy(ArrayView<float> logits, ArrayView<float> target, ArrayView<float> losses, int classes)
    {
        var shared = SharedMemory.Allocate<float>(KernelShape.Group);
        int start = Grid.IdxX * classes;
        float largest = Largest(shared, logits, start, classes, 1);
        float log = FloatFunctions.Log(SumOfExponentials(shared, logits, start, classes, 1, largest));
        float loss = 0;
        for (int i = Group.IdxX; i < classes; i += KernelShape.Group)
            loss += target[start + i] * (log - (logits[start + i] - largest));
        loss = GroupReduction.Sum(shared, loss);
        if (Group.IdxX == 0)
            losses[Grid.IdxX] = loss;
    }

    /// <summary>
    /// One group a state of a Hopfield network. Each thread owns the units whose index has its remainder and alone reads and writes them;
    /// the threads meet in the sum of each unit in turn. In float64, in which sums of float32 weights are exact, so that a sum that is 0 is 0.
    /// </summary>
    public static void Sweep(ArrayView<float> states, ArrayView<float> weights, ArrayView<float> output, int units)
    {
        var shared = SharedMemory.Allocate<double>(KernelShape.Group);
        int first = Grid.IdxX * units;
        int thread = Group.IdxX;
        for (int i = thread; i < units; i += KernelShape.Group)
            output[first + i] = states[first + i];
        for (int unit = 0; unit < units; unit++)
        {
            double sum = 0;
            for (int i = thread; i < units; i += KernelShape.Group)
                sum += (double)weights[unit * units + i] * output[first + i];
            shared[thread] = sum;
            Group.Barrier();
            if (unit % KernelShape.Group == thread)
            {
                double total = 0;
                for (int i = 0; i < KernelShape.Group; i++)
                    total += shared[i];
                if (total != 0)
                    output[first + unit] = total > 0 ? 1f : -1f;
            }
            Group.Barrier();
        }
    }

    private static float Largest(ArrayView<float> shared, ArrayView<float> input, int start, int extent, int stride)
    {
        float largest = float.NegativeInfinity;
        for (int i = Group.IdxX; i < extent; i += KernelShape.Group)
            largest = FloatFunctions.Larger(largest, input[start + i * stride]);
        return GroupReduction.Largest(shared, largest);
    }

    private static float SumOfExponentials(ArrayView<float> shared, ArrayView<float> input, int start, int extent, int stride, float largest)
    {
        float sum = 0;
        for (int i = Group.IdxX; i < extent; i += KernelShape.Group)
            sum += FloatFunctions.ExpOfNegative(input[start + i * stride] - largest);
        return GroupReduction.Sum(shared, sum);
    }

    private static float Join(ReduceKind kind, float a, float b) => kind switch
    {
        ReduceKind.Maximum => FloatFunctions.Larger(a, b),
        ReduceKind.Minimum => FloatFunctions.Smaller(a, b),
        _ => a + b,
    };

    /// <summary>How far element <paramref name="index"/> of some dimensions, in their row-major order, lies from their first.</summary>
    private static int Offset(ArrayView<Axis> axes, int index)
    {
        int rest = index;
        int offset = 0;
        for (int dimension = axes.IntLength - 1; dimension >= 0; dimension--)
        {
            var axis = axes[dimension];
            int outer = dimension == 0 ? 0 : rest / axis.Extent;
            offset += (rest - outer * axis.Extent) * axis.Stride;
            rest = outer;
        }
        return offset;
    }
}
