using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AccelSim.Systolic.Functional;

/// <summary>What one column of the array adds to its partial sums while inputs stream past its weights.</summary>
internal static class FoldKernel
{
    /// <summary>
    /// sums[m] += Σ over k of weights[k] · inputs[k · stride + m]: a fold's own sum from 0, which leaves the array and is added once. In int32 or
    /// float32 like the accumulators of the array; for floats the order is part of the result.
    /// </summary>
    public static void Accumulate<T>(ReadOnlySpan<T> inputs, int stride, ReadOnlySpan<T> weights, Span<T> sums)
        where T : unmanaged, INumber<T>
    {
        // The loops below go without bounds checks; this is the check.
        if ((weights.Length - 1) * (long)stride + sums.Length > inputs.Length)
            throw new ArgumentException("the inputs are shorter than the fold");
        int width = Vector<T>.Count;
        int m = 0;
        for (; m + 4 * width <= sums.Length; m += 4 * width)
            FourVectors(inputs, stride, weights, sums, m);
        for (; m + width <= sums.Length; m += width)
            OneVector(inputs, stride, weights, sums, m);
        for (; m < sums.Length; m++)
        {
            T sum = T.Zero;
            for (int k = 0; k < weights.Length; k++)
                sum += weights[k] * inputs[k * stride + m];
            sums[m] += sum;
        }
    }

    /// <summary>sums[m] += Σ over k of weights[k] · inputs[rows[k] · stride + m]: as <see cref="Accumulate"/>, each weight with the row of inputs that it names.</summary>
    public static void AccumulateGathered<T>(ReadOnlySpan<T> inputs, int stride, ReadOnlySpan<int> rows, ReadOnlySpan<T> weights, Span<T> sums)
        where T : unmanaged, INumber<T>
    {
        int width = Vector<T>.Count;
        for (int k = 0; k < weights.Length; k++)
        {
            ReadOnlySpan<T> row = inputs.Slice(rows[k] * stride, sums.Length);
            var factor = new Vector<T>(weights[k]);
            int m = 0;
            for (; m + width <= sums.Length; m += width)
                (new Vector<T>(sums[m..]) + factor * new Vector<T>(row[m..])).CopyTo(sums[m..]);
            for (; m < sums.Length; m++)
                sums[m] += weights[k] * row[m];
        }
    }

    private static void FourVectors<T>(ReadOnlySpan<T> inputs, int stride, ReadOnlySpan<T> weights, Span<T> sums, int m)
        where T : unmanaged, INumber<T>
    {
        nuint width = (nuint)Vector<T>.Count;
        ref T sum = ref sums[m];
        ref T input = ref Unsafe.Add(ref MemoryMarshal.GetReference(inputs), m);
        var (sum0, sum1, sum2, sum3) = (Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero);
        foreach (T weight in weights)
        {
            var factor = new Vector<T>(weight);
            sum0 += factor * Vector.LoadUnsafe(ref input);
            sum1 += factor * Vector.LoadUnsafe(ref input, width);
            sum2 += factor * Vector.LoadUnsafe(ref input, 2 * width);
            sum3 += factor * Vector.LoadUnsafe(ref input, 3 * width);
            input = ref Unsafe.Add(ref input, stride);
        }
        (Vector.LoadUnsafe(ref sum) + sum0).StoreUnsafe(ref sum);
        (Vector.LoadUnsafe(ref sum, width) + sum1).StoreUnsafe(ref sum, width);
        (Vector.LoadUnsafe(ref sum, 2 * width) + sum2).StoreUnsafe(ref sum, 2 * width);
        (Vector.LoadUnsafe(ref sum, 3 * width) + sum3).StoreUnsafe(ref sum, 3 * width);
    }

    private static void OneVector<T>(ReadOnlySpan<T> inputs, int stride, ReadOnlySpan<T> weights, Span<T> sums, int m)
        where T : unmanaged, INumber<T>
    {
        ref T input = ref Unsafe.Add(ref MemoryMarshal.GetReference(inputs), m);
        var sum = Vector<T>.Zero;
        foreach (T weight in weights)
        {
            sum += new Vector<T>(weight) * Vector.LoadUnsafe(ref input);
            input = ref Unsafe.Add(ref input, stride);
        }
        (Vector.LoadUnsafe(ref sums[m]) + sum).StoreUnsafe(ref sums[m]);
    }
}
