using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Hu, Shen, Sun, "Squeeze-and-Excitation Networks", CVPR 2018, Table 1: ResNet with every bottleneck gated, r = 16, the gate's two
/// layers with biases. The authors' Caffe models halve the image in the first 1×1; timm's <c>seresnet</c> models in the 3×3.
/// </summary>
public sealed class SeResNet(int depth) : ImageFamily
{
    public override string Name => $"se_resnet{depth}";

    public override string Citation => "Hu et al., CVPR 2018";

    protected override ImmutableArray<NetworkOption> OwnOptions => [ResidualBlocks.StrideOption("1x1", "3x3")];

    protected override int SmallestResolution => 32;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.Torch(graph);
        var blocks = new ResidualBlocks(layers, Shortcut.ProjectionWhereNeeded) { StrideOnFirst = settings["stride"] == "1x1", SqueezeRatio = 16 };
        return [graph.Classifier(ResNet.Bottlenecks(blocks, ResNet.Stem(layers, input), depth), settings.Classes)];
    }
}
