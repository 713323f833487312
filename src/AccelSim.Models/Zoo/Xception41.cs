using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// The 41-layer Xception of Chen et al., "Encoder-Decoder with Atrous Separable Convolution for Semantic Image Segmentation", ECCV 2018, Figure 4, as a
/// classifier: three separable layers a module, the last of which halves the image; depthwise layers are normalized too.
/// </summary>
public sealed class Xception41 : ImageFamily
{
    public override string Name => "xception41";

    public override string Citation => "Chen et al., ECCV 2018";

    protected override int DefaultResolution(string? variant) => 299;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.Torch(graph);
        string x = layers.Convolution("entry1/conv1", input, 32, 3, 2, activation: ActivationKind.Relu);
        x = layers.Convolution("entry1/conv2", x, 64, 3, activation: ActivationKind.Relu);
        x = Module("entry2", x, [128, 128, 128], 2);
        x = Module("entry3", x, [256, 256, 256], 2);
        x = Module("entry4", x, [728, 728, 728], 2);
        for (int module = 1; module <= 8; module++)
            x = Module($"middle{module}", x, [728, 728, 728], 1);
        x = Module("exit1", x, [728, 1024, 1024], 2);
        int[] last = [1536, 1536, 2048];
        for (int i = 0; i < last.Length; i++)
            x = Separable($"exit2/sep{i + 1}", x, last[i], 1, rectified: true);
        return [graph.Classifier(x, settings.Classes)];

        string Module(string block, string value, int[] widths, int stride)
        {
            string y = value;
            for (int i = 0; i < widths.Length; i++)
                y = Separable($"{block}/sep{i + 1}", graph.Relu($"{block}/sep{i + 1}/in", y), widths[i], i == widths.Length - 1 ? stride : 1, rectified: false);
            return graph.Add($"{block}/add", y, stride == 1 ? value : layers.Convolution($"{block}/shortcut", value, widths[^1], 1, stride));
        }

        // Between the two halves an activation only in the last module, as released.
        string Separable(string layer, string value, int channels, int stride, bool rectified)
        {
            ActivationKind? activation = rectified ? ActivationKind.Relu : null;
            return layers.Convolution($"{layer}/pointwise", layers.Depthwise($"{layer}/depthwise", value, 3, stride, activation), channels, 1, activation: activation);
        }
    }
}
