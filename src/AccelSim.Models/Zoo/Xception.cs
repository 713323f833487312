using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", CVPR 2017, Figure 5. The paper's layers filter each channel
/// first and mix after; section 1.2 notes that Inception's "extreme" form mixes first. <c>order</c> chooses; nothing stands between the two.
/// </summary>
public sealed class Xception : ImageFamily
{
    public override string Name => "xception";

    public override string Citation => "Chollet, CVPR 2017";

    protected override ImmutableArray<NetworkOption> OwnOptions =>
        [NetworkOption.Choice("order", "which half of a separable convolution comes first", "depthwise-first", "pointwise-first")];

    protected override int DefaultResolution(string? variant) => 299;

    protected override int SmallestResolution => 71;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.TensorFlow(graph);
        bool pointwiseFirst = settings["order"] == "pointwise-first";
        string x = layers.Convolution("entry1/conv1", input, 32, 3, 2, activation: ActivationKind.Relu, valid: true);
        x = layers.Convolution("entry1/conv2", x, 64, 3, activation: ActivationKind.Relu, valid: true);
        // The first module begins right after a ReLU.
        x = Halving("entry2", x, 128, 128, rectified: true);
        x = Halving("entry3", x, 256, 256);
        x = Halving("entry4", x, 728, 728);
        for (int module = 1; module <= 8; module++)
        {
            string y = x;
            for (int layer = 1; layer <= 3; layer++)
                y = Separable($"middle{module}/sep{layer}", graph.Relu($"middle{module}/sep{layer}", y), 728);
            x = graph.Add($"middle{module}/add", y, x);
        }
        x = Halving("exit1", x, 728, 1024);
        x = graph.Relu("exit2/sep1/out", Separable("exit2/sep1", x, 1536));
        x = graph.Relu("exit2/sep2/out", Separable("exit2/sep2", x, 2048));
        return [graph.Classifier(x, settings.Classes)];

        string Halving(string block, string value, int first, int second, bool rectified = false)
        {
            string y = Separable($"{block}/sep1", rectified ? value : graph.Relu($"{block}/sep1", value), first);
            y = Separable($"{block}/sep2", graph.Relu($"{block}/sep2", y), second);
            y = graph.MaxPoolSame($"{block}/pool", y, 3, 2);
            return graph.Add($"{block}/add", y, layers.Convolution($"{block}/shortcut", value, second, 1, 2));
        }

        string Separable(string layer, string value, int channels) => layers.Separable(layer, value, channels, 3, pointwiseFirst: pointwiseFirst);
    }
}
