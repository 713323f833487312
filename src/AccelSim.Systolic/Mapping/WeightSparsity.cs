using System.Numerics;

namespace AccelSim.Systolic.Mapping;

/// <summary>
/// Structured n:m sparsity of weights: of every m weights that follow each other along the depth of a filter at most n are not zero, and the array
/// holds only those (Mishra et al., "Accelerating Sparse Deep Neural Networks", 2021, for 2:4). With each kept weight go the bits that say which of the
/// m inputs it meets; an element is given all m and takes that one.
/// </summary>
/// <param name="Kept">n, at least 1.</param>
/// <param name="Of">m, more than n and at most 64.</param>
public sealed record WeightSparsity(int Kept, int Of)
{
    /// <summary>Bits of the place of a kept weight: log₂ m, rounded up.</summary>
    public int IndexBits => BitOperations.Log2((uint)Of - 1) + 1;

    /// <summary>Weights of a filter that are kept, of so many.</summary>
    public int Compress(int depth) => depth / Of * Kept + Math.Min(depth % Of, Kept);

    /// <summary>Bytes of what is kept of so many bytes of weights in elements of a size: the weights and their places.</summary>
    public long StoredBytes(long bytes, int elementBytes) =>
        (long)Math.Ceiling(bytes * ((double)Kept / Of) * (1 + IndexBits / (8.0 * elementBytes)));

    public override string ToString() => $"{Kept}:{Of}";
}
