using AccelSim.Graph;

namespace AccelSim.Systolic.Functional;

/// <summary>
/// The patches under the kernel of a convolution as the array's inputs: one row a product of the sum (channel, kernel row, kernel column),
/// one column an output pixel of the batch. Positions outside the image hold the input's zero point, which is real 0.
/// </summary>
internal sealed class PatchMatrix : ArrayInputs
{
    private readonly Size2 _kernel;
    private readonly Size2 _stride;
    private readonly Padding _padding;
    private readonly Size2 _image;
    private readonly Size2 _output;
    private readonly int _channels;
    private readonly int _channelsOfGroup;
    private readonly sbyte _zeroPoint;

    public PatchMatrix(Convolution convolution, TensorType input, TensorType output)
    {
        (_kernel, _stride, _padding) = (convolution.Kernel, convolution.Stride, convolution.Padding);
        (_image, _output) = (input.Image, output.Image);
        _channels = input.Channels;
        _channelsOfGroup = input.Channels / convolution.Groups;
        _zeroPoint = checked((sbyte)input.Quantization!.Value.ZeroPoint);
    }

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<sbyte> input, int group, int first, int count, Span<int> patches, int stride)
    {
        int row = 0;
        for (int channel = group * _channelsOfGroup; channel < (group + 1) * _channelsOfGroup; channel++)
        {
            for (int y = 0; y < _kernel.Height; y++)
            {
                for (int x = 0; x < _kernel.Width; x++)
                    FillRow(input, channel, y, x, first, patches.Slice(row++ * stride, count));
            }
        }
    }

    // One kernel position over consecutive output pixels: pieces of output rows.
    private void FillRow(ReadOnlySpan<sbyte> input, int channel, int kernelRow, int kernelColumn, int first, Span<int> row)
    {
        int pixels = _output.Height * _output.Width;
        for (int at = 0; at < row.Length;)
        {
            (int image, int pixel) = Math.DivRem(first + at, pixels);
            (int outRow, int outColumn) = Math.DivRem(pixel, _output.Width);
            int length = Math.Min(_output.Width - outColumn, row.Length - at);
            Span<int> piece = row.Slice(at, length);
            int inRow = outRow * _stride.Height + kernelRow - _padding.Top;
            if ((uint)inRow < (uint)_image.Height)
            {
                int start = ((image * _channels + channel) * _image.Height + inRow) * _image.Width;
                FillPiece(input.Slice(start, _image.Width), outColumn * _stride.Width + kernelColumn - _padding.Left, piece);
            }
            else
            {
                piece.Fill(_zeroPoint);
            }
            at += length;
        }
    }

    // Every stride-th element of an image row from a column that may lie outside on either side.
    private void FillPiece(ReadOnlySpan<sbyte> line, int column, Span<int> piece)
    {
        int step = _stride.Width;
        int outsideLeft = column >= 0 ? 0 : Math.Min(piece.Length, (-column + step - 1) / step);
        int inside = column + outsideLeft * step >= line.Length ? 0 : (line.Length - 1 - column - outsideLeft * step) / step + 1;
        inside = Math.Min(inside, piece.Length - outsideLeft);
        piece[..outsideLeft].Fill(_zeroPoint);
        piece[(outsideLeft + inside)..].Fill(_zeroPoint);
        int from = column + outsideLeft * step;
        Span<int> middle = piece.Slice(outsideLeft, inside);
        for (int i = 0; i < middle.Length; i++)
            middle[i] = line[from + i * step];
    }
}
