using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Szegedy, Ioffe, Vanhoucke, Alemi, "Inception-v4, Inception-ResNet and the Impact of Residual Connections on Learning", AAAI 2017, Figure 15, in the
/// sizes of the authors' released code: Inception-v3's stem, blocks of ten, twenty and ten whose sum is scaled.
/// </summary>
public sealed class InceptionResNetV2 : ImageFamily
{
    public override string Name => "inception_resnet_v2";

    public override string Citation => "Szegedy et al., AAAI 2017";

    protected override int DefaultResolution(string? variant) => 299;

    protected override int SmallestResolution => 75;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = new InceptionLayers(graph);
        string x = layers.Conv("conv1", input, 32, 3, 2, valid: true);
        x = layers.Conv("conv2", x, 32, 3, valid: true);
        x = graph.MaxPool("pool1", layers.Conv("conv3", x, 64, 3), 3, 2);
        x = layers.Conv("conv4", x, 80, 1);
        x = graph.MaxPool("pool2", layers.Conv("conv5", x, 192, 3, valid: true), 3, 2);
        x = graph.Concat(
            "mixed",
            layers.Conv("mixed/1x1", x, 96, 1),
            layers.Conv("mixed/5x5", layers.Conv("mixed/5x5_reduce", x, 48, 1), 64, 5),
            layers.Conv("mixed/3x3b", layers.Conv("mixed/3x3a", layers.Conv("mixed/3x3_reduce", x, 64, 1), 96, 3), 96, 3),
            layers.Pooled("mixed", x, 64));
        for (int block = 1; block <= 10; block++)
            x = At35($"a{block}", x);
        x = layers.To17("reduction_a", x, 384, 256, 256, 384);
        for (int block = 1; block <= 20; block++)
            x = At17($"b{block}", x);
        x = To8("reduction_b", x);
        for (int block = 1; block <= 10; block++)
            x = At8($"c{block}", x, rectified: block < 10);
        return [graph.Classifier(layers.Conv("conv_last", x, 1536, 1), settings.Classes)];

        string At35(string block, string value) => Sum(block, value, 0.17, rectified: true, graph.Concat(
            $"{block}/mix",
            layers.Conv($"{block}/1x1", value, 32, 1),
            layers.Conv($"{block}/3x3", layers.Conv($"{block}/3x3_reduce", value, 32, 1), 32, 3),
            layers.Conv($"{block}/3x3b", layers.Conv($"{block}/3x3a", layers.Conv($"{block}/3x3dbl_reduce", value, 32, 1), 48, 3), 64, 3)));

        string At17(string block, string value) => Sum(block, value, 0.1, rectified: true, graph.Concat(
            $"{block}/mix",
            layers.Conv($"{block}/1x1", value, 192, 1),
            layers.Column($"{block}/7x1", layers.Row($"{block}/1x7", layers.Conv($"{block}/7x7_reduce", value, 128, 1), 160, 7), 192, 7)));

        string At8(string block, string value, bool rectified) => Sum(block, value, rectified ? 0.2 : 1, rectified, graph.Concat(
            $"{block}/mix",
            layers.Conv($"{block}/1x1", value, 192, 1),
            layers.Column($"{block}/3x1", layers.Row($"{block}/1x3", layers.Conv($"{block}/3x3_reduce", value, 192, 1), 224, 3), 256, 3)));

        string Sum(string block, string value, double scale, bool rectified, string mixed)
        {
            string y = graph.Convolution($"{block}/up", mixed, graph.TypeOf(value).Channels, 1, bias: true);
            if (scale != 1)
                y = graph.Layer($"{block}/scale", new Activation(ActivationKind.Affine, Alpha: scale), [y]);
            y = graph.Add($"{block}/add", y, value);
            return rectified ? graph.Relu(block, y) : y;
        }

        string To8(string block, string value) => graph.Concat(
            block,
            layers.Conv($"{block}/a", layers.Conv($"{block}/a_reduce", value, 256, 1), 384, 3, 2, valid: true),
            layers.Conv($"{block}/b", layers.Conv($"{block}/b_reduce", value, 256, 1), 288, 3, 2, valid: true),
            layers.Conv($"{block}/c2", layers.Conv($"{block}/c1", layers.Conv($"{block}/c_reduce", value, 256, 1), 288, 3), 320, 3, 2, valid: true),
            graph.MaxPool($"{block}/pool", value, 3, 2));
    }
}
