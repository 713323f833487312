namespace AccelSim.Systolic.Functional;

/// <summary>
/// The patches under the kernel of a convolution as the array's inputs: one row a product of the sum (channel, kernel row, kernel column),
/// one column an output pixel of the batch.
/// </summary>
/// <param name="geometry">Where the taps fall.</param>
/// <param name="outside">What positions outside the image hold: real 0, which is the zero point of codes.</param>
internal sealed class PatchMatrix<T>(PatchGeometry geometry, T outside) : ArrayInputs<T>
{
    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<T> input, int group, int first, int count, Span<T> patches, int stride)
    {
        for (int tap = 0; tap < geometry.Taps; tap++)
            FillTap(input, group, tap, first, patches.Slice(tap * stride, count));
    }

    /// <summary>One tap over consecutive output pixels: pieces of output rows.</summary>
    public void FillTap(ReadOnlySpan<T> input, int group, int tap, int first, Span<T> row)
    {
        (int channel, int kernelRow, int kernelColumn) = geometry.Tap(group, tap);
        for (int at = 0; at < row.Length;)
        {
            (int image, int pixel) = Math.DivRem(first + at, geometry.Output.Area);
            (int outRow, int outColumn) = Math.DivRem(pixel, geometry.Output.Width);
            int length = Math.Min(geometry.Output.Width - outColumn, row.Length - at);
            Span<T> piece = row.Slice(at, length);
            int inRow = outRow * geometry.Stride.Height + kernelRow * geometry.Dilation.Height - geometry.Padding.Top;
            if ((uint)inRow < (uint)geometry.Image.Height)
            {
                int start = ((image * geometry.Channels + channel) * geometry.Image.Height + inRow) * geometry.Image.Width;
                int column = outColumn * geometry.Stride.Width + kernelColumn * geometry.Dilation.Width - geometry.Padding.Left;
                FillPiece(input.Slice(start, geometry.Image.Width), column, piece);
            }
            else
            {
                piece.Fill(outside);
            }
            at += length;
        }
    }

    // Every stride-th element of an image row from a column that may lie outside on either side.
    private void FillPiece(ReadOnlySpan<T> line, int column, Span<T> piece)
    {
        int step = geometry.Stride.Width;
        int outsideLeft = column >= 0 ? 0 : Math.Min(piece.Length, (-column + step - 1) / step);
        int inside = column + outsideLeft * step >= line.Length ? 0 : (line.Length - 1 - column - outsideLeft * step) / step + 1;
        inside = Math.Min(inside, piece.Length - outsideLeft);
        piece[..outsideLeft].Fill(outside);
        piece[(outsideLeft + inside)..].Fill(outside);
        int from = column + outsideLeft * step;
        Span<T> middle = piece.Slice(outsideLeft, inside);
        for (int i = 0; i < middle.Length; i++)
            middle[i] = line[from + i * step];
    }
}
