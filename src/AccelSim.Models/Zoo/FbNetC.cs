using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Wu et al., "FBNet: Hardware-Aware Efficient ConvNet Design via Differentiable Neural Architecture Search", CVPR 2019, the network FBNet-C of
/// Figure 4 in the form of its released weights (no group convolutions, a head of 1984 channels).
/// </summary>
public sealed class FbNetC : ImageFamily
{
    private static readonly (int Kernel, int Expansion, int Channels, int Repeats, int Stride)[] Blocks =
    [
        (3, 1, 16, 1, 1),
        (3, 6, 24, 1, 2), (3, 1, 24, 2, 1),
        (5, 6, 32, 1, 2), (5, 3, 32, 1, 1), (5, 6, 32, 1, 1), (3, 6, 32, 1, 1),
        (5, 6, 64, 1, 2), (5, 3, 64, 1, 1), (5, 6, 64, 2, 1),
        (5, 6, 112, 3, 1), (5, 3, 112, 1, 1),
        (5, 6, 184, 4, 2),
        (3, 6, 352, 1, 1),
    ];

    public override string Name => "fbnet_c";

    public override string Citation => "Wu et al., CVPR 2019";

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.Torch(graph);
        string x = layers.Convolution("conv1", input, 16, 3, 2, activation: ActivationKind.Relu);
        int number = 0;
        foreach (var (kernel, expansion, channels, repeats, stride) in Blocks)
        {
            for (int repeat = 0; repeat < repeats; repeat++)
                x = layers.InvertedResidual($"block{++number}", x, expansion * graph.TypeOf(x).Channels, channels, kernel, repeat == 0 ? stride : 1, ActivationKind.Relu);
        }
        return [graph.Classifier(layers.Convolution("conv_last", x, 1984, 1, activation: ActivationKind.Relu), settings.Classes)];
    }
}
