using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Han et al., "GhostNet: More Features from Cheap Operations", CVPR 2020, Table 1: half of a layer's channels are a pointwise convolution,
/// the other half a 3×3 depthwise convolution of the first.
/// </summary>
public sealed class GhostNet : ImageFamily
{
    private readonly record struct Block(int Kernel, int Expanded, int Channels, bool Squeeze, int Stride);

    private static readonly Block[] Blocks =
    [
        new(3, 16, 16, false, 1),
        new(3, 48, 24, false, 2), new(3, 72, 24, false, 1),
        new(5, 72, 40, true, 2), new(5, 120, 40, true, 1),
        new(3, 240, 80, false, 2), new(3, 200, 80, false, 1), new(3, 184, 80, false, 1), new(3, 184, 80, false, 1), new(3, 480, 112, true, 1), new(3, 672, 112, true, 1),
        new(5, 672, 160, true, 2), new(5, 960, 160, false, 1), new(5, 960, 160, true, 1), new(5, 960, 160, false, 1), new(5, 960, 160, true, 1),
    ];

    public override string Name => "ghostnet";

    public override string Citation => "Han et al., CVPR 2020";

    protected override ImmutableArray<NetworkOption> OwnOptions => [NetworkOption.AnyWidth("1", "0.5", "1.3")];

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.Torch(graph);
        string x = layers.Convolution("conv1", input, Scaled(16), 3, 2, activation: ActivationKind.Relu);
        for (int i = 0; i < Blocks.Length; i++)
            x = Bottleneck($"block{i + 1}", x, Blocks[i]);
        x = layers.Convolution("conv_last", x, Scaled(960), 1, activation: ActivationKind.Relu);
        x = graph.Layer("flatten", new Flatten(), [graph.Layer("pool", new GlobalAveragePool(), [x])]);
        x = graph.Relu("hidden", graph.FullyConnected("hidden", x, 1280));
        return [graph.FullyConnected("classifier", x, settings.Classes)];

        int Scaled(int channels) => ChannelRounding.ToMultipleOf(channels * settings.Width, 4);

        string Ghost(string layer, string value, int channels, ActivationKind? activation)
        {
            int primary = (channels + 1) / 2;
            string first = layers.Convolution($"{layer}/primary", value, primary, 1, activation: activation);
            string cheap = layers.Depthwise($"{layer}/cheap", first, 3, activation: activation);
            return graph.Concat(layer, first, 2 * primary == channels ? cheap : graph.Layer($"{layer}/cut", new Slice(1, 0, channels - primary, 1), [cheap]));
        }

        string Bottleneck(string block, string value, Block shape)
        {
            int expanded = Scaled(shape.Expanded), channels = Scaled(shape.Channels);
            string y = Ghost($"{block}/expand", value, expanded, ActivationKind.Relu);
            if (shape.Stride != 1)
                y = layers.Depthwise($"{block}/depthwise", y, shape.Kernel, shape.Stride);
            if (shape.Squeeze)
                y = layers.SqueezeExcite($"{block}/se", y, ChannelRounding.ToMultipleOf(expanded / 4.0, 4), ActivationKind.HardSigmoid);
            y = Ghost($"{block}/project", y, channels, null);
            string shortcut = shape.Stride == 1 && graph.TypeOf(value).Channels == channels
                ? value
                : layers.Convolution($"{block}/shortcut/pointwise", layers.Depthwise($"{block}/shortcut/depthwise", value, shape.Kernel, shape.Stride), channels, 1);
            return graph.Add($"{block}/add", y, shortcut);
        }
    }
}
