using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Gupta and Tan, "EfficientNet-EdgeTPU: Creating Accelerator-Optimized Neural Networks with AutoML", 2019, and the authors' released code: the first blocks widen with a
/// full convolution in place of a pointwise and a depthwise one, and halve the image in the projection behind it; no squeeze-and-excite; ReLU. Channels times the width factor,
/// rounded to 8, repeats times the depth factor.
/// </summary>
public sealed class EfficientNetEdgeTpu : ImageFamily
{
    private static readonly ImmutableDictionary<string, (double Width, double Depth, int Resolution)> Scalings =
        new Dictionary<string, (double, double, int)> { ["s"] = (1.0, 1.0, 224), ["m"] = (1.0, 1.1, 240), ["l"] = (1.2, 1.4, 300) }.ToImmutableDictionary();

    private static readonly (bool Fused, int Kernel, int Expansion, int Channels, int Repeats, int Stride, bool Skips)[] Stages =
    [
        (true, 3, 4, 24, 1, 1, false), (true, 3, 8, 32, 2, 2, true), (true, 3, 8, 48, 4, 2, true),
        (false, 5, 8, 96, 5, 2, true), (false, 5, 8, 144, 4, 1, true), (false, 5, 8, 192, 2, 2, true),
    ];

    public override string Name => "efficientnet_edgetpu";

    public override string Citation => "Gupta and Tan, 2019";

    protected override ImmutableArray<NetworkOption> OwnOptions => [NetworkOption.Choice(NetworkOption.Variant, "the scaling: small, medium or large", "s", "m", "l")];

    protected override int DefaultResolution(string? variant) => Scalings[variant ?? "s"].Resolution;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.TensorFlow(graph);
        var (width, depth, _) = Scalings[settings.Variant];
        string x = layers.Convolution("conv1", input, Scaled(32), 3, 2, activation: ActivationKind.Relu);
        int number = 0, widened = Scaled(24);
        foreach (var (fused, kernel, expansion, channels, repeats, stride, skips) in Stages)
        {
            for (int repeat = 0; repeat < (int)Math.Ceiling(repeats * depth); repeat++)
            {
                int step = repeat == 0 ? stride : 1;
                x = fused ? Fused($"block{++number}", x, expansion * widened, Scaled(channels), kernel, step, skips)
                    : layers.InvertedResidual($"block{++number}", x, expansion * graph.TypeOf(x).Channels, Scaled(channels), kernel, step, ActivationKind.Relu);
                widened = graph.TypeOf(x).Channels;
            }
        }
        return [graph.Classifier(layers.Convolution("conv_last", x, Scaled(1280), 1, activation: ActivationKind.Relu), settings.Classes)];

        int Scaled(int channels) => ChannelRounding.ToMultipleOf8(channels * width);

        // The first block widens from 24 channels' worth, though the stem has 32.
        string Fused(string block, string value, int expanded, int channels, int kernel, int stride, bool skips)
        {
            string y = layers.Convolution($"{block}/expand", value, expanded, kernel, activation: ActivationKind.Relu);
            y = layers.Convolution($"{block}/project", y, channels, 1, stride);
            return skips && stride == 1 && graph.TypeOf(value).Channels == channels ? graph.Add($"{block}/add", y, value) : y;
        }
    }
}
