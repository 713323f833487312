using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018, Table 2. The last convolution is not
/// narrowed below 1280 channels.
/// </summary>
public sealed class MobileNetV2 : NetworkFamily
{
    /// <summary>Expansion t, channels c, repeats n, first stride s.</summary>
    private static readonly (int Expansion, int Channels, int Repeats, int Stride)[] Stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    public override string Name => "mobilenet_v2";

    public override string Citation => "Sandler et al., CVPR 2018";

    public override bool HasWidth => true;

    protected override string Define(GraphBuilder graph, string image, string? variant, double width, int classes)
    {
        string x = Clamped("conv1", graph.Convolution("conv1", image, ChannelRounding.ToMultipleOf8(32 * width), 3, 2));
        int number = 0;
        foreach (var (expansion, channels, repeats, stride) in Stages)
        {
            for (int repeat = 0; repeat < repeats; repeat++)
                x = InvertedResidual($"block{++number}", x, expansion, ChannelRounding.ToMultipleOf8(channels * width), repeat == 0 ? stride : 1);
        }
        x = Clamped("conv_last", graph.Convolution("conv_last", x, ChannelRounding.ToMultipleOf8(1280 * Math.Max(1, width)), 1));
        x = graph.Layer("pool", new GlobalAveragePool(), [x]);
        return graph.FullyConnected("classifier", graph.Layer("flatten", new Flatten(), [x]), classes);

        string InvertedResidual(string block, string input, int expansion, int channels, int stride)
        {
            int inputs = graph.TypeOf(input).Channels, expanded = inputs * expansion;
            string y = input;
            if (expansion > 1)
                y = Clamped($"{block}/expand", graph.Convolution($"{block}/expand", y, expanded, 1));
            y = Clamped($"{block}/depthwise", graph.Convolution($"{block}/depthwise", y, expanded, 3, stride, groups: expanded));
            y = Normalized($"{block}/project", graph.Convolution($"{block}/project", y, channels, 1));
            return stride == 1 && inputs == channels ? graph.Layer($"{block}/add", new Add(), [y, input]) : y;
        }

        string Normalized(string layer, string value) => graph.BatchNormalization($"{layer}/bn", value, 1e-3);

        string Clamped(string layer, string value) => graph.Activation($"{layer}/relu6", Normalized(layer, value), ActivationKind.Relu6);
    }
}
