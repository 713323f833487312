using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, Table 1: 18 and 34 layers of basic blocks, with or
/// without shortcuts, and 50, 101 and 152 layers of bottlenecks.
/// </summary>
/// <remarks>
/// The paper and its Caffe models halve the image in a bottleneck's first 1×1; Torch's, in wide use as "v1.5", in its 3×3, with more
/// MACs and the same parameters. TF-slim's ResNet v1 halves it in the 3×3 of the last bottleneck of the stage before, where the shortcut drops
/// every other pixel. The paper compares three shortcuts (A, B, C); B is what its released models have.
/// </remarks>
public sealed class ResNet(int depth, bool plain = false) : ImageFamily
{
    private static readonly ImmutableDictionary<int, ImmutableArray<int>> BlocksOfStages = ImmutableDictionary.CreateRange<int, ImmutableArray<int>>(
    [
        new(18, [2, 2, 2, 2]), new(34, [3, 4, 6, 3]), new(50, [3, 4, 6, 3]), new(101, [3, 4, 23, 3]), new(152, [3, 8, 36, 3]),
    ]);

    private bool HasBottlenecks => depth >= 50;

    public override string Name => plain ? $"plain{depth}" : $"resnet{depth}";

    public override string Citation => "He et al., CVPR 2016";

    protected override ImmutableArray<NetworkOption> OwnOptions =>
    [
        .. HasBottlenecks ? [ResidualBlocks.StrideOption("3x3", "1x1")] : ImmutableArray<NetworkOption>.Empty,
        .. plain ? ImmutableArray<NetworkOption>.Empty : [ResidualBlocks.ShortcutOption("b", "a", "c")],
        .. HasBottlenecks ? [NetworkOption.Choice("halving", "the block of a stage that halves the image: of this one, or of the one before (TF-slim)", "first", "last")] : ImmutableArray<NetworkOption>.Empty,
    ];

    protected override int SmallestResolution => 32;

    /// <summary>The image to 64 channels and a quarter of its size: the stem of ImageNet's residual networks.</summary>
    internal static string Stem(NormalizedLayers layers, string image) =>
        layers.Graph.MaxPool("maxpool", layers.Convolution("conv1", image, 64, 7, 2, activation: ActivationKind.Relu), 3, 2, padding: 1);

    /// <summary>The four stages of bottlenecks with 256 to 2048 channels; <paramref name="inner"/> is the first stage's width of 3×3.</summary>
    internal static string Bottlenecks(ResidualBlocks blocks, string x, int depth, int inner = 64, bool halvesLast = false)
    {
        for (int stage = 0; stage < 4; stage++)
        {
            int last = BlocksOfStages[depth][stage] - 1;
            for (int block = 0; block <= last; block++)
            {
                int stride = !halvesLast ? StrideOf(stage, block) : stage < 3 && block == last ? 2 : 1;
                x = blocks.Bottleneck(Path(stage, block), x, inner << stage, 256 << stage, stride);
            }
        }
        return x;
    }

    /// <summary>The first three stages, the third not halved: what detectors of six maps stand on.</summary>
    internal static string ThreeStages(ResidualBlocks blocks, string x, int depth)
    {
        for (int stage = 0; stage < 3; stage++)
        {
            for (int block = 0; block < BlocksOfStages[depth][stage]; block++)
            {
                int stride = stage == 2 ? 1 : StrideOf(stage, block);
                x = depth >= 50
                    ? blocks.Bottleneck(Path(stage, block), x, 64 << stage, 256 << stage, stride)
                    : blocks.Basic(Path(stage, block), x, 64 << stage, stride);
            }
        }
        return x;
    }

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.Torch(graph);
        var blocks = new ResidualBlocks(layers, plain ? Shortcut.None : ResidualBlocks.Parse(settings["shortcut"])) { StrideOnFirst = HasBottlenecks && settings["stride"] == "1x1" };
        string x = Stem(layers, input);
        return [graph.Classifier(HasBottlenecks ? Bottlenecks(blocks, x, depth, halvesLast: settings["halving"] == "last") : Basics(blocks, x), settings.Classes)];
    }

    private string Basics(ResidualBlocks blocks, string x)
    {
        for (int stage = 0; stage < 4; stage++)
        {
            for (int block = 0; block < BlocksOfStages[depth][stage]; block++)
                x = blocks.Basic(Path(stage, block), x, 64 << stage, StrideOf(stage, block));
        }
        return x;
    }

    private static string Path(int stage, int block) => $"stage{stage + 1}/block{block + 1}";

    private static int StrideOf(int stage, int block) => stage > 0 && block == 0 ? 2 : 1;
}
