using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Szegedy, Ioffe, Vanhoucke, Alemi, "Inception-v4, Inception-ResNet and the Impact of Residual Connections on Learning", AAAI 2017, Figures 3 to 9.
/// </summary>
public sealed class InceptionV4 : ImageFamily
{
    public override string Name => "inception_v4";

    public override string Citation => "Szegedy et al., AAAI 2017";

    protected override int DefaultResolution(string? variant) => 299;

    protected override int SmallestResolution => 75;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = new InceptionLayers(graph);
        string x = layers.Conv("conv1", input, 32, 3, 2, valid: true);
        x = layers.Conv("conv2", x, 32, 3, valid: true);
        x = layers.Conv("conv3", x, 64, 3);
        x = graph.Concat("stem1", graph.MaxPool("stem1/pool", x, 3, 2), layers.Conv("stem1/3x3", x, 96, 3, 2, valid: true));
        string left = layers.Conv("stem2/3x3", layers.Conv("stem2/reduce", x, 64, 1), 96, 3, valid: true);
        string right = layers.Conv("stem2/7_reduce", x, 64, 1);
        right = layers.Conv("stem2/7_3x3", layers.Column("stem2/7x1", layers.Row("stem2/1x7", right, 64, 7), 64, 7), 96, 3, valid: true);
        x = graph.Concat("stem2", left, right);
        x = graph.Concat("stem3", layers.Conv("stem3/3x3", x, 192, 3, 2, valid: true), graph.MaxPool("stem3/pool", x, 3, 2));
        for (int block = 1; block <= 4; block++)
            x = At35($"a{block}", x);
        x = layers.To17("reduction_a", x, 384, 192, 224, 256);
        for (int block = 1; block <= 7; block++)
            x = At17($"b{block}", x);
        x = To8("reduction_b", x);
        for (int block = 1; block <= 3; block++)
            x = At8($"c{block}", x);
        return [graph.Classifier(x, settings.Classes)];

        // Figure 4.
        string At35(string block, string value) => graph.Concat(
            block,
            layers.Conv($"{block}/1x1", value, 96, 1),
            layers.Conv($"{block}/3x3", layers.Conv($"{block}/3x3_reduce", value, 64, 1), 96, 3),
            layers.Conv($"{block}/3x3b", layers.Conv($"{block}/3x3a", layers.Conv($"{block}/3x3dbl_reduce", value, 64, 1), 96, 3), 96, 3),
            layers.Pooled(block, value, 96));

        // Figure 5.
        string At17(string block, string value)
        {
            string single = layers.Conv($"{block}/7x7_reduce", value, 192, 1);
            single = layers.Column($"{block}/7x1", layers.Row($"{block}/1x7", single, 224, 7), 256, 7);
            string twice = layers.Conv($"{block}/7x7dbl_reduce", value, 192, 1);
            twice = layers.Row($"{block}/1x7a", layers.Column($"{block}/7x1a", twice, 192, 7), 224, 7);
            twice = layers.Row($"{block}/1x7b", layers.Column($"{block}/7x1b", twice, 224, 7), 256, 7);
            return graph.Concat(block, layers.Conv($"{block}/1x1", value, 384, 1), single, twice, layers.Pooled(block, value, 128));
        }

        // Figure 8.
        string To8(string block, string value)
        {
            string three = layers.Conv($"{block}/3x3", layers.Conv($"{block}/3x3_reduce", value, 192, 1), 192, 3, 2, valid: true);
            string seven = layers.Row($"{block}/1x7", layers.Conv($"{block}/7x7_reduce", value, 256, 1), 256, 7);
            seven = layers.Conv($"{block}/7x7_3x3", layers.Column($"{block}/7x1", seven, 320, 7), 320, 3, 2, valid: true);
            return graph.Concat(block, three, seven, graph.MaxPool($"{block}/pool", value, 3, 2));
        }

        // Figure 6.
        string At8(string block, string value)
        {
            string three = layers.Conv($"{block}/3x3_reduce", value, 384, 1);
            string twice = layers.Row($"{block}/1x3a", layers.Column($"{block}/3x1a", layers.Conv($"{block}/3x3dbl_reduce", value, 384, 1), 448, 3), 512, 3);
            return graph.Concat(
                block,
                layers.Conv($"{block}/1x1", value, 256, 1),
                layers.Row($"{block}/1x3", three, 256, 3), layers.Column($"{block}/3x1", three, 256, 3),
                layers.Row($"{block}/dbl_1x3", twice, 256, 3), layers.Column($"{block}/dbl_3x1", twice, 256, 3),
                layers.Pooled(block, value, 256));
        }
    }
}
