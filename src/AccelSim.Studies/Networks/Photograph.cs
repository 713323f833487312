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
    /// The largest part at the picture's centre that has the network's proportions, resampled bilinearly: [1, channels, height, width], with
    /// <paramref name="channels"/> 3 for RGB or 1 for its luma.
    /// </summary>
    /// <exception cref="GraphException">The file is missing or not a picture, or the network takes another number of channels.</exception>
    public static Tensor Load(string path, int channels, Size2 field, ImagePreprocessing preprocessing)
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
        var part = Central(image, field);
        int left = (image.Width - part.Width) / 2, top = (image.Height - part.Height) / 2;
        var data = new float[channels * field.Area];
        for (int c = 0; c < channels; c++)
        {
            for (int y = 0; y < field.Height; y++)
            {
                for (int x = 0; x < field.Width; x++)
                    data[(c * field.Height + y) * field.Width + x] = Sample(c, Position(y, field.Height, part.Height), Position(x, field.Width, part.Width));
            }
        }
        return Tensor.Of(Shape.Of(1, channels, field.Height, field.Width), data);

        float Sample(int c, (int Low, int High, double Part) y, (int Low, int High, double Part) x)
        {
            double upper = At(c, y.Low, x.Low) * (1 - x.Part) + At(c, y.Low, x.High) * x.Part;
            double lower = At(c, y.High, x.Low) * (1 - x.Part) + At(c, y.High, x.High) * x.Part;
            return preprocessing.Apply((byte)Math.Clamp(Math.Floor(upper * (1 - y.Part) + lower * y.Part + 0.5), 0, 255), c);
        }

        double At(int c, int y, int x) => image.Data[((top + y) * image.Width + left + x) * channels + c];
    }

    private static Size2 Central(ImageResult image, Size2 field) => (long)image.Width * field.Height >= (long)image.Height * field.Width
        ? new Size2(image.Height, Math.Max(1, (int)((long)image.Height * field.Width / field.Height)))
        : new Size2(Math.Max(1, (int)((long)image.Width * field.Height / field.Width)), image.Width);

    /// <summary>Two source pixels and the share of the second for a pixel of the result, pixel centres aligned.</summary>
    private static (int Low, int High, double Part) Position(int pixel, int resolution, int side)
    {
        double at = Math.Clamp((pixel + 0.5) * side / resolution - 0.5, 0, side - 1);
        int low = (int)at;
        return (low, Math.Min(low + 1, side - 1), at - low);
    }
}
