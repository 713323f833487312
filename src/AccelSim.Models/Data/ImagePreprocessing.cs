using AccelSim.Graph;

namespace AccelSim.Models.Data;

/// <summary>From bytes to what a network was trained on: real = (pixel ÷ 255 − mean) ÷ deviation, the same for each channel.</summary>
public sealed record ImagePreprocessing(double Mean, double Deviation)
{
    /// <summary>Pixels to [−1, 1], as the MobileNets of TF-slim expect.</summary>
    public static ImagePreprocessing Symmetric { get; } = new(0.5, 0.5);

    public float Apply(byte pixel) => (float)((pixel / 255.0 - Mean) / Deviation);

    /// <summary>
    /// Grey images [N][height][width] centred on a black field of <paramref name="resolution"/>, the one channel repeated
    /// <paramref name="channels"/> times: [N, channels, resolution, resolution].
    /// </summary>
    /// <exception cref="GraphException">The images are larger than the field.</exception>
    public Tensor Tensor(GreyImages images, int channels, int resolution)
    {
        int top = resolution - images.Height, left = resolution - images.Width;
        if (top < 0 || left < 0)
            throw new GraphException($"Images of {images.Height}×{images.Width} do not fit a network of resolution {resolution}.");
        (top, left) = (top / 2, left / 2);
        int plane = resolution * resolution;
        var data = new float[(long)images.Count * channels * plane];
        Array.Fill(data, Apply(0));
        for (int n = 0; n < images.Count; n++)
        {
            for (int y = 0; y < images.Height; y++)
            {
                var row = images.Row(n, y);
                for (int c = 0; c < channels; c++)
                {
                    int start = (n * channels + c) * plane + (y + top) * resolution + left;
                    for (int x = 0; x < row.Length; x++)
                        data[start + x] = Apply(row[x]);
                }
            }
        }
        return Graph.Tensor.Of(Shape.Of(images.Count, channels, resolution, resolution), data);
    }
}
