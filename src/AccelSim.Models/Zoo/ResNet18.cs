using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, Table 1, with projection shortcuts where the
/// shape changes (option B). <c>plain</c> has no shortcuts (plain-18).
/// </summary>
public sealed class ResNet18 : NetworkFamily
{
    public override string Name => "resnet18";

    public override string Citation => "He et al., CVPR 2016";

    public override IReadOnlyList<string> Variants => ["residual", "plain"];

    public override int SmallestResolution => 32;

    protected override string Define(GraphBuilder graph, string image, string? variant, double width, int classes)
    {
        string x = Relu("conv1", Normalized("conv1", image, 64, 7, 2));
        x = graph.Layer("maxpool", new MaxPool(Size2.Square(3), Size2.Square(2), Padding.All(1)), [x]);
        for (int stage = 0; stage < 4; stage++)
        {
            for (int block = 0; block < 2; block++)
                x = Block($"stage{stage + 1}/block{block + 1}", x, 64 << stage, stage > 0 && block == 0 ? 2 : 1);
        }
        x = graph.Layer("pool", new GlobalAveragePool(), [x]);
        return graph.FullyConnected("classifier", graph.Layer("flatten", new Flatten(), [x]), classes);

        string Block(string block, string input, int channels, int stride)
        {
            string y = Relu($"{block}/conv1", Normalized($"{block}/conv1", input, channels, 3, stride));
            y = Normalized($"{block}/conv2", y, channels, 3, 1);
            if (variant == "plain")
                return Relu(block, y);
            string shortcut = stride == 1 && graph.TypeOf(input).Channels == channels ? input : Normalized($"{block}/shortcut", input, channels, 1, stride);
            return Relu(block, graph.Layer($"{block}/add", new Add(), [y, shortcut]));
        }

        string Normalized(string layer, string input, int channels, int kernel, int stride) =>
            graph.BatchNormalization($"{layer}/bn", graph.Convolution(layer, input, channels, kernel, stride, padding: kernel / 2), 1e-5);

        string Relu(string layer, string input) => graph.Activation($"{layer}/relu", input, ActivationKind.Relu);
    }
}
