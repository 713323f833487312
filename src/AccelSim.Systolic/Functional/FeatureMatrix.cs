namespace AccelSim.Systolic.Functional;

/// <summary>The input of a fully connected layer: a row of the product for each feature, a column for each image.</summary>
internal sealed class FeatureMatrix<T>(int features) : ArrayInputs<T>
{
    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<T> input, int group, int first, int count, Span<T> inputs, int stride)
    {
        for (int image = 0; image < count; image++)
        {
            ReadOnlySpan<T> vector = input.Slice((first + image) * features, features);
            for (int feature = 0; feature < features; feature++)
                inputs[feature * stride + image] = vector[feature];
        }
    }
}
