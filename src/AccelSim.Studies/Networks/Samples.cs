using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Models.Data;
using AccelSim.Models.Trained;

namespace AccelSim.Studies.Networks;

/// <summary>Inputs of a network, with their classes where these are known.</summary>
/// <param name="Images">float32 [N, …], preprocessed.</param>
/// <param name="Labels">A class for each, or null.</param>
/// <param name="Source">What they are, for reports.</param>
public sealed record Samples(Tensor Images, IReadOnlyList<int>? Labels, string Source)
{
    /// <summary>Images are enlarged to it, in memory.</summary>
    private const int LargestResolution = 4096;

    public int Count => Images.Shape[0];

    /// <summary>The picture that the user names, for a network that takes one.</summary>
    /// <exception cref="GraphException">The file is no picture, or the network takes none.</exception>
    public static Samples OfPicture(string file, Shape input, ImagePreprocessing preprocessing) => input is [_, 1 or 3, <= LargestResolution, <= LargestResolution]
        ? new Samples(Photograph.Load(file, input[1], new Size2(input[2], input[3]), preprocessing), null, Path.GetFileName(file))
        : throw new GraphException($"A picture needs an input [N, 1 or 3, height, width] of at most {LargestResolution}, but the network takes {input}.");

    /// <summary>
    /// The first <paramref name="count"/> of the photographs that come with AccelSim, as the network takes them: as an image, or as the row of pixels. For a network that
    /// takes neither, random numbers, which the source says.
    /// </summary>
    public static Samples Shipped(GreyImages images, Shape input, ImagePreprocessing preprocessing, int count)
    {
        images = images.Take(0, Math.Min(count, images.Count));
        int[] labels = [.. images.Labels.Select(label => (int)label)];
        string source = $"{images.Count} Fashion-MNIST photograph{(images.Count == 1 ? "" : "s")}";
        if (input is [_, 1 or 3, <= LargestResolution and var height, <= LargestResolution and var width] && height >= images.Height && width >= images.Width)
            return new Samples(preprocessing.Tensor(images, input[1], new Size2(height, width)), labels, source);
        var each = input.With(0, images.Count);
        if (input.Elements / input[0] == images.Height * images.Width)
            return new Samples(preprocessing.Tensor(images, 1, new Size2(images.Height, images.Width)).Reshape(each), labels, source);
        return new Samples(NormalNumbers.Tensor(each, seed: 1), null, $"{images.Count} samples of normal random numbers, seed 1, since the network takes no image");
    }
}
