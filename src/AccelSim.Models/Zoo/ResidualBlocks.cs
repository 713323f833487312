using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>How a residual block's input reaches its sum (He et al., CVPR 2016, section 4.1).</summary>
internal enum Shortcut
{
    /// <summary>It does not: the plain network.</summary>
    None,

    /// <summary>Option A: identity everywhere; where the shape changes, every other pixel with channels of zeros. No parameters.</summary>
    ZeroPadding,

    /// <summary>Option B: a 1×1 convolution where the channels change, every other pixel where only the size does, identity elsewhere.</summary>
    ProjectionWhereNeeded,

    /// <summary>Option C: a 1×1 convolution everywhere.</summary>
    ProjectionEverywhere,
}

/// <summary>
/// The two blocks of He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, Figure 5, with what later papers
/// changed about them.
/// </summary>
/// <param name="Layers">Takes the layers.</param>
/// <param name="Shortcut">How the input reaches the sum.</param>
internal sealed record ResidualBlocks(NormalizedLayers Layers, Shortcut Shortcut)
{
    /// <summary>A bottleneck halves the image in its first 1×1 (the paper and its Caffe models) and not in its 3×3 (Torch's "v1.5").</summary>
    public bool StrideOnFirst { get; init; }

    /// <summary>Groups of a bottleneck's 3×3.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>A bottleneck is gated by squeeze-and-excite with 1 ÷ this of its channels.</summary>
    public int? SqueezeRatio { get; init; }

    /// <summary>The choice among the paper's three shortcuts; see <see cref="Parse"/>.</summary>
    public static ChoiceOption ShortcutOption(params ReadOnlySpan<string> letters) =>
        NetworkOption.Choice("shortcut", "a: zero padding, b: projection where the shape changes, c: projection everywhere", letters);

    /// <summary>The choice of <see cref="StrideOnFirst"/>.</summary>
    public static ChoiceOption StrideOption(params ReadOnlySpan<string> kernels) =>
        NetworkOption.Choice("stride", "the kernel of a bottleneck that halves the image", kernels);

    public static Shortcut Parse(string letter) => letter switch
    {
        "a" => Shortcut.ZeroPadding,
        "b" => Shortcut.ProjectionWhereNeeded,
        _ => Shortcut.ProjectionEverywhere,
    };

    /// <summary>Two 3×3 layers.</summary>
    public string Basic(string block, string input, int channels, int stride)
    {
        string y = Layers.Convolution($"{block}/conv1", input, channels, 3, stride, activation: ActivationKind.Relu);
        return Sum(block, Layers.Convolution($"{block}/conv2", y, channels, 3), input, stride);
    }

    /// <summary>1×1 to <paramref name="inner"/> channels, 3×3, 1×1.</summary>
    public string Bottleneck(string block, string input, int inner, int channels, int stride)
    {
        string y = Layers.Convolution($"{block}/conv1", input, inner, 1, StrideOnFirst ? stride : 1, activation: ActivationKind.Relu);
        y = Layers.Convolution($"{block}/conv2", y, inner, 3, StrideOnFirst ? 1 : stride, Groups, ActivationKind.Relu);
        y = Layers.Convolution($"{block}/conv3", y, channels, 1);
        if (SqueezeRatio is { } ratio)
            y = Layers.SqueezeExcite($"{block}/se", y, channels / ratio, ActivationKind.Sigmoid);
        return Sum(block, y, input, stride);
    }

    private string Sum(string block, string y, string input, int stride)
    {
        var graph = Layers.Graph;
        int channels = graph.TypeOf(y).Channels, missing = channels - graph.TypeOf(input).Channels;
        bool changes = stride != 1 || missing != 0;
        string shortcut = Shortcut switch
        {
            Shortcut.None => "",
            Shortcut.ProjectionEverywhere => Projection(),
            Shortcut.ProjectionWhereNeeded when missing == 0 && stride != 1 => graph.MaxPool($"{block}/shortcut", input, 1, stride),
            Shortcut.ProjectionWhereNeeded when changes => Projection(),
            Shortcut.ZeroPadding when changes => Padded(),
            _ => input,
        };
        return graph.Relu(block, Shortcut == Shortcut.None ? y : graph.Add($"{block}/add", y, shortcut));

        string Projection() => Layers.Convolution($"{block}/shortcut", input, channels, 1, stride);

        string Padded()
        {
            string x = input;
            if (stride != 1)
            {
                x = graph.Layer($"{block}/shortcut/rows", new Slice(2, 0, graph.TypeOf(y).Image.Height, stride), [x]);
                x = graph.Layer($"{block}/shortcut/columns", new Slice(3, 0, graph.TypeOf(y).Image.Width, stride), [x]);
            }
            return missing == 0 ? x : graph.Layer($"{block}/shortcut/zeros", new Pad([0, missing / 2, 0, 0], [0, missing - missing / 2, 0, 0]), [x]);
        }
    }
}
