using AccelSim.Graph;

namespace AccelSim.Models.Data;

/// <summary>Grey images of one size with a class each.</summary>
public sealed class GreyImages
{
    private readonly byte[] _pixels;

    public GreyImages(int height, int width, byte[] pixels, byte[] labels)
    {
        if ((long)labels.Length * height * width != pixels.Length)
            throw new GraphException($"{labels.Length} labels do not go with {pixels.Length} pixels in images of {height}×{width}.");
        (Height, Width, _pixels, Labels) = (height, width, pixels, labels);
    }

    public int Count => Labels.Count;

    public int Height { get; }

    public int Width { get; }

    public IReadOnlyList<byte> Labels { get; }

    public ReadOnlySpan<byte> Row(int image, int y) => _pixels.AsSpan((image * Height + y) * Width, Width);

    public GreyImages Take(int start, int count) => new(
        Height, Width, _pixels.AsSpan(start * Height * Width, count * Height * Width).ToArray(), [.. Labels.Skip(start).Take(count)]);

    /// <summary>The images whose index is chosen, in order.</summary>
    public GreyImages Where(Func<int, bool> chosen)
    {
        int size = Height * Width;
        int[] indices = [.. Enumerable.Range(0, Count).Where(chosen)];
        var pixels = new byte[indices.Length * size];
        for (int i = 0; i < indices.Length; i++)
            _pixels.AsSpan(indices[i] * size, size).CopyTo(pixels.AsSpan(i * size));
        return new GreyImages(Height, Width, pixels, [.. indices.Select(index => Labels[index])]);
    }

    /// <summary>Mean and deviation of all pixels ÷ 255; of one value only, the deviation counts as 1.</summary>
    public ImagePreprocessing Normalization()
    {
        double sum = 0, squares = 0;
        foreach (byte pixel in _pixels)
        {
            sum += pixel;
            squares += pixel * pixel;
        }
        double mean = sum / _pixels.Length, variance = squares / _pixels.Length - mean * mean;
        return new ImagePreprocessing(mean / 255, variance > 0 ? Math.Sqrt(variance) / 255 : 1);
    }

    /// <summary>Reads a pair of IDX files.</summary>
    /// <exception cref="GraphException">A file is damaged or the two do not belong together.</exception>
    public static GreyImages Load(string images, string labels)
    {
        var (extents, pixels) = IdxFile.Read(images);
        var (labelExtents, classes) = IdxFile.Read(labels);
        if (extents.Length != 3 || labelExtents.Length != 1)
            throw new GraphException($"{images} must have three dimensions and {labels} one.");
        return new GreyImages(extents[1], extents[2], pixels, classes);
    }

    public void Save(string images, string labels)
    {
        IdxFile.Write(images, [Count, Height, Width], _pixels);
        IdxFile.Write(labels, [Count], [.. Labels]);
    }
}
