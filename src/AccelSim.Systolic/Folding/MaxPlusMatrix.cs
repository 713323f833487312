namespace AccelSim.Systolic.Folding;

/// <summary>
/// A 3×3 matrix of the algebra whose sum is the maximum and whose product is the sum: (A·B)ᵢⱼ = max over k of Aᵢₖ + Bₖⱼ. A recurrence of events that
/// each wait for the latest of others is x ← A·x, and n repetitions of it are one power of A (Baccelli et al., "Synchronization and Linearity", 1992).
/// </summary>
internal readonly struct MaxPlusMatrix
{
    /// <summary>No path: below every time, and far enough from the least long that sums of two stay apart from times.</summary>
    public const long Never = long.MinValue / 4;

    private const int Size = 3;

    private readonly long[] _entries;

    /// <param name="entries">Row by row.</param>
    public MaxPlusMatrix(params ReadOnlySpan<long> entries) => _entries = entries.ToArray();

    /// <summary>1 of the algebra: 0 on the diagonal, else never.</summary>
    public static MaxPlusMatrix Identity { get; } = new(0, Never, Never, Never, 0, Never, Never, Never, 0);

    public static MaxPlusMatrix operator *(MaxPlusMatrix a, MaxPlusMatrix b)
    {
        Span<long> product = stackalloc long[Size * Size];
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
            {
                long latest = Never;
                for (int k = 0; k < Size; k++)
                    latest = Math.Max(latest, a._entries[i * Size + k] + b._entries[k * Size + j]);
                product[i * Size + j] = latest;
            }
        }
        return new MaxPlusMatrix(product);
    }

    /// <summary>This matrix <paramref name="count"/> times, by squaring.</summary>
    public MaxPlusMatrix Power(long count)
    {
        MaxPlusMatrix result = (count & 1) != 0 ? this : Identity;
        MaxPlusMatrix square = this;
        while ((count >>= 1) > 0)
        {
            square *= square;
            if ((count & 1) != 0)
                result *= square;
        }
        return result;
    }

    /// <summary>The times of the next events.</summary>
    public (long, long, long) Apply((long, long, long) times)
    {
        ReadOnlySpan<long> a = _entries;
        return (
            Math.Max(Math.Max(a[0] + times.Item1, a[1] + times.Item2), a[2] + times.Item3),
            Math.Max(Math.Max(a[3] + times.Item1, a[4] + times.Item2), a[5] + times.Item3),
            Math.Max(Math.Max(a[6] + times.Item1, a[7] + times.Item2), a[8] + times.Item3));
    }
}
