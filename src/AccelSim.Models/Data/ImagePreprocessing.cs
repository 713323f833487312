using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Data;

/// <summary>From bytes to what a network was trained on: real = (pixel ÷ 255 − mean) ÷ deviation, with one mean and deviation a channel, or one for all.</summary>
public sealed record ImagePreprocessing(ImmutableArray<double> Mean, ImmutableArray<double> Deviation)
{
    public ImagePreprocessing(double mean, double deviation)
        : this([mean], [deviation])
    {
    }

    /// <summary>Pixels to [−1, 1], as the MobileNets of TF-slim expect.</summary>
    public static ImagePreprocessing Symmetric { get; } = new(0.5, 0.5);

    /// <summary>What a user can name.</summary>
    public static ImmutableDictionary<string, ImagePreprocessing> Named { get; } = new Dictionary<string, ImagePreprocessing>
    {
        ["symmetric"] = Symmetric,
        ["unit"] = new(0, 1),
        ["raw"] = new(0, 1 / 255.0),
        // (pixel − 128) ÷ 128, the input of TensorFlow Lite's quantized MobileNets.
        ["centred"] = OfCodes(1 / 128.0, 128),
        // Mean and deviation of ImageNet's training images (torchvision, transforms of the pre-trained models).
        ["imagenet"] = new([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    }.ToImmutableDictionary();

    /// <summary>A network whose input codes are the pixels: real = scale · (pixel − zero point).</summary>
    /// <param name="scale">Of the input.</param>
    /// <param name="zeroPoint">As uint8.</param>
    public static ImagePreprocessing OfCodes(double scale, int zeroPoint) => new(zeroPoint / 255.0, 1 / (255 * scale));

    public float Apply(byte pixel, int channel) => (float)((pixel / 255.0 - Of(Mean, channel)) / Of(Deviation, channel));

    /// <summary>
    /// Grey images centred on a black field, each pixel repeated so that the image fills as much of the field as a whole factor allows, the one channel
    /// repeated <paramref name="channels"/> times: [N, channels, height, width].
    /// </summary>
    /// <exception cref="GraphException">The images are larger than the field.</exception>
    public Tensor Tensor(GreyImages images, int channels, Size2 field)
    {
        int factor = Math.Min(field.Height / images.Height, field.Width / images.Width);
        if (factor == 0)
            throw new GraphException($"Images of {images.Height}×{images.Width} do not fit a network of resolution {field}.");
        int top = (field.Height - factor * images.Height) / 2, left = (field.Width - factor * images.Width) / 2;
        var data = new float[(long)images.Count * channels * field.Area];
        for (int n = 0; n < images.Count; n++)
        {
            for (int c = 0; c < channels; c++)
            {
                var plane = data.AsSpan((n * channels + c) * field.Area, field.Area);
                plane.Fill(Apply(0, c));
                for (int y = 0; y < factor * images.Height; y++)
                {
                    var row = images.Row(n, y / factor);
                    int start = (y + top) * field.Width + left;
                    for (int x = 0; x < factor * row.Length; x++)
                        plane[start + x] = Apply(row[x / factor], c);
                }
            }
        }
        return Graph.Tensor.Of(Shape.Of(images.Count, channels, field.Height, field.Width), data);
    }

    private static double Of(ImmutableArray<double> values, int channel) => values[values.Length == 1 ? 0 : channel];
}
