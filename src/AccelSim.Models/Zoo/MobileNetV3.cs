using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Howard et al., "Searching for MobileNetV3", ICCV 2019, Tables 1 (Large) and 2 (Small). Squeeze-and-excite narrows to a quarter of the
/// expansion, rounded to 8, with biases (the paper's released code).
/// Variants: <c>minimalistic</c> has no squeeze-and-excite, 3×3 kernels and ReLU; <c>no-se</c> only leaves squeeze-and-excite out;
/// <c>torchvision</c> scales the expanded channels and the head by the width multiplier; the others, like the paper's code, Keras and timm,
/// keep each block's expansion ratio and never narrow the head.
/// </summary>
public sealed class MobileNetV3(bool large) : ImageFamily
{
    private readonly record struct Bottleneck(int Kernel, int Expanded, int Channels, bool Squeeze, bool HardSwish, int Stride);

    private static readonly Bottleneck[] Large =
    [
        new(3, 16, 16, false, false, 1), new(3, 64, 24, false, false, 2), new(3, 72, 24, false, false, 1),
        new(5, 72, 40, true, false, 2), new(5, 120, 40, true, false, 1), new(5, 120, 40, true, false, 1),
        new(3, 240, 80, false, true, 2), new(3, 200, 80, false, true, 1), new(3, 184, 80, false, true, 1), new(3, 184, 80, false, true, 1),
        new(3, 480, 112, true, true, 1), new(3, 672, 112, true, true, 1),
        new(5, 672, 160, true, true, 2), new(5, 960, 160, true, true, 1), new(5, 960, 160, true, true, 1),
    ];

    private static readonly Bottleneck[] Small =
    [
        new(3, 16, 16, true, false, 2), new(3, 72, 24, false, false, 2), new(3, 88, 24, false, false, 1),
        new(5, 96, 40, true, true, 2), new(5, 240, 40, true, true, 1), new(5, 240, 40, true, true, 1),
        new(5, 120, 48, true, true, 1), new(5, 144, 48, true, true, 1),
        new(5, 288, 96, true, true, 2), new(5, 576, 96, true, true, 1), new(5, 576, 96, true, true, 1),
    ];

    public override string Name => large ? "mobilenet_v3_large" : "mobilenet_v3_small";

    public override string Citation => "Howard et al., ICCV 2019";

    protected override ImmutableArray<NetworkOption> OwnOptions =>
    [
        NetworkOption.Choice(NetworkOption.Variant, "of the paper, without SE and h-swish, without SE, or scaled as torchvision does", "standard", "minimalistic", "no-se", "torchvision"),
        NetworkOption.AnyWidth("1", "1.25", "0.75", "0.5", "0.35"),
    ];

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        bool minimalistic = settings.Variant == "minimalistic", torchvision = settings.Variant == "torchvision", squeezes = settings.Variant is not ("minimalistic" or "no-se");
        var swish = minimalistic ? ActivationKind.Relu : ActivationKind.HardSwish;
        var layers = NormalizedLayers.TensorFlow(graph);
        string x = layers.Convolution("conv1", input, Scaled(16), 3, 2, activation: swish);
        var blocks = large ? Large : Small;
        int nominalInput = 16;
        for (int i = 0; i < blocks.Length; i++)
        {
            var block = blocks[i];
            int expanded = torchvision
                ? Scaled(block.Expanded)
                : ChannelRounding.ToMultipleOf8(graph.TypeOf(x).Channels * (block.Expanded / (double)nominalInput));
            x = layers.InvertedResidual(
                $"block{i + 1}", x, expanded, Scaled(block.Channels), minimalistic ? 3 : block.Kernel, block.Stride, block.HardSwish ? swish : ActivationKind.Relu,
                block.Squeeze && squeezes ? (ChannelRounding.ToMultipleOf8(expanded / 4.0), ActivationKind.HardSigmoid) : null);
            nominalInput = block.Channels;
        }
        x = layers.Convolution("conv_last", x, Scaled(blocks[^1].Expanded), 1, activation: swish);
        x = graph.Layer("flatten", new Flatten(), [graph.Layer("pool", new GlobalAveragePool(), [x])]);
        int hidden = ChannelRounding.ToMultipleOf8((large ? 1280 : 1024) * (torchvision ? settings.Width : Math.Max(1, settings.Width)));
        x = layers.Activation("hidden", graph.FullyConnected("hidden", x, hidden), swish);
        return [graph.FullyConnected("classifier", x, settings.Classes)];

        int Scaled(int channels) => ChannelRounding.ToMultipleOf8(channels * settings.Width);
    }
}
