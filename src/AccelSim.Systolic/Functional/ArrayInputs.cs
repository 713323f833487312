namespace AccelSim.Systolic.Functional;

/// <summary>The input operand of a layer's matrix product, as the address generators of the array read it.</summary>
/// <typeparam name="T">What the array multiplies: int for codes, float.</typeparam>
internal abstract class ArrayInputs<T>
{
    /// <summary>Writes one group's inputs of output pixels [first, first + count): [depth × stride], of which the first <paramref name="count"/> of each row.</summary>
    public abstract void Fill(ReadOnlySpan<T> input, int group, int first, int count, Span<T> inputs, int stride);
}
