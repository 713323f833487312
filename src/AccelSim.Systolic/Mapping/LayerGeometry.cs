using AccelSim.Graph;
using AccelSim.Systolic.Folding;

namespace AccelSim.Systolic.Mapping;

/// <summary>
/// What a product of the array is made of: the convolution whose patches are its inputs. A plain matrix product is a convolution with a 1×1 kernel
/// over one column of pixels.
/// </summary>
/// <param name="Batch">Images.</param>
/// <param name="Groups">Groups of channels; for a plain product the independent matrices.</param>
/// <param name="InputChannels">Channels of all groups.</param>
/// <param name="OutputChannels">Channels of all groups.</param>
/// <param name="Output">Pixels of an output image.</param>
/// <param name="Kernel">Taps.</param>
/// <param name="Stride">Input pixels from one output to the next.</param>
/// <param name="Dilation">Input pixels from one tap to the next.</param>
public sealed record LayerGeometry(int Batch, int Groups, int InputChannels, int OutputChannels, Size2 Output, Size2 Kernel, Size2 Stride, Size2 Dilation)
{
    /// <summary>Pixels of an input image; null where all windows lie inside it, one next to the other.</summary>
    public Size2? Image { get; init; }

    /// <summary>Rows and columns of real zero around the image, which no memory holds.</summary>
    public Padding Padding { get; init; }

    /// <summary>The matrix products, one a group.</summary>
    /// <exception cref="OverflowException">A dimension passes 2³¹.</exception>
    public MatrixWork Work => new(
        Groups, checked(Batch * Output.Height * Output.Width), checked(InputChannels / Groups * Kernel.Height * Kernel.Width), OutputChannels / Groups);

    /// <summary>Whether each input channel makes its own outputs.</summary>
    public bool IsDepthwise => Groups > 1 && Groups == InputChannels;

    /// <summary>A plain matrix product.</summary>
    public static LayerGeometry Of(MatrixWork work) => new(
        1, work.Groups, checked(work.Groups * work.Depth), checked(work.Groups * work.Filters), new Size2(work.Pixels, 1), Size2.Square(1), Size2.Square(1), Size2.Square(1));
}
