using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications", arXiv:1704.04861, Table 1:
/// a convolution, thirteen depthwise-separable blocks, pooling, a classifier. Channels are truncated, at least 8, as in TF-slim.
/// </summary>
public sealed class MobileNetV1 : ImageFamily
{
    /// <summary>Output channels and stride of each block.</summary>
    private static readonly (int Channels, int Stride)[] Blocks =
    [
        (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2),
        (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1),
    ];

    public override string Name => "mobilenet_v1";

    public override string Citation => "Howard et al., arXiv:1704.04861";

    protected override ImmutableArray<NetworkOption> OwnOptions => [NetworkOption.AnyWidth("1", "0.75", "0.5", "0.25")];

    protected override ImmutableArray<int> PublishedResolutions => [224, 192, 160, 128];

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings) =>
        [graph.Classifier(Features(NormalizedLayers.TensorFlow(graph), input, settings.Width)[^1], settings.Classes)];

    /// <summary>The output of every block, for networks that go on from them.</summary>
    internal static IReadOnlyList<string> Features(NormalizedLayers layers, string input, double width)
    {
        var features = new List<string>();
        string x = layers.Convolution("conv1", input, Scaled(32), 3, 2, activation: ActivationKind.Relu6);
        for (int i = 0; i < Blocks.Length; i++)
        {
            x = layers.Depthwise($"block{i + 1}/depthwise", x, 3, Blocks[i].Stride, ActivationKind.Relu6);
            x = layers.Convolution($"block{i + 1}/pointwise", x, Scaled(Blocks[i].Channels), 1, activation: ActivationKind.Relu6);
            features.Add(x);
        }
        return features;

        int Scaled(int channels) => Math.Max(8, (int)(channels * width));
    }
}
