using AccelSim.Graph;
using AccelSim.Models.Data;
using StbImageSharp;

namespace AccelSim.Studies.Networks;

/// <summary>A user's picture (PNG, JPEG, BMP) as the input of a network.</summary>
public static class Photograph
{
    private const long LargestFile = 64L << 20;

    /// <summary>Deflate reaches about 1,000 to 1; the decoder reads what a truncated file lacks as black.</summary>
    private const long PixelsPerByte = 2048;

    /// <summary>
    /// The picture's central square, resampled bilinearly to <paramref name="resolution"/>: [1, channels, resolution, resolution], with
    /// <paramref name="channels"/> 3 for RGB or 1 for its luma.
    /// </summary>
    /// <exception cref="GraphException">The file is missing or not a picture, or the network takes another number of channels.</exception>
    public static Tensor Load(string path, int channels, int resolution, ImagePreprocessing preprocessing)
    {
        if (channels is not (1 or 3))
            throw new GraphException($"A picture has 1 or 3 channels, but the network takes {channels}.");
        if (!File.Exists(path))
            throw new GraphException($"There is no file {path}.");
        if (new FileInfo(path).Length > LargestFile)
            throw new GraphException($"{path} has more than {LargestFile >> 20} MiB.");
        ImageResult image;
        try
        {
            image = ImageResult.FromMemory(File.ReadAllBytes(path), channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue);
        }
        catch (Exception error) when (error is InvalidOperationException or IndexOutOfRangeException or ArgumentException or OverflowException or OutOfMemoryException)
        {
            throw new GraphException($"{path} is not a picture that can be read (PNG, JPEG or BMP): {error.Message}", error);
        }
        if ((long)image.Width * image.Height > PixelsPerByte * new FileInfo(path).Length)
            throw new GraphException($"{path} claims {image.Width}×{image.Height} pixels, more than its {new FileInfo(path).Length} bytes can hold: it is truncated.");
        int side = Math.Min(image.Width, image.Height), left = (image.Width - side) / 2, top = (image.Height - side) / 2;
        var data = new float[channels * resolution * resolution];
        for (int c = 0; c < channels; c++)
        {
            for (int y = 0; y < resolution; y++)
            {
                for (int x = 0; x < resolution; x++)
                    data[(c * resolution + y) * resolution + x] = Sample(c, Position(y, resolution, side), Position(x, resolution, side));
            }
        }
        return Tensor.Of(Shape.Of(1, channels, resolution, resolution), data);

        float Sample(int c, (int Low, int High, double Part) y, (int Low, int High, double Part) x)
        {
            double upper = At(c, y.Low, x.Low) * (1 - x.Part) + At(c, y.Low, x.High) * x.Part;
            double lower = At(c, y.High, x.Low) * (1 - x.Part) + At(c, y.High, x.High) * x.Part;
            return preprocessing.Apply((byte)Math.Clamp(Math.Floor(upper * (1 - y.Part) + lower * y.Part + 0.5), 0, 255));
        }

        double At(int c, int y, int x) => image.Data[((top + y) * image.Width + left + x) * channels + c];
    }

    /// <summary>Two source pixels and the share of the second for a pixel of the result, pixel centres aligned.</summary>
    private static (int Low, int High, double Part) Position(int pixel, int resolution, int side)
    {
        double at = Math.Clamp((pixel + 0.5) * side / resolution - 0.5, 0, side - 1);
        int low = (int)at;
        return (low, Math.Min(low + 1, side - 1), at - low);
    }
}
