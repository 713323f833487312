using AccelSim.Graph;

namespace AccelSim.Systolic.Functional;

/// <summary>Where the taps of a convolution fall: kernel position (y, x) at output (row, column) reads the image at (row·stride + y·dilation − top, …).</summary>
/// <param name="Channels">Input channels of all groups.</param>
/// <param name="Groups">Groups of channels.</param>
/// <param name="Image">Extents of the input image.</param>
/// <param name="Output">Extents of the output image.</param>
/// <param name="Kernel">Taps.</param>
/// <param name="Stride">Pixels from one output to the next.</param>
/// <param name="Dilation">Pixels from one tap to the next.</param>
/// <param name="Padding">Rows and columns around the image.</param>
internal sealed record PatchGeometry(
    int Channels, int Groups, Size2 Image, Size2 Output, Size2 Kernel, Size2 Stride, Size2 Dilation, Padding Padding)
{
    public int ChannelsOfGroup => Channels / Groups;

    /// <summary>Taps of one group's patch.</summary>
    public int Taps => ChannelsOfGroup * Kernel.Area;

    public static PatchGeometry Of(Convolution convolution, TensorType input, TensorType output) => new(
        input.Channels, convolution.Groups, input.Image, output.Image, convolution.Kernel, convolution.Stride, convolution.Spacing, convolution.Padding);

    /// <summary>The input channel and kernel position of a tap of a group.</summary>
    public (int Channel, int Row, int Column) Tap(int group, int tap)
    {
        (int channel, int position) = Math.DivRem(tap, Kernel.Area);
        (int row, int column) = Math.DivRem(position, Kernel.Width);
        return (group * ChannelsOfGroup + channel, row, column);
    }
}
