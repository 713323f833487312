using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, section 4.2: 6n + 2 layers for the 32×32 images of
/// CIFAR-10, n basic blocks at each of 16, 32 and 64 channels. The paper has shortcuts of option A in all of them.
/// </summary>
public sealed class ResNetCifar(int depth) : ImageFamily
{
    public override string Name => $"resnet{depth}";

    public override string Citation => "He et al., CVPR 2016 (CIFAR-10)";

    protected override ImmutableArray<NetworkOption> OwnOptions => [ResidualBlocks.ShortcutOption("a", "b", "c")];

    protected override int DefaultResolution(string? variant) => 32;

    protected override int SmallestResolution => 8;

    protected override int DefaultClasses => 10;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.Torch(graph);
        var blocks = new ResidualBlocks(layers, ResidualBlocks.Parse(settings["shortcut"]));
        string x = layers.Convolution("conv1", input, 16, 3, activation: ActivationKind.Relu);
        for (int stage = 0; stage < 3; stage++)
        {
            for (int block = 0; block < (depth - 2) / 6; block++)
                x = blocks.Basic($"stage{stage + 1}/block{block + 1}", x, 16 << stage, stage > 0 && block == 0 ? 2 : 1);
        }
        return [graph.Classifier(x, settings.Classes)];
    }
}
