namespace AccelSim.Systolic.Functional;

/// <summary>The input operand of a layer's matrix product, as the address generators of the array read it.</summary>
internal abstract class ArrayInputs
{
    /// <summary>Writes one group's inputs of output pixels [first, first + count): [depth × stride], of which the first <paramref name="count"/> of each row.</summary>
    public abstract void Fill(ReadOnlySpan<sbyte> input, int group, int first, int count, Span<int> inputs, int stride);
}

/// <summary>The input of a fully connected layer: a row of the product for each feature, a column for each image.</summary>
internal sealed class FeatureMatrix(int features) : ArrayInputs
{
    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<sbyte> input, int group, int first, int count, Span<int> inputs, int stride)
    {
        for (int image = 0; image < count; image++)
        {
            ReadOnlySpan<sbyte> vector = input.Slice((first + image) * features, features);
            for (int feature = 0; feature < features; feature++)
                inputs[feature * stride + image] = vector[feature];
        }
    }
}
