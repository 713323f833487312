namespace AccelSim.Systolic.Functional;

/// <summary>The first operand of a product of two activations: one matrix a group, which groups may share, read along either of its dimensions.</summary>
/// <param name="starts">Where each group's matrix begins.</param>
/// <param name="pixelStride">Elements from one row of the product to the next.</param>
/// <param name="depthStride">Elements from one summand to the next.</param>
internal sealed class BatchedMatrix<T>(int[] starts, int depth, int pixelStride, int depthStride) : ArrayInputs<T>
{
    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<T> input, int group, int first, int count, Span<T> inputs, int stride)
    {
        ReadOnlySpan<T> matrix = input[starts[group]..];
        for (int k = 0; k < depth; k++)
        {
            for (int pixel = 0; pixel < count; pixel++)
                inputs[k * stride + pixel] = matrix[(first + pixel) * pixelStride + k * depthStride];
        }
    }
}
