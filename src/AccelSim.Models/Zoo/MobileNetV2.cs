using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018, Table 2. The last convolution is not
/// narrowed below 1280 channels.
/// </summary>
public sealed class MobileNetV2 : ImageFamily
{
    /// <summary>Expansion t, channels c, repeats n, first stride s.</summary>
    private static readonly (int Expansion, int Channels, int Repeats, int Stride)[] Stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    public override string Name => "mobilenet_v2";

    public override string Citation => "Sandler et al., CVPR 2018";

    protected override ImmutableArray<NetworkOption> OwnOptions => [NetworkOption.AnyWidth("1", "1.4", "1.3", "0.75", "0.5", "0.35")];

    protected override ImmutableArray<int> PublishedResolutions => [224, 192, 160, 128, 96];

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings) =>
        [graph.Classifier(Features(NormalizedLayers.TensorFlow(graph), input, settings.Width), settings.Classes)];

    /// <summary>The last convolution's output; before it come the blocks, <c>block14</c> the one that halves the image for the last time.</summary>
    internal static string Features(NormalizedLayers layers, string input, double width)
    {
        string x = layers.Convolution("conv1", input, Scaled(32), 3, 2, activation: ActivationKind.Relu6);
        int number = 0;
        foreach (var (expansion, channels, repeats, stride) in Stages)
        {
            for (int repeat = 0; repeat < repeats; repeat++)
            {
                x = layers.InvertedResidual(
                    $"block{++number}", x, expansion * layers.Graph.TypeOf(x).Channels, Scaled(channels), 3, repeat == 0 ? stride : 1, ActivationKind.Relu6);
            }
        }
        int last = ChannelRounding.ToMultipleOf8(1280 * Math.Max(1, width));
        return layers.Convolution("conv_last", x, last, 1, activation: ActivationKind.Relu6);

        int Scaled(int channels) => ChannelRounding.ToMultipleOf8(channels * width);
    }
}
