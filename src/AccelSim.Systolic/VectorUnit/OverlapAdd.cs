using AccelSim.Graph;

namespace AccelSim.Systolic.VectorUnit;

/// <summary>The second half of a transposed convolution: sums of one tap and output channel [O · taps, N · H · W], each added to the output where its tap falls.</summary>
internal sealed class OverlapAdd(TransposedConvolution op, TensorType input, TensorType output)
{
    private readonly Size2 _spacing = op.Dilation ?? Size2.Square(1);

    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public float[] Add(float[] sums, Tensor? bias, CancellationToken cancellation)
    {
        float[] result = new float[output.Shape.Elements];
        Parallel.For(0, output.Channels, new ParallelOptions { CancellationToken = cancellation }, channel =>
        {
            for (int image = 0; image < input.Shape[0]; image++)
            {
                Span<float> plane = result.AsSpan((image * output.Channels + channel) * output.Image.Area, output.Image.Area);
                plane.Fill(bias is null ? 0 : bias.Float32[channel]);
                for (int tap = 0; tap < op.Kernel.Area; tap++)
                {
                    int row = channel * op.Kernel.Area + tap;
                    AddTap(sums.AsSpan((row * input.Shape[0] + image) * input.Image.Area, input.Image.Area), tap, plane);
                }
            }
        });
        return result;
    }

    private void AddTap(ReadOnlySpan<float> sums, int tap, Span<float> plane)
    {
        (int tapRow, int tapColumn) = Math.DivRem(tap, op.Kernel.Width);
        for (int row = 0; row < input.Image.Height; row++)
        {
            int outRow = row * op.Stride.Height + tapRow * _spacing.Height - op.Padding.Top;
            if ((uint)outRow >= (uint)output.Image.Height)
                continue;
            for (int column = 0; column < input.Image.Width; column++)
            {
                int outColumn = column * op.Stride.Width + tapColumn * _spacing.Width - op.Padding.Left;
                if ((uint)outColumn < (uint)output.Image.Width)
                    plane[outRow * output.Image.Width + outColumn] += sums[row * input.Image.Width + column];
            }
        }
    }
}
