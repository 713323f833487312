using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// ResNeXt 32×4d (Xie et al., CVPR 2017) with squeeze-and-excite, r = 16 (Hu, Shen, Sun, "Squeeze-and-Excitation Networks", CVPR 2018, Table 2).
/// The 3×3 halves the image.
/// </summary>
public sealed class SeResNeXt(int depth) : ImageFamily
{
    public override string Name => $"se_resnext{depth}";

    public override string Citation => "Hu et al., CVPR 2018";

    protected override ImmutableArray<NetworkOption> OwnOptions =>
        [NetworkOption.Choice(NetworkOption.Variant, "groups × channels of a group in the first stage", "32x4d")];

    protected override int SmallestResolution => 32;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.Torch(graph);
        var blocks = new ResidualBlocks(layers, Shortcut.ProjectionWhereNeeded) { Groups = 32, SqueezeRatio = 16 };
        return [graph.Classifier(ResNet.Bottlenecks(blocks, ResNet.Stem(layers, input), depth, inner: 128), settings.Classes)];
    }
}
