using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>The classifier under a detector.</summary>
public enum SsdBackbone
{
    /// <summary>The first object-detection network of MLPerf inference: MobileNetV1, 1×1 predictors.</summary>
    MobileNetV1,

    /// <summary>TensorFlow's detector on MobileNetV2: the first map is the wide one in the middle of the block that halves the image for the last time.</summary>
    MobileNetV2,

    /// <summary>Its large one: ResNet-34 without its last stage, the third not halved, 1200×1200.</summary>
    ResNet34,

    /// <summary>NVIDIA's training example: ResNet-50 without its last stage, the third not halved, 300×300.</summary>
    ResNet50,
}

/// <summary>
/// Liu et al., "SSD: Single Shot MultiBox Detector", ECCV 2016: classes and boxes from convolutions of six maps of falling size. Outputs are the predictors'
/// maps, classes first; decoding and non-maximum suppression are not layers of it.
/// </summary>
public sealed class Ssd(SsdBackbone backbone) : ImageFamily
{
    private readonly record struct Extra(int Inner, int Channels, int Stride, int Padding);

    private static readonly Extra[] ExtrasOfMobileNet = [new(256, 512, 2, 1), new(128, 256, 2, 1), new(128, 256, 2, 1), new(64, 128, 2, 1)];

    private static readonly Extra[] ExtrasOfResNet34 = [new(256, 512, 2, 1), new(256, 512, 2, 1), new(128, 256, 2, 1), new(128, 256, 2, 0), new(128, 256, 1, 0)];

    private static readonly Extra[] ExtrasOfResNet50 = [new(256, 512, 2, 1), new(256, 512, 2, 1), new(128, 256, 2, 1), new(128, 256, 1, 0), new(128, 256, 1, 0)];

    public override string Name => backbone switch
    {
        SsdBackbone.MobileNetV1 => "ssd_mobilenet_v1",
        SsdBackbone.MobileNetV2 => "ssd_mobilenet_v2",
        SsdBackbone.ResNet34 => "ssd_resnet34",
        _ => "ssd300_resnet50",
    };

    public override string Citation => "Liu et al., ECCV 2016";

    private bool IsMobile => backbone is SsdBackbone.MobileNetV1 or SsdBackbone.MobileNetV2;

    protected override ImmutableArray<NetworkOption> OwnOptions => IsMobile ? [NetworkOption.AnyWidth("1", "0.75")] : [];

    protected override int DefaultResolution(string? variant) => backbone == SsdBackbone.ResNet34 ? 1200 : 300;

    protected override int SmallestResolution => backbone switch { SsdBackbone.ResNet34 => 385, SsdBackbone.ResNet50 => 257, _ => 32 };

    protected override int DefaultClasses => IsMobile ? 91 : 81;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        bool mobile = IsMobile;
        var layers = mobile ? NormalizedLayers.TensorFlow(graph) : NormalizedLayers.Torch(graph);
        var maps = new List<string>();
        string x;
        if (backbone == SsdBackbone.MobileNetV2)
        {
            x = MobileNetV2.Features(layers, input, settings.Width);
            maps.Add("block14/expand/relu6");
        }
        else if (mobile)
        {
            var features = MobileNetV1.Features(layers, input, settings.Width);
            // The last map before the image is halved for the last time, and the last.
            maps.Add(features[^3]);
            x = features[^1];
        }
        else
        {
            var blocks = new ResidualBlocks(layers, Shortcut.ProjectionWhereNeeded);
            x = ResNet.Stem(layers, input);
            x = ResNet.ThreeStages(blocks, x, backbone == SsdBackbone.ResNet34 ? 34 : 50);
        }
        maps.Add(x);
        Extra[] extras = mobile ? ExtrasOfMobileNet : backbone == SsdBackbone.ResNet34 ? ExtrasOfResNet34 : ExtrasOfResNet50;
        for (int i = 0; i < extras.Length; i++)
        {
            x = Added($"extra{i + 1}", x, extras[i]);
            maps.Add(x);
        }
        var classes = new List<string>();
        var boxes = new List<string>();
        for (int i = 0; i < maps.Count; i++)
        {
            int anchors = mobile ? (i == 0 ? 3 : 6) : i is 0 or 4 or 5 ? 4 : 6;
            // The large one's predictors skip two of three, later one of two positions.
            int stride = backbone != SsdBackbone.ResNet34 ? 1 : i < 2 ? 3 : 2;
            int kernel = mobile ? 1 : 3;
            classes.Add(graph.Convolution($"classes{i + 1}", maps[i], anchors * settings.Classes, kernel, stride, kernel / 2, bias: true));
            boxes.Add(graph.Convolution($"boxes{i + 1}", maps[i], anchors * 4, kernel, stride, kernel / 2, bias: true));
        }
        return [.. classes, .. boxes];

        string Added(string block, string value, Extra extra)
        {
            if (mobile)
            {
                string y = layers.Convolution($"{block}/reduce", value, Scaled(extra.Inner), 1, activation: ActivationKind.Relu6);
                return layers.Convolution($"{block}/down", y, Scaled(extra.Channels), 3, extra.Stride, activation: ActivationKind.Relu6);
            }
            string inner = graph.BiasedRelu($"{block}/reduce", value, extra.Inner, 1);
            return graph.BiasedRelu($"{block}/down", inner, extra.Channels, 3, extra.Stride, extra.Padding);
        }

        int Scaled(int channels) => Math.Max(8, (int)(channels * settings.Width));
    }
}
