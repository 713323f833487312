using System.Collections.Immutable;
using System.Globalization;
using AccelSim.Graph;

namespace AccelSim.Models;

/// <summary>A network whose input is one square image [N, C, H, H] and whose first output is logits [N, classes], or a map of them where it detects.</summary>
public abstract class ImageFamily : NetworkFamily
{
    private const int LargestResolution = 4096;
    private const int MostClasses = 1_000_000;

    public sealed override ImmutableArray<NetworkOption> Options =>
    [
        .. OwnOptions,
        new IntegerOption(NetworkOption.Resolution, "height and width of the image", DefaultResolution(null), SmallestResolution, LargestResolution)
        {
            Published = [.. PublishedResolutions.Select(resolution => resolution.ToString(CultureInfo.InvariantCulture))],
        },
        new IntegerOption(NetworkOption.Classes, "outputs of the classifier", DefaultClasses, 1, MostClasses),
    ];

    /// <summary>The options beside resolution and classes.</summary>
    protected virtual ImmutableArray<NetworkOption> OwnOptions => [];

    /// <summary>Channels of the image.</summary>
    protected virtual int Channels => 3;

    /// <summary>The resolution of a variant; null asks for the default variant's.</summary>
    protected virtual int DefaultResolution(string? variant) => 224;

    /// <summary>The resolutions that the literature reports, where there are several.</summary>
    protected virtual ImmutableArray<int> PublishedResolutions => [];

    /// <summary>The smallest image that it can take.</summary>
    protected virtual int SmallestResolution => 1;

    protected virtual int DefaultClasses => 1000;

    protected sealed override Shape Input(NetworkSettings settings) => Shape.Of(settings.Batch, Channels, settings.Resolution, settings.Resolution);

    protected sealed override string DefaultOf(NetworkOption option, IReadOnlyDictionary<string, string> earlier) => option.Name == NetworkOption.Resolution
        ? DefaultResolution(earlier.GetValueOrDefault(NetworkOption.Variant)).ToString(CultureInfo.InvariantCulture)
        : option.Default;
}
