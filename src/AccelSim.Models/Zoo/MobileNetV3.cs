using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Howard et al., "Searching for MobileNetV3", ICCV 2019, Tables 1 (Large) and 2 (Small). Squeeze-and-excite narrows to a quarter of the
/// expansion, rounded to 8, with biases (the paper's released code).
/// Variants: <c>minimalistic</c> has no squeeze-and-excite, 3×3 kernels and ReLU; <c>no-se</c> only leaves squeeze-and-excite out;
/// <c>torchvision</c> scales the expanded channels and the head by the width multiplier; the others, like the paper's code, Keras and timm,
/// keep each block's expansion ratio and never narrow the head.
/// </summary>
public sealed class MobileNetV3(bool large) : NetworkFamily
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

    public override IReadOnlyList<string> Variants => ["standard", "minimalistic", "no-se", "torchvision"];

    public override bool HasWidth => true;

    protected override string Define(GraphBuilder graph, string image, string? variant, double width, int classes)
    {
        bool minimalistic = variant == "minimalistic", torchvision = variant == "torchvision";
        string x = Activated("conv1", Normalized("conv1", image, Scaled(16), 3, 2), hardSwish: true);
        var blocks = large ? Large : Small;
        int nominalInput = 16;
        for (int i = 0; i < blocks.Length; i++)
        {
            int expanded = torchvision
                ? Scaled(blocks[i].Expanded)
                : ChannelRounding.ToMultipleOf8(graph.TypeOf(x).Channels * (blocks[i].Expanded / (double)nominalInput));
            x = Block($"block{i + 1}", x, blocks[i], expanded);
            nominalInput = blocks[i].Channels;
        }
        x = Activated("conv_last", Normalized("conv_last", x, Scaled(blocks[^1].Expanded), 1), hardSwish: true);
        x = graph.Layer("flatten", new Flatten(), [graph.Layer("pool", new GlobalAveragePool(), [x])]);
        int hidden = large ? 1280 : 1024;
        x = graph.FullyConnected("hidden", x, ChannelRounding.ToMultipleOf8(hidden * (torchvision ? width : Math.Max(1, width))));
        return graph.FullyConnected("classifier", Activated("hidden", x, hardSwish: true), classes);

        string Block(string block, string input, Bottleneck bottleneck, int expanded)
        {
            int inputs = graph.TypeOf(input).Channels, channels = Scaled(bottleneck.Channels);
            int kernel = minimalistic ? 3 : bottleneck.Kernel;
            string y = input;
            if (expanded != inputs)
                y = Activated($"{block}/expand", Normalized($"{block}/expand", y, expanded, 1), bottleneck.HardSwish);
            y = Activated($"{block}/depthwise", Normalized($"{block}/depthwise", y, expanded, kernel, bottleneck.Stride, groups: expanded), bottleneck.HardSwish);
            if (bottleneck.Squeeze && variant is not ("minimalistic" or "no-se"))
                y = SqueezeExcite($"{block}/se", y, expanded);
            y = Normalized($"{block}/project", y, channels, 1);
            return bottleneck.Stride == 1 && inputs == channels ? graph.Layer($"{block}/add", new Add(), [y, input]) : y;
        }

        string SqueezeExcite(string block, string value, int channels)
        {
            string s = graph.Layer($"{block}/pool", new GlobalAveragePool(), [value]);
            s = graph.Convolution($"{block}/reduce", s, ChannelRounding.ToMultipleOf8(channels / 4.0), 1, bias: true);
            s = graph.Activation($"{block}/relu", s, ActivationKind.Relu);
            s = graph.Convolution($"{block}/expand", s, channels, 1, bias: true);
            s = graph.Activation($"{block}/hard_sigmoid", s, ActivationKind.HardSigmoid);
            return graph.Layer($"{block}/scale", new Multiply(), [value, s]);
        }

        int Scaled(int channels) => ChannelRounding.ToMultipleOf8(channels * width);

        string Normalized(string layer, string input, int channels, int kernel, int stride = 1, int groups = 1) =>
            graph.BatchNormalization($"{layer}/bn", graph.Convolution(layer, input, channels, kernel, stride, groups: groups), 1e-3);

        string Activated(string layer, string value, bool hardSwish) => hardSwish && !minimalistic
            ? graph.Activation($"{layer}/hard_swish", value, ActivationKind.HardSwish)
            : graph.Activation($"{layer}/relu", value, ActivationKind.Relu);
    }
}
