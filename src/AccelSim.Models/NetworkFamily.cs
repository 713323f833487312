using System.Globalization;
using AccelSim.Graph;

namespace AccelSim.Models;

/// <summary>One network of the zoo with its options. <see cref="Build"/> gives its structure; weights come after.</summary>
public abstract class NetworkFamily
{
    /// <summary>The name on the command line, such as <c>mobilenet_v2</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The paper that defines it.</summary>
    public abstract string Citation { get; }

    /// <summary>The variants, the default first.</summary>
    public virtual IReadOnlyList<string> Variants => [];

    /// <summary>True when it has a width multiplier.</summary>
    public virtual bool HasWidth => false;

    /// <summary>Channels of the image.</summary>
    public virtual int Channels => 3;

    public virtual int DefaultResolution(string? variant) => 224;

    /// <summary>The smallest image that it can take.</summary>
    public virtual int SmallestResolution => 1;

    public virtual int DefaultClasses => 1000;

    /// <exception cref="GraphException">An option is out of range or the family does not have it.</exception>
    public LayerGraph Build(NetworkOptions options)
    {
        string? variant = options.Variant ?? (Variants.Count > 0 ? Variants[0] : null);
        if (options.Variant is { } asked && !Variants.Contains(asked))
            throw new GraphException($"{Name} has no variant '{asked}' ({(Variants.Count == 0 ? "it has none" : $"there are {string.Join(", ", Variants)}")}).");
        if (options.Width is { } width && (!HasWidth || !(width >= 0.05 && width <= 8)))
            throw new GraphException(HasWidth ? $"The width multiplier {width} must be between 0.05 and 8." : $"{Name} has no width multiplier.");
        int resolution = options.Resolution ?? DefaultResolution(variant);
        if (resolution < SmallestResolution || resolution > 4096)
            throw new GraphException($"The resolution {resolution} of {Name} must be between {SmallestResolution} and 4096.");
        int classes = options.Classes ?? DefaultClasses;
        if (classes < 1 || options.Batch < 1)
            throw new GraphException("Classes and batch must be at least 1.");
        var builder = new GraphBuilder(Title(variant, options.Width ?? 1, resolution));
        string image = builder.Input("image", Shape.Of(options.Batch, Channels, resolution, resolution));
        return builder.Build(Define(builder, image, variant, options.Width ?? 1, classes));
    }

    /// <summary>Adds the layers from the image to the logits and returns the logits.</summary>
    protected abstract string Define(GraphBuilder graph, string image, string? variant, double width, int classes);

    private string Title(string? variant, double width, int resolution) =>
        Name
        + (variant is null || variant == Variants[0] ? "" : $"-{variant}")
        + (HasWidth ? string.Create(CultureInfo.InvariantCulture, $"-{width:0.00##}") : "")
        + string.Create(CultureInfo.InvariantCulture, $"-{resolution}");
}
