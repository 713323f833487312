namespace AccelSim.Systolic.Functional;

/// <summary>
/// The patches of a convolution turned: one row an output pixel of the batch, one column a tap. So the gradient of the weights is a product of
/// the outputs' gradients with the inputs, summed over pixels.
/// </summary>
internal sealed class PatchTranspose(PatchGeometry geometry, int pixels) : ArrayInputs<float>
{
    private readonly PatchMatrix<float> _patches = new(geometry, 0);

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<float> input, int group, int first, int count, Span<float> inputs, int stride)
    {
        float[] row = new float[pixels];
        for (int tap = 0; tap < count; tap++)
        {
            _patches.FillTap(input, group, first + tap, 0, row);
            for (int pixel = 0; pixel < pixels; pixel++)
                inputs[pixel * stride + tap] = row[pixel];
        }
    }
}
