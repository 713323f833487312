using AccelSim.Graph;

namespace AccelSim.Systolic.Functional;

/// <summary>Where pixels that are numbered over a whole batch lie in a value [N, C, …].</summary>
internal readonly record struct ImageLayout(int Channels, int PixelsOfImage)
{
    public static ImageLayout Of(Shape output) => new(output[1], checked((int)(output.Elements / output[0] / output[1])));

    /// <summary>One channel's pixels [first, first + count) as runs: the first of each run within the count, where it goes, and how long it is.</summary>
    public IEnumerable<(int At, int Destination, int Length)> Runs(int channel, int first, int count)
    {
        for (int at = 0; at < count;)
        {
            (int image, int pixel) = Math.DivRem(first + at, PixelsOfImage);
            int length = Math.Min(PixelsOfImage - pixel, count - at);
            yield return (at, (image * Channels + channel) * PixelsOfImage + pixel, length);
            at += length;
        }
    }
}
