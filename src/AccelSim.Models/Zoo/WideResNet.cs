using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Zagoruyko and Komodakis, "Wide Residual Networks", BMVC 2016, Table 8: ResNet whose bottlenecks have a 3×3 twice as wide. The 3×3 halves the image.
/// </summary>
public sealed class WideResNet(int depth) : ImageFamily
{
    public override string Name => $"wide_resnet{depth}_2";

    public override string Citation => "Zagoruyko and Komodakis, BMVC 2016";

    protected override int SmallestResolution => 32;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.Torch(graph);
        var blocks = new ResidualBlocks(layers, Shortcut.ProjectionWhereNeeded);
        return [graph.Classifier(ResNet.Bottlenecks(blocks, ResNet.Stem(layers, input), depth, inner: 128), settings.Classes)];
    }
}
