using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Szegedy, Vanhoucke, Ioffe, Shlens, Wojna, "Rethinking the Inception Architecture for Computer Vision", CVPR 2016, Figures 5 to 7 and
/// 10, in the sizes of the authors' released code: 7×7 and 3×3 kernels are split into rows and columns.
/// </summary>
public sealed class InceptionV3 : ImageFamily
{
    public override string Name => "inception_v3";

    public override string Citation => "Szegedy et al., CVPR 2016";

    protected override ImmutableArray<NetworkOption> OwnOptions => [NetworkOption.Choice("aux", "the auxiliary classifier, which training uses", "off", "on")];

    protected override int DefaultResolution(string? variant) => 299;

    protected override int SmallestResolution => 75;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = new NormalizedLayers(graph, 1e-3, same: false);
        string x = Conv("conv1", input, 32, 3, 2, valid: true);
        x = Conv("conv2", x, 32, 3, valid: true);
        x = graph.MaxPool("pool1", Conv("conv3", x, 64, 3), 3, 2);
        x = Conv("conv4", x, 80, 1);
        x = graph.MaxPool("pool2", Conv("conv5", x, 192, 3, valid: true), 3, 2);
        x = At35("mixed1", x, 32);
        x = At35("mixed2", x, 64);
        x = At35("mixed3", x, 64);
        x = To17("mixed4", x);
        x = At17("mixed5", x, 128);
        x = At17("mixed6", x, 160);
        x = At17("mixed7", x, 160);
        x = At17("mixed8", x, 192);
        string? auxiliary = settings.IsOn("aux") ? Auxiliary("aux", x) : null;
        x = To8("mixed9", x);
        x = At8("mixed10", x);
        x = At8("mixed11", x);
        string logits = graph.Classifier(x, settings.Classes);
        return auxiliary is null ? [logits] : [logits, auxiliary];

        // Figure 5, with 5×5 whole in the second branch as released.
        string At35(string block, string value, int pooled) => graph.Concat(
            block,
            Conv($"{block}/1x1", value, 64, 1),
            Conv($"{block}/5x5", Conv($"{block}/5x5_reduce", value, 48, 1), 64, 5),
            Conv($"{block}/3x3b", Conv($"{block}/3x3a", Conv($"{block}/3x3_reduce", value, 64, 1), 96, 3), 96, 3),
            Pooled(block, value, pooled));

        // Figure 10.
        string To17(string block, string value) => graph.Concat(
            block,
            Conv($"{block}/3x3", value, 384, 3, 2, valid: true),
            Conv($"{block}/3x3c", Conv($"{block}/3x3b", Conv($"{block}/3x3_reduce", value, 64, 1), 96, 3), 96, 3, 2, valid: true),
            graph.MaxPool($"{block}/pool", value, 3, 2));

        // Figure 6 with n = 7.
        string At17(string block, string value, int inner)
        {
            string single = Conv($"{block}/7x7_reduce", value, inner, 1);
            single = Column($"{block}/7x1", Row($"{block}/1x7", single, inner), 192);
            string twice = Conv($"{block}/7x7dbl_reduce", value, inner, 1);
            twice = Row($"{block}/1x7a", Column($"{block}/7x1a", twice, inner), inner);
            twice = Row($"{block}/1x7b", Column($"{block}/7x1b", twice, inner), 192);
            return graph.Concat(block, Conv($"{block}/1x1", value, 192, 1), single, twice, Pooled(block, value, 192));
        }

        string To8(string block, string value)
        {
            string seven = Conv($"{block}/7x7_reduce", value, 192, 1);
            seven = Column($"{block}/7x1", Row($"{block}/1x7", seven, 192), 192);
            return graph.Concat(
                block,
                Conv($"{block}/3x3", Conv($"{block}/3x3_reduce", value, 192, 1), 320, 3, 2, valid: true),
                Conv($"{block}/7x7_3x3", seven, 192, 3, 2, valid: true),
                graph.MaxPool($"{block}/pool", value, 3, 2));
        }

        // Figure 7.
        string At8(string block, string value)
        {
            string three = Conv($"{block}/3x3_reduce", value, 384, 1);
            string twice = Conv($"{block}/3x3dbl", Conv($"{block}/3x3dbl_reduce", value, 448, 1), 384, 3);
            return graph.Concat(
                block,
                Conv($"{block}/1x1", value, 320, 1),
                Rectangle($"{block}/1x3", three, 384, 1, 3), Rectangle($"{block}/3x1", three, 384, 3, 1),
                Rectangle($"{block}/dbl_1x3", twice, 384, 1, 3), Rectangle($"{block}/dbl_3x1", twice, 384, 3, 1),
                Pooled(block, value, 192));
        }

        string Auxiliary(string head, string value)
        {
            string y = graph.Layer($"{head}/mean", new AveragePool(Size2.Square(5), Size2.Square(3), Padding.None), [value]);
            // The kernel covers the 5×5 that is left of a 299 image, or what there is of a smaller one.
            y = Conv($"{head}/conv1", y, 128, 1);
            y = Conv($"{head}/conv2", y, 768, Math.Min(5, graph.TypeOf(y).Image.Height), valid: true);
            return graph.Classifier(y, settings.Classes, $"{head}/classifier");
        }

        string Pooled(string block, string value, int channels) => Conv($"{block}/pool_proj", graph.AveragePoolSame($"{block}/pool", value, 3, 1), channels, 1);

        string Row(string layer, string value, int channels) => Rectangle(layer, value, channels, 1, 7);

        string Column(string layer, string value, int channels) => Rectangle(layer, value, channels, 7, 1);

        string Rectangle(string layer, string value, int channels, int height, int width) =>
            layers.Convolution(layer, value, channels, new Size2(height, width), activation: ActivationKind.Relu);

        string Conv(string layer, string value, int channels, int kernel, int stride = 1, bool valid = false) =>
            layers.Convolution(layer, value, channels, kernel, stride, activation: ActivationKind.Relu, valid: valid);
    }
}
