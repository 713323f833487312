using System.Collections.Immutable;
using System.Globalization;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Xie, Girshick, Dollár, Tu, He, "Aggregated Residual Transformations for Deep Neural Networks", CVPR 2017, Table 1: ResNet whose
/// 3×3 has C groups of d channels (in the first stage), written C×d. The 3×3 halves the image, as in the authors' Torch code.
/// </summary>
public sealed class ResNeXt(int depth) : ImageFamily
{
    public override string Name => $"resnext{depth}";

    public override string Citation => "Xie et al., CVPR 2017";

    /// <summary>Tables 3 and 4 of the paper, and 32×8d of Mahajan et al., ECCV 2018 in the size that torchvision has.</summary>
    protected override ImmutableArray<NetworkOption> OwnOptions => [NetworkOption.Choice(
        NetworkOption.Variant, "groups × channels of a group in the first stage", "32x4d", "64x4d", "32x8d", "8x14d", "4x24d", "2x40d", "1x64d")];

    protected override int SmallestResolution => 32;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        int[] numbers = [.. settings.Variant.TrimEnd('d').Split('x').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        var (groups, width) = (numbers[0], numbers[1]);
        var layers = NormalizedLayers.Torch(graph);
        var blocks = new ResidualBlocks(layers, Shortcut.ProjectionWhereNeeded) { Groups = groups };
        return [graph.Classifier(ResNet.Bottlenecks(blocks, ResNet.Stem(layers, input), depth, groups * width), settings.Classes)];
    }
}
