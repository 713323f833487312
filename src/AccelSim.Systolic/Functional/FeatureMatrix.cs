namespace AccelSim.Systolic.Functional;

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
