using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AccelSim.Systolic.Functional;

/// <summary>What one column of the array adds to its partial sums while inputs stream past its weights.</summary>
internal static class FoldKernel
{
    /// <summary>sums[m] += Σ over k of weights[k] · inputs[k · stride + m], in int32 like the accumulators of the array.</summary>
    public static void Accumulate(ReadOnlySpan<int> inputs, int stride, ReadOnlySpan<int> weights, Span<int> sums)
    {
        // The loops below go without bounds checks; this is the check.
        if ((weights.Length - 1) * (long)stride + sums.Length > inputs.Length)
            throw new ArgumentException("the inputs are shorter than the fold");
        int width = Vector<int>.Count;
        int m = 0;
        for (; m + 4 * width <= sums.Length; m += 4 * width)
            FourVectors(inputs, stride, weights, sums, m);
        for (; m + width <= sums.Length; m += width)
            OneVector(inputs, stride, weights, sums, m);
        for (; m < sums.Length; m++)
        {
            int sum = sums[m];
            for (int k = 0; k < weights.Length; k++)
                sum += weights[k] * inputs[k * stride + m];
            sums[m] = sum;
        }
    }

    private static void FourVectors(ReadOnlySpan<int> inputs, int stride, ReadOnlySpan<int> weights, Span<int> sums, int m)
    {
        nuint width = (nuint)Vector<int>.Count;
        ref int sum = ref sums[m];
        ref int input = ref Unsafe.Add(ref MemoryMarshal.GetReference(inputs), m);
        var sum0 = Vector.LoadUnsafe(ref sum);
        var sum1 = Vector.LoadUnsafe(ref sum, width);
        var sum2 = Vector.LoadUnsafe(ref sum, 2 * width);
        var sum3 = Vector.LoadUnsafe(ref sum, 3 * width);
        foreach (int weight in weights)
        {
            var factor = new Vector<int>(weight);
            sum0 += factor * Vector.LoadUnsafe(ref input);
            sum1 += factor * Vector.LoadUnsafe(ref input, width);
            sum2 += factor * Vector.LoadUnsafe(ref input, 2 * width);
            sum3 += factor * Vector.LoadUnsafe(ref input, 3 * width);
            input = ref Unsafe.Add(ref input, stride);
        }
        sum0.StoreUnsafe(ref sum);
        sum1.StoreUnsafe(ref sum, width);
        sum2.StoreUnsafe(ref sum, 2 * width);
        sum3.StoreUnsafe(ref sum, 3 * width);
    }

    private static void OneVector(ReadOnlySpan<int> inputs, int stride, ReadOnlySpan<int> weights, Span<int> sums, int m)
    {
        ref int input = ref Unsafe.Add(ref MemoryMarshal.GetReference(inputs), m);
        var sum = Vector.LoadUnsafe(ref sums[m]);
        foreach (int weight in weights)
        {
            sum += new Vector<int>(weight) * Vector.LoadUnsafe(ref input);
            input = ref Unsafe.Add(ref input, stride);
        }
        sum.StoreUnsafe(ref sums[m]);
    }
}
