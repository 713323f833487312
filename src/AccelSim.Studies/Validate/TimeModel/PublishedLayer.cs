using System.Globalization;
using AccelSim.Gpu;
using AccelSim.Graph;

namespace AccelSim.Studies.Validate.TimeModel;

/// <summary>One call of a vendor's library as a graph.</summary>
/// <param name="Graph">The convolution or product, with conversions of layout around it where the library converts.</param>
/// <param name="IsWinograd">The row says that the library chose Winograd's form.</param>
/// <param name="OnVectorUnits">
/// The library of the day ran the layer on vector units: an int8 matrix product on their dot-product instruction, a float16 convolution whose channels are no multiple of 8.
/// </param>
internal sealed record PublishedLayer(LayerGraph Graph, bool IsWinograd, bool OnVectorUnits)
{
    /// <summary>Channels that matrix units of the first generation need (cuDNN 7 developer guide, Tensor Core operations).</summary>
    private const int ChannelsOfMatrixUnit = 8;

    private const int LargestExtent = 1 << 24;

    /// <exception cref="GraphException">The row does not describe a layer, or one that the model does not cover.</exception>
    public static PublishedLayer Of(PublishedRow row, NumberFormat format)
    {
        string algorithm = row.Variant["algo"] ?? "";
        if (algorithm.Contains("FFT", StringComparison.Ordinal))
            throw new GraphException("the library chose a Fourier transform, which the model does not have");
        return row.Network switch
        {
            "gemm" => new PublishedLayer(Product(row), false, format == NumberFormat.Int8),
            "conv2d" => new PublishedLayer(Convolution(row, format), algorithm.Contains("WINOGRAD", StringComparison.Ordinal),
                format == NumberFormat.Float16 && (Extent(row, "C") % ChannelsOfMatrixUnit != 0 || Extent(row, "K") % ChannelsOfMatrixUnit != 0)),
            _ => throw new GraphException($"there is no single layer '{row.Network}'"),
        };
    }

    private static LayerGraph Product(PublishedRow row)
    {
        var builder = new GraphBuilder("gemm");
        string input = builder.Input("x", Shape.Of(Extent(row, "N"), Extent(row, "K")));
        return builder.Build(builder.FullyConnected("gemm", input, Extent(row, "M"), bias: false));
    }

    /// <summary>
    /// Rows give images by channels; matrix units want channels innermost, so that the library converts before and after; float16 1×1 kernels take either.
    /// </summary>
    private static LayerGraph Convolution(PublishedRow row, NumberFormat format)
    {
        var builder = new GraphBuilder("conv2d");
        string x = builder.Input("x", Shape.Of(row.Batch ?? 1, Extent(row, "C"), Extent(row, "H"), Extent(row, "W")));
        bool converts = format == NumberFormat.Int8 || format == NumberFormat.Float16 && Extent(row, "R") * Extent(row, "S") > 1;
        if (converts)
            x = builder.Activation("to channels last", x, ActivationKind.Relu);
        int vertical = Extent(row, "pad_h", 0), horizontal = Extent(row, "pad_w", 0);
        var convolution = new Convolution(
            new Size2(Extent(row, "R"), Extent(row, "S")), new Size2(Extent(row, "stride_h"), Extent(row, "stride_w")),
            new Padding(vertical, vertical, horizontal, horizontal), 1);
        x = builder.Convolution("conv2d", x, Extent(row, "K"), convolution, bias: false);
        return builder.Build(converts ? builder.Activation("to channels first", x, ActivationKind.Relu) : x);
    }

    private static int Extent(PublishedRow row, string key, int least = 1) =>
        int.TryParse(row.Variant[key], NumberStyles.None, CultureInfo.InvariantCulture, out int extent) && extent >= least && extent <= LargestExtent
            ? extent
            : throw new GraphException($"the row's {key} is '{row.Variant[key]}', but must be a whole number of {least} to {LargestExtent}");
}
