using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Tan et al., "MnasNet: Platform-Aware Neural Architecture Search for Mobile", CVPR 2019. <c>a1</c> is Figure 7 (with squeeze-and-excite
/// to a quarter of a block's input channels); <c>b1</c> the paper's network without it; <c>small</c> the authors' smallest. The depth
/// multiplier is <c>--width</c>; the head keeps its 1280 channels.
/// </summary>
public sealed class MnasNet : ImageFamily
{
    private readonly record struct Stage(int Kernel, int Expansion, int Channels, int Repeats, int Stride, bool Squeeze = false);

    private static readonly Stage[] A1 =
    [
        new(3, 6, 24, 2, 2), new(5, 3, 40, 3, 2, true), new(3, 6, 80, 4, 2), new(3, 6, 112, 2, 1, true), new(5, 6, 160, 3, 2, true), new(3, 6, 320, 1, 1),
    ];

    private static readonly Stage[] B1 =
    [
        new(3, 3, 24, 3, 2), new(5, 3, 40, 3, 2), new(5, 6, 80, 3, 2), new(3, 6, 96, 2, 1), new(5, 6, 192, 4, 2), new(3, 6, 320, 1, 1),
    ];

    private static readonly Stage[] Small =
    [
        new(3, 3, 16, 1, 2), new(3, 6, 16, 2, 2), new(5, 6, 32, 4, 2, true), new(3, 6, 32, 3, 1, true), new(5, 6, 88, 3, 2, true), new(3, 6, 144, 1, 1),
    ];

    public override string Name => "mnasnet";

    public override string Citation => "Tan et al., CVPR 2019";

    protected override ImmutableArray<NetworkOption> OwnOptions =>
        [NetworkOption.Choice(NetworkOption.Variant, "b1, a1 (with squeeze-and-excite) or the small one", "b1", "a1", "small"), NetworkOption.AnyWidth("1", "1.3", "0.75", "0.5")];

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.Torch(graph);
        bool small = settings.Variant == "small";
        string x = layers.Convolution("conv1", input, Scaled(small ? 8 : 32), 3, 2, activation: ActivationKind.Relu);
        x = layers.Depthwise("block1/depthwise", x, 3, activation: ActivationKind.Relu);
        x = layers.Convolution("block1/project", x, Scaled(small ? 8 : 16), 1);
        int number = 1;
        foreach (var stage in settings.Variant switch { "a1" => A1, "b1" => B1, _ => Small })
        {
            for (int repeat = 0; repeat < stage.Repeats; repeat++)
            {
                int inputs = graph.TypeOf(x).Channels;
                x = layers.InvertedResidual(
                    $"block{++number}", x, inputs * stage.Expansion, Scaled(stage.Channels), stage.Kernel, repeat == 0 ? stage.Stride : 1, ActivationKind.Relu,
                    stage.Squeeze ? ((int)Math.Round(inputs / 4.0), ActivationKind.Sigmoid) : null);
            }
        }
        return [graph.Classifier(layers.Convolution("conv_last", x, 1280, 1, activation: ActivationKind.Relu), settings.Classes)];

        int Scaled(int channels) => ChannelRounding.ToMultipleOf8(channels * settings.Width);
    }
}
