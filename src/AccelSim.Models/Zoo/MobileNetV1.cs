using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications", arXiv:1704.04861, Table 1:
/// a convolution, thirteen depthwise-separable blocks, pooling, a classifier. Channels are truncated, at least 8, as in TF-slim.
/// </summary>
public sealed class MobileNetV1 : NetworkFamily
{
    /// <summary>Output channels and stride of each block.</summary>
    private static readonly (int Channels, int Stride)[] Blocks =
    [
        (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2),
        (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1),
    ];

    public override string Name => "mobilenet_v1";

    public override string Citation => "Howard et al., arXiv:1704.04861";

    public override bool HasWidth => true;

    protected override string Define(GraphBuilder graph, string image, string? variant, double width, int classes)
    {
        string x = Clamped("conv1", graph.Convolution("conv1", image, Scaled(32), 3, 2));
        for (int i = 0; i < Blocks.Length; i++)
        {
            string block = $"block{i + 1}";
            int input = graph.TypeOf(x).Channels;
            x = Clamped($"{block}/depthwise", graph.Convolution($"{block}/depthwise", x, input, 3, Blocks[i].Stride, groups: input));
            x = Clamped($"{block}/pointwise", graph.Convolution($"{block}/pointwise", x, Scaled(Blocks[i].Channels), 1));
        }
        x = graph.Layer("pool", new GlobalAveragePool(), [x]);
        return graph.FullyConnected("classifier", graph.Layer("flatten", new Flatten(), [x]), classes);

        int Scaled(int channels) => Math.Max(8, (int)(channels * width));

        string Clamped(string layer, string value) =>
            graph.Activation($"{layer}/relu6", graph.BatchNormalization($"{layer}/bn", value, 1e-3), ActivationKind.Relu6);
    }
}
